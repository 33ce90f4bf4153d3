"""Writes preference.json and preference-gradients.safetensors into test/fixtures/llama-tiny: direct preference optimisation of
its adapters by PyTorch and PEFT, with the loss as TRL's DPOTrainer computes it (`loss_type="sigmoid"`).

    python bench/peers/preference_goldens.py [FIXTURE_FOLDER]

Needs what llama_goldens.py wrote. test/fixtures/README.md describes the files.
"""

import random
import sys
from pathlib import Path

import peft
import torch
import torch.nn.functional as functional
import transformers
from safetensors.torch import save_file

from llama_goldens import LEARNING_RATE, mask, random_tokens, read_base, saved_name, trainable, with_adapter, write_json

BETA = 0.1
LABEL_SMOOTHING = 0.1
STEPS = 10
PAIRS_OF_STEP = 3
SEED = 77


def random_pair(rng: random.Random, prompt: list[int]) -> dict:
    """Two answers to one prompt: what is trained starts at the answer."""
    answers = [random_tokens(rng, rng.randrange(1, 7)) for _ in range(2)]
    chosen, rejected = (
        {"tokens": prompt + answer, "trained": mask(len(prompt) + len(answer), (len(prompt), len(prompt) + len(answer)))}
        for answer in answers
    )
    return {**chosen, "rejected": rejected}


def answer_log_probability(model: torch.nn.Module, sequence: dict) -> torch.Tensor:
    """Sum of log p over the trained tokens, one sequence at a time: no padding, no shared prefix."""
    tokens = torch.tensor(sequence["tokens"])
    log_probabilities = model(tokens[None]).logits[0, :-1].log_softmax(-1)
    of_targets = log_probabilities.gather(1, tokens[1:, None])[:, 0]
    return of_targets[torch.tensor(sequence["trained"][1:])].sum()


def log_ratio(model: torch.nn.Module, pair: dict) -> torch.Tensor:
    return answer_log_probability(model, pair) - answer_log_probability(model, pair["rejected"])


def margins(model: torch.nn.Module, pairs: list[dict], references: list[list[float]]) -> torch.Tensor:
    ratios = torch.stack([log_ratio(model, pair) for pair in pairs])
    return BETA * (ratios - torch.tensor([chosen - rejected for chosen, rejected in references]))


def losses(margin: torch.Tensor, smoothing: float) -> torch.Tensor:
    """trl/trainer/dpo_trainer.py, `loss_type == "sigmoid"`, with delta scores times beta for `margin`."""
    return -functional.logsigmoid(margin) * (1 - smoothing) - functional.logsigmoid(-margin) * smoothing


def references_of(model: torch.nn.Module, pairs: list[dict]) -> list[list[float]]:
    with torch.no_grad():
        return [
            [answer_log_probability(model, pair).item(), answer_log_probability(model, pair["rejected"]).item()]
            for pair in pairs
        ]


def batch_goldens(folder: Path, pairs: list[dict]) -> dict:
    """The reference is the base, so that the margins of the random adapter are far from 0."""
    references = references_of(read_base(folder), pairs)
    model = with_adapter(folder, "adapter")
    margin = margins(model, pairs, references)
    loss = losses(margin, LABEL_SMOOTHING).mean()
    loss.backward()
    gradients = {saved_name(name): parameter.grad.contiguous() for name, parameter in trainable(model).items()}
    assert all(gradient.abs().max() > 1e-5 for gradient in gradients.values()), "a degenerate gradient"
    save_file(gradients, folder / "preference-gradients.safetensors")
    return {
        "references": references,
        "labelSmoothing": LABEL_SMOOTHING,
        "margins": margin.tolist(),
        "loss": loss.item(),
        "gradients": "preference-gradients.safetensors",
    }


def training_goldens(folder: Path, pairs: list[dict], rng: random.Random) -> dict:
    """Ten steps from `adapter`, which is the reference too."""
    model = with_adapter(folder, "adapter")
    references = references_of(model, pairs)
    parameters = list(trainable(model).values())
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    steps = []
    for _ in range(STEPS):
        members = rng.sample(range(len(pairs)), PAIRS_OF_STEP)
        optimizer.zero_grad()
        margin = margins(model, [pairs[index] for index in members], [references[index] for index in members])
        loss = losses(margin, 0.0).mean()
        loss.backward()
        optimizer.step()
        steps.append({"pairs": members, "loss": loss.item(), "rewardMargin": margin.mean().item()})
    return {"learningRate": LEARNING_RATE, "weightDecay": 0.01, "references": references, "steps": steps}


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    default = Path(__file__).parents[2] / "test" / "fixtures" / "llama-tiny"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    rng = random.Random(SEED)
    system = random_tokens(rng, 5)
    pairs = [random_pair(rng, system + random_tokens(rng, length)) for length in (3, 40, 9, 21, 4, 30)]
    write_json(
        folder / "preference.json",
        {
            "schema": 1,
            "madeBy": {
                "script": "bench/peers/preference_goldens.py",
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "peft": peft.__version__,
            },
            "beta": BETA,
            "pairs": pairs,
            "batch": batch_goldens(folder, pairs),
            "training": training_goldens(folder, pairs, rng),
        },
    )


if __name__ == "__main__":
    main()
