"""How fast transformers and PEFT take LoRA training steps: forward, backward, gradient clipping, AdamW.

    python bench/peers/peft_training_speed.py --base MODEL.gguf --batch 8 --tokens 64 --answer 16
    python bench/peers/peft_training_speed.py --base MODEL.gguf --batch 16 --prefix 256 --tokens 48 --answer 16 --precision bf16

Rows of `prefix + tokens` tokens, the last `answer` of each carry loss. PEFT has no shared prefix: it computes
batch × (prefix + tokens) tokens, whether or not the rows start alike. Rank 16 on all linear layers, no padding.

Precision:
- fp32: everything.
- bf16: base weights in bf16, adapters and optimizer in fp32, under autocast (so the adapters' products are bf16 too).
- bf16-pure: base and adapters in bf16, no autocast: less casting, but AdamW then loses small updates.

`--last-logits` computes the vocabulary projection for the answer's positions only (`logits_to_keep`). The trainers in use do
not do it, but a careful user can.

Takes `--warmup` steps, then `--steps` measured ones, and prints one JSON object. With `--interactive` it prints
`{"ready": true, …}` after the warm-up and waits: for each line `step` (or `step N`) on stdin it takes the steps and prints
`{"milliseconds": […], "loss": …}`; for `product SIZE` it multiplies two matrices of that size in the precision of the base. At `quit` or the end of stdin it prints the summary. So two programs can take turns on one machine.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model

from base_model import load_base

MAX_GRADIENT_NORM = 1.0
LEARNING_RATE = 2e-4


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Speed of LoRA training steps by transformers and PEFT")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--batch", type=int, required=True, help="rows of a batch")
    parser.add_argument("--tokens", type=int, required=True, help="tokens of a row after the prefix")
    parser.add_argument("--prefix", type=int, default=0, help="tokens that all rows start with")
    parser.add_argument("--answer", type=int, default=16, help="tokens at the end of a row that carry loss")
    parser.add_argument("--precision", choices=["fp32", "bf16", "bf16-pure"], default="fp32")
    parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    parser.add_argument("--last-logits", action="store_true")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--interactive", action="store_true")
    options = parser.parse_args()
    for name in ("batch", "tokens", "answer", "rank", "threads", "steps"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} must be at least 1")
    if options.prefix < 0 or options.warmup < 0:
        parser.error("--prefix and --warmup must not be negative")
    if options.answer > options.tokens or options.answer == options.prefix + options.tokens:
        parser.error(f"--answer {options.answer} must leave a token before it, within --tokens {options.tokens}")
    return options


class Trainer:
    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(1)
        dtype = torch.float32 if options.precision == "fp32" else torch.bfloat16
        base = load_base(options.base, dtype, options.attention)
        base.config.use_cache = False
        configuration = LoraConfig(
            r=options.rank,
            lora_alpha=2 * options.rank,
            lora_dropout=0.0,
            target_modules="all-linear",  # all but the output projection
            task_type="CAUSAL_LM",
        )
        self.model = get_peft_model(
            base, configuration, autocast_adapter_dtype=options.precision != "bf16-pure"
        ).train()
        self.parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=LEARNING_RATE, weight_decay=0.01)
        self.autocast = options.precision == "bf16"
        self.options = options
        self.milliseconds: list[float] = []

    def batch(self) -> dict[str, torch.Tensor | int]:
        """New random tokens for each step, as real training has."""
        options, vocabulary = self.options, self.model.config.vocab_size
        prefix = torch.randint(vocabulary, (1, options.prefix)).expand(options.batch, -1)
        input_ids = torch.cat([prefix, torch.randint(vocabulary, (options.batch, options.tokens))], 1)
        labels = torch.full_like(input_ids, -100)
        labels[:, -options.answer :] = input_ids[:, -options.answer :]
        if not options.last_logits:
            return {"input_ids": input_ids, "labels": labels}
        kept = options.answer + 1  # the position before the answer predicts its first token
        return {"input_ids": input_ids, "labels": labels[:, -kept:], "logits_to_keep": kept}

    def step(self) -> tuple[float, float]:
        """Milliseconds and loss."""
        batch = self.batch()
        started = time.perf_counter()
        self.optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            loss = self.model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, MAX_GRADIENT_NORM)
        self.optimizer.step()
        return (time.perf_counter() - started) * 1000, loss.item()

    def product(self, size: int) -> float:
        """Milliseconds of the matrix product that a step consists of, mostly."""
        left = torch.full((size, size), 0.5, dtype=next(self.model.parameters()).dtype)
        with torch.no_grad():
            started = time.perf_counter()
            left @ left
            return (time.perf_counter() - started) * 1000

    def measured_step(self) -> tuple[float, float]:
        milliseconds, loss = self.step()
        self.milliseconds.append(milliseconds)
        return milliseconds, loss

    def summary(self) -> dict:
        options = self.options
        median = statistics.median(self.milliseconds) if self.milliseconds else None
        tokens = options.batch * (options.prefix + options.tokens)
        return {
            "engine": "peft",
            "precision": options.precision,
            "batch": options.batch,
            "prefix": options.prefix,
            "tokens": options.tokens,
            "answer": options.answer,
            "rank": options.rank,
            "attention": options.attention,
            "lastLogitsOnly": options.last_logits,
            "threads": options.threads,
            "steps": len(self.milliseconds),
            "millisecondsPerStepMedian": median,
            "millisecondsPerStepLeast": min(self.milliseconds, default=None),
            "millisecondsPerStep": self.milliseconds,
            # all tokens of all rows, the prefix of each row included, as they are computed here
            "tokensPerSecond": tokens * 1000 / median if median else None,
            "examplesPerSecond": options.batch * 1000 / median if median else None,
            "residentMegabytesPeak": peak_resident_megabytes(),
            # of the last minute, this process included: well above `threads`, the timings say little
            "loadAverage": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            "bf16InHardware": torch.cpu.get_capabilities().get("avx512_bf16", False),
            "madeBy": {
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "peft": peft.__version__,
            },
        }


def peak_resident_megabytes() -> float | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def show(record: dict) -> None:
    print(json.dumps(record), flush=True)


def serve(trainer: Trainer) -> None:
    show({"ready": True, "process": os.getpid()})
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        if words == ["quit"]:
            break
        if len(words) == 2 and words[0] == "product" and words[1].isdigit():
            show({"milliseconds": [trainer.product(int(words[1]))]})
            continue
        if words[0] != "step" or len(words) > 2 or not all(word.isdigit() for word in words[1:]):
            show({"error": f"unknown command {line.strip()!r}: step, step N, product SIZE or quit"})
            continue
        taken = [trainer.measured_step() for _ in range(int(words[1]) if len(words) == 2 else 1)]
        show({"milliseconds": [milliseconds for milliseconds, _ in taken], "loss": taken[-1][1] if taken else None})


def main() -> None:
    options = parse_options()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    trainer = Trainer(options)
    for _ in range(options.warmup):
        trainer.step()
    if options.interactive:
        serve(trainer)
    else:
        for _ in range(options.steps):
            trainer.measured_step()
    show(trainer.summary())


if __name__ == "__main__":
    main()
