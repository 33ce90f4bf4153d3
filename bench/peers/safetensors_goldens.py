"""Golden files of the safetensors package, for the reader and the writer.

    python bench/peers/safetensors_goldens.py

writes src/engine/weights/fixtures/: mixed.safetensors with mixed.json (the numbers), and single.safetensors, whose bytes
the writer must repeat.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

FIXTURES = Path(__file__).resolve().parents[2] / "src/engine/weights/fixtures"

if __name__ == "__main__":
    torch.manual_seed(3)
    mixed = {
        "whole": torch.randn(3, 4),
        "half": torch.randn(5).half(),
        "brain": torch.randn(2, 3).bfloat16(),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 4),
        "steps": torch.tensor([1, 2]),
    }
    save_file(mixed, FIXTURES / "mixed.safetensors", metadata={"format": "pt"})
    numbers = {
        name: {"shape": list(tensor.shape), "data": tensor.float().flatten().tolist()}
        for name, tensor in mixed.items()
        if name != "steps"
    }
    (FIXTURES / "mixed.json").write_text(json.dumps(numbers) + "\n")
    single = {"b.weight": torch.arange(6).float().reshape(2, 3), "a.weight": torch.tensor([0.5])}
    save_file(single, FIXTURES / "single.safetensors", metadata={"format": "pt"})
