"""Writes the folders of test/fixtures: tiny random models of each architecture with LoRA adapters, and the numbers that
PyTorch, transformers and PEFT compute with them. test/fixtures/README.md describes every file.

    python bench/peers/model_goldens.py [OUTPUT_FOLDER [FIXTURE...]]
"""

import json
import random
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, PreTrainedModel

from batches import (
    Example,
    common_prefix_length,
    mean_loss,
    padded_batch,
    summed_over,
    trained_tokens,
)

PREFIX_LENGTH = 7
LINEAR_MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
PHI_MODULES = ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
LEARNING_RATE = 1e-2
WARMUP_STEPS = 3
TRAINING_STEPS = 30
ACCUMULATION_STEPS = 5
CLIP_EVERY_STEP = 1.0
CLIP_SOME_STEPS = 2.75
"""AdamW hides a gradient that is scaled alike at every step, so one of the two runs must clip some steps only."""
GENERATED_TOKENS = 20


@dataclass(frozen=True)
class Fixture:
    name: str
    architecture: str
    """Class of transformers, without `ForCausalLM`."""
    seed: int
    config: dict
    modules: list[str] = field(default_factory=lambda: LINEAR_MODULES)
    vocabulary: int = 59
    older_keys: tuple[str, ...] = ()
    """Fields that config.json gets in place of `rope_parameters` and `dtype`, as transformers before 5 and most
    published models have them."""
    trained: bool = False
    """Also writes 30 steps of training, and keeps the weights in F32 instead of BF16."""
    generated_tokens: int = GENERATED_TOKENS
    changes_when_long: bool = False
    """The model computes all tokens of a long sequence otherwise, so that a padded batch is not its examples."""


SHAPE = {
    "hidden_size": 32,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    "tie_word_embeddings": True,
}
LLAMA_SHAPE = SHAPE | {"intermediate_size": 48, "num_hidden_layers": 3, "pad_token_id": None}


def rope(theta: float, **fields) -> dict:
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | fields}


LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
LONG_ROPE = {
    "rope_type": "longrope",
    "partial_rotary_factor": 0.75,
    "original_max_position_embeddings": 16,
    "short_factor": [1.0, 1.1, 1.3],
    "long_factor": [1.5, 2.5, 4.0],
}
GEMMA_ROPE = {
    "rope_parameters": {
        "sliding_attention": {"rope_type": "default", "rope_theta": 1000.0},
        "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 50000.0},
    }
}

FIXTURES = [
    Fixture(
        "llama-tiny",
        "Llama",
        11,
        LLAMA_SHAPE | {"head_dim": 8, "rms_norm_eps": 1e-5} | rope(10000.0),
        vocabulary=97,
        older_keys=("rope_theta", "torch_dtype"),
        trained=True,
    ),
    Fixture(
        "llama-tiny-untied",
        "Llama",
        25,
        LLAMA_SHAPE | {"head_dim": 16, "rms_norm_eps": 1e-6, "tie_word_embeddings": False} | rope(50000.0),
        vocabulary=97,
        trained=True,
    ),
    Fixture(
        "llama3-tiny",
        "Llama",
        31,
        SHAPE | {"attention_bias": True, "mlp_bias": True} | rope(500.0, **LLAMA3),
        older_keys=("rope_theta", "rope_scaling", "torch_dtype"),
    ),
    Fixture("llama-linear-tiny", "Llama", 32, SHAPE | rope(10000.0, rope_type="linear", factor=4.0)),
    Fixture(
        "mistral-tiny",
        "Mistral",
        43,
        SHAPE | {"sliding_window": 5, "tie_word_embeddings": False} | rope(10000.0),
        older_keys=("rope_theta", "torch_dtype"),
    ),
    Fixture(
        "mistral-full-tiny",
        "Mistral",
        44,
        SHAPE | {"sliding_window": None, "head_dim": 16, "tie_word_embeddings": False} | rope(10000.0),
        older_keys=("rope_theta", "torch_dtype"),
    ),
    Fixture("qwen2-tiny", "Qwen2", 34, SHAPE | {"use_sliding_window": False, "sliding_window": 4} | rope(10000.0)),
    Fixture(
        "qwen2-window-tiny",
        "Qwen2",
        45,
        SHAPE | {"use_sliding_window": True, "sliding_window": 5, "max_window_layers": 1} | rope(10000.0),
    ),
    Fixture(
        "qwen3-tiny",
        "Qwen3",
        46,
        SHAPE | {"head_dim": 16, "attention_bias": False} | rope(10000.0),
        older_keys=("rope_theta", "torch_dtype"),
    ),
    Fixture(
        "gemma3-tiny",
        "Gemma3",
        37,
        SHAPE
        | {"num_key_value_heads": 1, "num_hidden_layers": 3, "query_pre_attn_scalar": 24}
        | {"intermediate_size": 24, "head_dim": 8}
        | {"sliding_window": 5, "layer_types": ["sliding_attention", "full_attention", "sliding_attention"]}
        | GEMMA_ROPE,
    ),
    Fixture(
        "gemma3-older-tiny",
        "Gemma3",
        38,
        SHAPE
        | {"head_dim": 8, "query_pre_attn_scalar": 8, "sliding_window": 6, "sliding_window_pattern": 2}
        | GEMMA_ROPE,
        older_keys=("rope_theta", "rope_local_base_freq", "rope_scaling", "sliding_window_pattern", "torch_dtype"),
    ),
    Fixture(
        "phi3-tiny",
        "Phi3",
        39,
        SHAPE | {"sliding_window": 9} | rope(10000.0),
        modules=PHI_MODULES,
        older_keys=("rope_theta", "torch_dtype"),
    ),
    Fixture(
        "phi4-tiny",
        "Phi3",
        40,
        SHAPE | {"original_max_position_embeddings": 16} | rope(10000.0, **LONG_ROPE),
        modules=PHI_MODULES,
        generated_tokens=8,
        changes_when_long=True,
    ),
]


