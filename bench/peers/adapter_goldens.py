"""Adapters of PEFT in forms that Hone does not write itself, and what PEFT computes with them and with Hone's own.

    python bench/peers/adapter_goldens.py make
    python bench/peers/adapter_goldens.py logits BASE ADAPTER OUTPUT.safetensors

`make` writes src/engine/adapter/fixtures/: adapters on test/fixtures/llama-tiny, each with `logits.safetensors` of the
sequence below, and the logits of `hone-adapter`, which `src/engine/adapter/peft.test.ts` describes. `logits` writes the
logits of one adapter on one base.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "test/fixtures/llama-tiny"
FIXTURES = ROOT / "src/engine/adapter/fixtures"
SEQUENCE = [5, 17, 3, 88, 42, 9, 61, 30, 30, 7, 96, 54]

ADAPTERS = {
    "patterns": (
        torch.bfloat16,
        {
            "r": 2,
            "lora_alpha": 5,
            "use_rslora": True,
            "target_modules": ["q_proj", "v_proj", "mlp.down_proj"],
            "layers_to_transform": [0, 2],
            "rank_pattern": {"layers.2.self_attn.q_proj": 3, "down_proj": 1},
            "alpha_pattern": {r"layers\.\d\.mlp\.down_proj": 7},
        },
    ),
    "regex": (
        torch.float16,
        {
            "r": 3,
            "lora_alpha": 4,
            "target_modules": r".*\.1\.self_attn\.(q|k)_proj|.*\.(?P<last>2)\.mlp\.gate_proj",
            "lora_dropout": 0.1,
        },
    ),
    "all-linear": (torch.float32, {"r": 1, "lora_alpha": 2, "target_modules": "all-linear", "exclude_modules": ["o_proj"]}),
    "top-layers": (
        torch.float32,
        {"r": 2, "lora_alpha": 4, "target_modules": ["q_proj", "up_proj"], "layers_to_transform": [1, 2]},
    ),
}


def base():
    return AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32, attn_implementation="eager")


def write_logits(base_folder, adapter_folder, output):
    model = AutoModelForCausalLM.from_pretrained(base_folder, dtype=torch.float32, attn_implementation="eager")
    model = PeftModel.from_pretrained(model, adapter_folder).eval()
    missing = [name for name in model.peft_config if not model.peft_config[name]]
    assert not missing
    with torch.no_grad():
        logits = model(torch.tensor([SEQUENCE])).logits[0]
    save_file({"logits": logits.contiguous()}, output)


def make():
    for index, (name, (dtype, settings)) in enumerate(ADAPTERS.items()):
        torch.manual_seed(index)
        model = get_peft_model(base(), LoraConfig(task_type="CAUSAL_LM", **settings))
        generator = torch.Generator().manual_seed(100 + index)
        with torch.no_grad():
            for key, parameter in sorted(model.named_parameters()):
                if parameter.requires_grad:
                    parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
        folder = FIXTURES / name
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        weights = folder / "adapter_model.safetensors"
        save_file({key: value.to(dtype) for key, value in load_file(weights).items()}, weights)
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = "llama-tiny"
        for key in ("target_modules", "exclude_modules"):
            # PEFT resolves "all-linear" before it saves, and writes sets.
            given = settings.get(key)
            config[key] = sorted(given) if isinstance(given, list) else given
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
        write_logits(BASE, folder, folder / "logits.safetensors")
    own = FIXTURES / "hone-adapter"
    write_logits(BASE, own, own / "logits.safetensors")


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make()
    elif sys.argv[1:2] == ["logits"] and len(sys.argv) == 5:
        write_logits(*sys.argv[2:])
    else:
        sys.exit(__doc__)
