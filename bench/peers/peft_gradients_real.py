"""Loss and LoRA gradients of a batch on a real base model, by transformers and PEFT in fp32.

    python bench/peers/peft_gradients_real.py --base MODEL.gguf --adapter FOLDER --examples FILE.json --output FILE.safetensors

MODEL is a GGUF file (dequantised to fp32) or a Hugging Face folder, FOLDER a PEFT adapter. FILE.json holds
`{"examples": [{"tokens": [int], "trained": [bool]}]}`: all examples are one batch, `trained[i]` says that token i carries
loss. The gradients go to FILE.safetensors under the names of adapter_model.safetensors. One JSON object goes to stdout:
`loss` (mean over all trained tokens of the batch), `baseLoss` (without the adapter), `trainedTokens`, `gradientNorm` (all
gradients as one vector), `gradientNorms` (of each matrix), `seconds`, `rounding` (with --rounding: how far loss and gradients move
when the examples are computed one by one; for gradients the largest difference ÷ the largest value, and the norm of the
difference ÷ the norm), and the versions.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import peft
import torch
import transformers
from peft import PeftModel
from safetensors.torch import save_file

from base_model import load_base
from batches import common_prefix_length, examples_from_json, mean_loss, summed_over, trained_tokens


def lora_gradients(model: PeftModel) -> dict[str, torch.Tensor]:
    return {
        name.replace(".default.", "."): parameter.grad.detach().clone().contiguous()
        for name, parameter in model.named_parameters()
        if parameter.requires_grad
    }


def norm_of(tensors: dict[str, torch.Tensor]) -> float:
    return torch.stack([tensor.norm() for tensor in tensors.values()]).norm().item()


def main() -> None:
    parser = argparse.ArgumentParser(description="Loss and LoRA gradients of a batch by transformers and PEFT")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--attention", choices=["eager", "sdpa"], default="eager")
    parser.add_argument("--rounding", action="store_true", help="also compute the examples one by one")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    examples = examples_from_json(json.loads(options.examples.read_text(encoding="utf-8"))["examples"])
    if not examples:
        sys.exit(f"{options.examples}: no examples")
    model = PeftModel.from_pretrained(
        load_base(options.base, attention=options.attention), options.adapter, is_trainable=True
    ).eval()

    with torch.no_grad(), model.disable_adapter():
        base_loss = mean_loss(model, examples).item()
    started = time.perf_counter()
    loss = mean_loss(model, examples)
    loss.backward()
    seconds = time.perf_counter() - started
    gradients = lora_gradients(model)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    save_file(gradients, options.output)

    result = {
        "loss": loss.item(),
        "baseLoss": base_loss,
        "trainedTokens": trained_tokens(examples),
        "commonPrefixLength": common_prefix_length(examples),
        "gradientNorm": norm_of(gradients),
        "gradientNorms": {name: gradient.norm().item() for name, gradient in gradients.items()},
        "seconds": seconds,
        "madeBy": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "peft": peft.__version__,
            "threads": options.threads,
        },
    }
    if options.rounding:
        model.zero_grad()
        total = trained_tokens(examples)
        other_loss = 0.0
        for example in examples:
            part = summed_over(model, [example], total)
            part.backward()
            other_loss += part.item()
        differences = {name: gradient - gradients[name] for name, gradient in lora_gradients(model).items()}
        largest = max(gradient.abs().max().item() for gradient in gradients.values())
        result["rounding"] = {
            "loss": abs(other_loss - loss.item()),
            "gradients": max(difference.abs().max().item() for difference in differences.values()) / largest,
            "gradientNorm": norm_of(differences) / norm_of(gradients),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