# --- the base model and its adapters ---


def write_base(fixture: Fixture, folder: Path) -> PreTrainedModel:
    model_class = getattr(transformers, f"{fixture.architecture}ForCausalLM")
    config = model_class.config_class(vocab_size=fixture.vocabulary, dtype="float32", **fixture.config)
    model = model_class(config)
    generator = torch.Generator().manual_seed(fixture.seed)
    # Norms whose weights start at 0 add 1 to them.
    offset = model.model.norm.weight.mean().item()
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if name.endswith("norm.weight"):
                parameter.copy_(offset + 0.3 * torch.randn(parameter.shape, generator=generator))
            else:
                parameter.copy_(0.25 * torch.randn(parameter.shape, generator=generator))
    if not fixture.trained:
        model.to(torch.bfloat16)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if fixture.older_keys:
        path = folder / "config.json"
        record = with_older_keys(json.loads(path.read_text()), fixture.older_keys)
        write_json(path, record)
    return read_base(folder)


def with_older_keys(record: dict, keys: tuple[str, ...]) -> dict:
    """A field that is not listed is not in the older file; its value must then be the default of the model."""
    parameters = record.pop("rope_parameters")
    scaled = parameters.get("full_attention", parameters)
    values = {
        "rope_theta": scaled["rope_theta"],
        "rope_local_base_freq": parameters.get("sliding_attention", {}).get("rope_theta"),
        "rope_scaling": {key: value for key, value in scaled.items() if key != "rope_theta"},
        "sliding_window_pattern": record.pop("_sliding_window_pattern", None),
        "torch_dtype": record.pop("dtype"),
    }
    if "sliding_window_pattern" in keys:
        del record["layer_types"]
    return record | {key: values[key] for key in keys}


def read_base(folder: Path) -> PreTrainedModel:
    """Always from the written files, so that the numbers belong to what is committed."""
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    model.generation_config.eos_token_id = None  # generation goes on after an end-of-sequence token
    model.generation_config.pad_token_id = 0
    return model


def write_adapters(fixture: Fixture, folder: Path) -> None:
    """`adapter`: A and B random. `initial-adapter`: as PEFT starts training, B zero."""
    torch.manual_seed(fixture.seed + 1)
    model = get_peft_model(
        read_base(folder),
        LoraConfig(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=fixture.modules, task_type="CAUSAL_LM"),
    )
    if fixture.trained:
        save_adapter(model, fixture, folder / "initial-adapter")
    generator = torch.Generator().manual_seed(fixture.seed + 2)
    with torch.no_grad():
        for _, parameter in sorted(trainable(model).items()):
            parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
    save_adapter(model, fixture, folder / "adapter")


def save_adapter(model: PeftModel, fixture: Fixture, folder: Path) -> None:
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    record = json.loads(path.read_text())
    record["base_model_name_or_path"] = fixture.name
    record["target_modules"].sort()  # PEFT writes a set, whose order changes from run to run
    write_json(path, record)


def with_adapter(folder: Path, adapter: str) -> PeftModel:
    return PeftModel.from_pretrained(read_base(folder), folder / adapter, is_trainable=True).eval()


def trainable(model: PeftModel) -> dict[str, torch.nn.Parameter]:
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def saved_name(parameter_name: str) -> str:
    """The name a parameter has in adapter_model.safetensors."""
    return parameter_name.replace(".default.", ".")


