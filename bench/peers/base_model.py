"""The base model of a comparison, from a GGUF file (dequantised) or from a Hugging Face folder."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, PreTrainedModel


def load_base(path: Path, dtype: torch.dtype = torch.float32, attention: str = "sdpa") -> PreTrainedModel:
    """Raises FileNotFoundError where there is nothing: a name would be looked up on the hub."""
    if not path.exists():
        raise FileNotFoundError(f"no model at {path}")
    folder, file = (path.parent, {"gguf_file": path.name}) if path.suffix == ".gguf" else (path, {})
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation=attention, **file)
    # The weights of a GGUF file are plain numbers by now; the trainer refuses what still says to be quantised.
    if file:
        model.is_quantized = False
    return model.eval()  # no dropout; gradients are computed all the same
