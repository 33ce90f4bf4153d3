"""Examples as tokens and a loss mask, and the padded batches that transformers computes its loss from.

An example is `{"tokens": [int], "trained": [bool]}`: `trained[i]` says that token i carries loss, that is, that the
model is asked to predict token i from the tokens before it. `trained[0]` is therefore always false.
"""

from dataclasses import dataclass

import torch

IGNORED_LABEL = -100
"""The label that torch's cross entropy leaves out."""


@dataclass(frozen=True)
class Example:
    tokens: list[int]
    trained: list[bool]

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.trained):
            raise ValueError(f"{len(self.tokens)} tokens but {len(self.trained)} mask values")
        if not any(self.trained):
            raise ValueError("an example without a trained token")
        if self.trained[0]:
            raise ValueError("the first token cannot be predicted, so it cannot be trained")

    def to_json(self) -> dict[str, list]:
        return {"tokens": self.tokens, "trained": self.trained}

    @property
    def trained_count(self) -> int:
        return sum(self.trained)


def examples_from_json(records: list[dict[str, list]]) -> list[Example]:
    return [Example(list(map(int, record["tokens"])), list(map(bool, record["trained"]))) for record in records]


def padded_batch(examples: list[Example], padding_token: int = 0) -> dict[str, torch.Tensor]:
    """input_ids, attention_mask and labels, each [batch, longest], padded on the right."""
    longest = max(len(example.tokens) for example in examples)
    input_ids = torch.full((len(examples), longest), padding_token, dtype=torch.long)
    attention_mask = torch.zeros((len(examples), longest), dtype=torch.long)
    labels = torch.full((len(examples), longest), IGNORED_LABEL, dtype=torch.long)
    for row, example in enumerate(examples):
        length = len(example.tokens)
        tokens = torch.tensor(example.tokens)
        input_ids[row, :length] = tokens
        attention_mask[row, :length] = 1
        labels[row, :length] = torch.where(torch.tensor(example.trained), tokens, IGNORED_LABEL)
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


def summed_over(model: torch.nn.Module, examples: list[Example], trained_tokens: int) -> torch.Tensor:
    """The loss of the examples, summed over their trained tokens and divided by `trained_tokens`."""
    return model(**padded_batch(examples), num_items_in_batch=torch.tensor(trained_tokens)).loss


def mean_loss(model: torch.nn.Module, examples: list[Example]) -> torch.Tensor:
    """transformers' own loss: the mean of the cross entropy over all trained tokens of the batch."""
    return model(**padded_batch(examples)).loss


def trained_tokens(examples: list[Example]) -> int:
    return sum(example.trained_count for example in examples)


def common_prefix_length(examples: list[Example]) -> int:
    """How many tokens all examples start with."""
    shortest = min(len(example.tokens) for example in examples)
    for position in range(shortest):
        if len({example.tokens[position] for example in examples}) > 1:
            return position
    return shortest