# --- examples ---


class Tokens(random.Random):
    """Random numbers, and random tokens that are no special ones."""

    def __init__(self, seed: int, vocabulary: int) -> None:
        super().__init__(seed)
        self.ordinary = range(3, vocabulary)


def random_tokens(rng: Tokens, count: int) -> list[int]:
    return [rng.randrange(rng.ordinary.start, rng.ordinary.stop) for _ in range(count)]


def mask(length: int, *spans: tuple[int, int]) -> list[bool]:
    return [any(start <= position < end for start, end in spans) for position in range(length)]


def shared_prefix_examples(rng: Tokens) -> list[Example]:
    """Five examples that share exactly seven tokens. The shortest one's only trained token is predicted from the last
    token of the shared prefix, and so is the first of the second one's."""
    prefix = random_tokens(rng, PREFIX_LENGTH)
    masks = [
        mask(8, (7, 8)),
        mask(13, (7, 9), (12, 13)),
        mask(17, (16, 17)),
        mask(21, (10, 13), (18, 21)),
        mask(30, (9, 30)),
    ]
    firsts = rng.sample(rng.ordinary, len(masks))
    return [
        Example(prefix + [first] + random_tokens(rng, len(trained) - PREFIX_LENGTH - 1), trained)
        for first, trained in zip(firsts, masks)
    ]


def unrelated_examples(rng: Tokens) -> list[Example]:
    masks = [
        mask(9, (8, 9)),
        mask(14, (1, 14)),
        mask(19, (5, 8), (15, 18)),
        mask(26, (20, 25)),
        mask(30, (29, 30)),
    ]
    firsts = rng.sample(rng.ordinary, len(masks))
    return [Example([first] + random_tokens(rng, len(trained) - 1), trained) for first, trained in zip(firsts, masks)]


def shuffled_batches(rng: Tokens, examples: int, batches: int, size: int) -> list[list[int]]:
    """Batches of example indices without repetition inside a batch."""
    return [rng.sample(range(examples), size) for _ in range(batches)]


# --- numbers ---


def gradients_of(model: PeftModel, loss: torch.Tensor) -> dict[str, torch.Tensor]:
    model.zero_grad()
    loss.backward()
    return {
        saved_name(name): parameter.grad.detach().clone().contiguous() for name, parameter in trainable(model).items()
    }


def loss_one_by_one(model: PeftModel, examples: list[Example]) -> torch.Tensor:
    """The same loss without padding or batching: another order of the same fp32 sums."""
    total = trained_tokens(examples)
    return sum(summed_over(model, [example], total) for example in examples)


def largest_difference(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> float:
    """max |left − right| ÷ max |left| over all tensors together."""
    assert left.keys() == right.keys() and left
    scale = max(tensor.abs().max().item() for tensor in left.values())
    return max((left[name] - right[name]).abs().max().item() for name in left) / scale


def batch_goldens(fixture: Fixture, folder: Path, name: str, examples: list[Example]) -> dict:
    model = with_adapter(folder, "adapter")
    loss_of = loss_one_by_one if fixture.changes_when_long else mean_loss
    loss = loss_of(model, examples)
    gradients = gradients_of(model, loss)
    assert len(gradients) == 2 * len(fixture.modules) * model.config.num_hidden_layers
    assert all(gradient.abs().max() > 1e-3 for gradient in gradients.values()), "a degenerate gradient"
    other_loss = loss_one_by_one(model, examples)
    other_gradients = gradients_of(model, other_loss)
    save_file(gradients, folder / f"gradients-{name}.safetensors")
    with torch.no_grad():
        base_loss = loss_of(read_base(folder), examples)
    return {
        "examples": [example.to_json() for example in examples],
        "commonPrefixLength": common_prefix_length(examples),
        "trainedTokens": trained_tokens(examples),
        "baseLoss": base_loss.item(),
        "loss": loss.item(),
        "gradients": f"gradients-{name}.safetensors",
        "gradientNorm": torch.stack([gradient.norm() for gradient in gradients.values()]).norm().item(),
        "rounding": {
            "loss": abs(loss.item() - other_loss.item()),
            "gradients": largest_difference(gradients, other_gradients),
        },
    }


def logits_goldens(folder: Path, rng: Tokens) -> dict:
    sequences = [random_tokens(rng, 12), random_tokens(rng, 29)]
    tensors = {}
    with torch.no_grad():
        for kind, model in [("base", read_base(folder)), ("adapter", with_adapter(folder, "adapter"))]:
            for index, sequence in enumerate(sequences):
                tensors[f"{kind}.{index}"] = model(torch.tensor([sequence])).logits[0].contiguous()
    save_file(tensors, folder / "logits.safetensors")
    return {"sequences": sequences, "logits": "logits.safetensors"}


def generation_goldens(fixture: Fixture, folder: Path, rng: Tokens) -> list[dict]:
    prompts = [random_tokens(rng, 5), random_tokens(rng, 17)]
    continuations = [random_tokens(rng, 6), random_tokens(rng, 3)]
    goldens = []
    for kind, model in [("base", read_base(folder)), ("adapter", with_adapter(folder, "adapter"))]:
        for prompt, continuation in zip(prompts, continuations):
            with torch.no_grad():
                generated = model.generate(
                    input_ids=torch.tensor([prompt]), max_new_tokens=fixture.generated_tokens, do_sample=False
                )[0].tolist()
                logits = model(torch.tensor([generated])).logits[0, len(prompt) - 1 : -1]
                scored = model(torch.tensor([prompt + continuation])).logits[0, len(prompt) - 1 : -1]
            tokens = generated[len(prompt) :]
            assert len(tokens) == fixture.generated_tokens
            assert logits.argmax(-1).tolist() == tokens, "generation with a cache differs from one without"
            best = logits.topk(2).values
            margin = (best[:, 0] - best[:, 1]).min().item()
            assert margin > 2e-3, f"too close a choice for a stable golden: {margin}"
            goldens.append(
                {
                    "model": kind,
                    "prompt": prompt,
                    "greedy": tokens,
                    "greedyLogProbabilities": log_probabilities(logits, tokens),
                    "smallestMargin": margin,
                    "continuation": continuation,
                    "continuationLogProbabilities": log_probabilities(scored, continuation),
                }
            )
    return goldens


def outgrowing_goldens(folder: Path, rng: Tokens) -> dict:
    """An answer that becomes a long sequence on the way, so that everything before it is computed anew."""
    model = with_adapter(folder, "adapter")
    original = model.config.original_max_position_embeddings
    prompt = random_tokens(rng, original - 4)
    with torch.no_grad():
        generated = model.generate(input_ids=torch.tensor([prompt]), max_new_tokens=10, do_sample=False)[0].tolist()
        for length in range(len(prompt), len(generated)):
            best = model(torch.tensor([generated[:length]])).logits[0, -1].topk(2)
            assert best.indices[0] == generated[length], "generation with a cache differs from one without"
            assert best.values[0] - best.values[1] > 2e-3, "too close a choice for a stable golden"
    return {"prompt": prompt, "greedy": generated[len(prompt) :]}


def log_probabilities(logits: torch.Tensor, tokens: list[int]) -> list[float]:
    return torch.log_softmax(logits, -1).gather(1, torch.tensor(tokens)[:, None])[:, 0].tolist()


# --- training ---


def train(
    folder: Path, steps: list[list[list[Example]]], max_gradient_norm: float, one_by_one: bool = False
) -> tuple[PeftModel, list[dict[str, float]]]:
    """Trains `initial-adapter`; a step is a list of micro-batches, whose loss is normalised by the trained tokens of
    the whole step."""
    model = with_adapter(folder, "initial-adapter")
    parameters = list(trainable(model).values())
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
    scheduler = transformers.get_cosine_schedule_with_warmup(optimizer, WARMUP_STEPS, TRAINING_STEPS)
    records = []
    for micro_batches in steps:
        optimizer.zero_grad()
        total = sum(map(trained_tokens, micro_batches))
        loss_sum = 0.0
        for examples in micro_batches:
            for part in [[example] for example in examples] if one_by_one else [examples]:
                loss = summed_over(model, part, total)
                loss.backward()
                loss_sum += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(parameters, max_gradient_norm)
        records.append({"loss": loss_sum, "gradientNorm": norm.item(), "learningRate": scheduler.get_last_lr()[0]})
        optimizer.step()
        scheduler.step()
    return model, records


def training_goldens(
    fixture: Fixture, folder: Path, name: str, examples: list[Example], steps: list, max_gradient_norm: float
) -> dict:
    """`steps` holds example indices: step → micro-batch → example."""
    batches = [[[examples[index] for index in micro_batch] for micro_batch in step] for step in steps]
    model, records = train(folder, batches, max_gradient_norm)
    other_model, other_records = train(folder, batches, max_gradient_norm, one_by_one=True)
    save_adapter(model, fixture, folder / name)
    return {
        "maxGradientNorm": max_gradient_norm,
        "clippedSteps": sum(record["gradientNorm"] > max_gradient_norm for record in records),
        "steps": [{"microBatches": step, **record} for step, record in zip(steps, records)],
        "adapter": name,
        "rounding": {
            "loss": max(abs(left["loss"] - right["loss"]) for left, right in zip(records, other_records)),
            "gradientNorm": max(
                abs(left["gradientNorm"] - right["gradientNorm"]) for left, right in zip(records, other_records)
            ),
            "adapter": largest_difference(
                get_peft_model_state_dict(model, save_embedding_layers=False),
                get_peft_model_state_dict(other_model, save_embedding_layers=False),
            ),
        },
    }


def trained_goldens(fixture: Fixture, folder: Path, examples: list[Example], steps: list, accumulation: list) -> dict:
    return {
        "training": {
            "examples": [example.to_json() for example in examples],
            "initialAdapter": "initial-adapter",
            "optimizer": {
                "learningRate": LEARNING_RATE,
                "beta1": 0.9,
                "beta2": 0.999,
                "epsilon": 1e-8,
                "weightDecay": 0.01,
                "schedule": "cosine",
                "warmupSteps": WARMUP_STEPS,
                "totalSteps": TRAINING_STEPS,
            },
            "plain": training_goldens(
                fixture, folder, "trained-adapter", examples, steps, CLIP_EVERY_STEP
            ),
            "accumulated": training_goldens(
                fixture, folder, "accumulated-adapter", examples, accumulation, CLIP_SOME_STEPS
            ),
        },
        "schedules": schedule_goldens(),
    }


def schedule_goldens() -> dict[str, list[float]]:
    """The learning rate of each of 30 steps."""

    def rates(create) -> list[float]:
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
        scheduler = create(optimizer)
        values = []
        for _ in range(TRAINING_STEPS):
            values.append(scheduler.get_last_lr()[0])
            optimizer.step()
            scheduler.step()
        return values

    return {
        "cosine": rates(lambda o: transformers.get_cosine_schedule_with_warmup(o, WARMUP_STEPS, TRAINING_STEPS)),
        "linear": rates(lambda o: transformers.get_linear_schedule_with_warmup(o, WARMUP_STEPS, TRAINING_STEPS)),
        "constantWithWarmup": rates(lambda o: transformers.get_constant_schedule_with_warmup(o, WARMUP_STEPS)),
        "constant": rates(lambda o: transformers.get_constant_schedule(o)),
    }


# --- files ---


def write_json(path: Path, record: dict) -> None:
    path.write_text(indented(record) + "\n", encoding="utf-8", newline="\n")


def indented(value: object, indent: str = "") -> str:
    """JSON with a line for each entry, but a list of plain values on one line."""
    inner = indent + " "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{json.dumps(key)}: {indented(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(inner + indented(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value)


def write_fixture(fixture: Fixture, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_base(fixture, folder)
    write_adapters(fixture, folder)
    rng = Tokens(fixture.seed, fixture.vocabulary)
    shared, unrelated = shared_prefix_examples(rng), unrelated_examples(rng)
    assert common_prefix_length(shared) == PREFIX_LENGTH and common_prefix_length(unrelated) == 0
    examples = shared + unrelated
    training_steps = [[batch] for batch in shuffled_batches(rng, len(examples), TRAINING_STEPS, 4)]
    accumulation = shuffled_batches(rng, len(examples), ACCUMULATION_STEPS, 6)
    accumulation_steps = [[batch[:2], batch[2:]] for batch in accumulation]
    write_json(
        folder / "goldens.json",
        {
            "schema": 1,
            "madeBy": {
                "script": "bench/peers/model_goldens.py",
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "peft": peft.__version__,
            },
            "logits": logits_goldens(folder, rng),
            "batches": {
                "sharedPrefix": batch_goldens(fixture, folder, "shared-prefix", shared),
                "noCommonPrefix": batch_goldens(fixture, folder, "no-common-prefix", unrelated),
            },
            **(trained_goldens(fixture, folder, examples, training_steps, accumulation_steps) if fixture.trained else {}),
            "generation": generation_goldens(fixture, folder, rng),
            **({"outgrowing": outgrowing_goldens(folder, rng)} if fixture.changes_when_long else {}),
        },
    )


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "test" / "fixtures"
    names = sys.argv[2:] or [fixture.name for fixture in FIXTURES]
    for fixture in FIXTURES:
        if fixture.name not in names:
            continue
        write_fixture(fixture, output / fixture.name)
        size = sum(path.stat().st_size for path in (output / fixture.name).rglob("*") if path.is_file())
        print(f"{output / fixture.name}: {size / 1000:.0f} kB")
        assert size < (500_000 if fixture.trained else 150_000)


if __name__ == "__main__":
    main()
