"""Writes src/engine/arch/fixtures/NAME.gguf: models of test/fixtures in the layout that llama.cpp's converters give to each
architecture (`conversion/` of llama.cpp; names by its gguf package). No tokenizer, matrices in BF16, vectors in F32.

    python bench/peers/gguf_models.py [OUTPUT_FOLDER]
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, GGMLQuantizationType, GGUFWriter, RopeScalingType, get_tensor_name_map, quants
from safetensors.torch import load_file

ROOT = Path(__file__).parents[2]
ARCHITECTURES = {
    "llama3-tiny": MODEL_ARCH.LLAMA,
    "llama-linear-tiny": MODEL_ARCH.LLAMA,
    "qwen2-tiny": MODEL_ARCH.QWEN2,
    "qwen3-tiny": MODEL_ARCH.QWEN3,
    "gemma3-older-tiny": MODEL_ARCH.GEMMA3,
    "phi3-tiny": MODEL_ARCH.PHI3,
    "phi4-tiny": MODEL_ARCH.PHI3,
}


def permute(weights: np.ndarray, heads: int) -> np.ndarray:
    """`permute` of llama.cpp's converter for Llama."""
    shape = weights.shape
    return weights.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def llama3_factors(rope: dict, head_size: int) -> np.ndarray:
    """`generate_extra_tensors` of llama.cpp's converter for Llama."""
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    original = rope["original_max_position_embeddings"]
    factors = []
    for frequency in 1.0 / (rope["rope_theta"] ** (np.arange(0, head_size, 2) / head_size)):
        wavelength = 2 * math.pi / frequency
        if wavelength < original / high:
            factors.append(1.0)
        elif wavelength > original / low:
            factors.append(rope["factor"])
        else:
            smooth = (original / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def write_metadata(writer: GGUFWriter, config: dict, rope: dict, architecture: MODEL_ARCH) -> None:
    head_size = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if architecture == MODEL_ARCH.PHI3:
        writer.add_rope_dimension_count(int(rope.get("partial_rotary_factor", 1) * head_size))
        writer.add_rope_scaling_orig_ctx_len(config["original_max_position_embeddings"])
        writer.add_sliding_window(config["sliding_window"] or 0)
    elif architecture == MODEL_ARCH.GEMMA3:
        writer.add_key_length(head_size)
        writer.add_value_length(head_size)
        writer.add_sliding_window(config["sliding_window"])
        writer.add_sliding_window_pattern(config["sliding_window_pattern"])
        writer.add_rope_freq_base_swa(config["rope_local_base_freq"])
    else:
        writer.add_key_length(head_size)
        writer.add_value_length(head_size)
    if rope["rope_type"] == "longrope":
        original = config["original_max_position_embeddings"]
        extension = config["max_position_embeddings"] / original
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(extension) / math.log(original)))


def write_tensors(writer: GGUFWriter, config: dict, rope: dict, architecture: MODEL_ARCH, tensors: dict) -> None:
    names = get_tensor_name_map(architecture, config["num_hidden_layers"])
    for name, tensor in tensors.items():
        values = tensor.float().numpy()
        if architecture == MODEL_ARCH.LLAMA and "q_proj" in name:
            values = permute(values, config["num_attention_heads"])
        if architecture == MODEL_ARCH.LLAMA and "k_proj" in name:
            values = permute(values, config["num_key_value_heads"])
        if architecture == MODEL_ARCH.GEMMA3 and name.endswith("norm.weight"):
            values = values + 1
        gguf_name = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if values.ndim == 1:
            writer.add_tensor(gguf_name, values)
        else:
            kind = GGMLQuantizationType.BF16
            writer.add_tensor(gguf_name, quants.quantize(values, kind), raw_dtype=kind)
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(rope, config["head_dim"]))
    if rope["rope_type"] == "longrope":
        writer.add_tensor("rope_factors_long.weight", np.array(rope["long_factor"], dtype=np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(rope["short_factor"], dtype=np.float32))


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "src" / "engine" / "arch" / "fixtures"
    output.mkdir(parents=True, exist_ok=True)
    for name, architecture in ARCHITECTURES.items():
        folder = ROOT / "test" / "fixtures" / name
        config = json.loads((folder / "config.json").read_text())
        rope = {"rope_type": "default", "rope_theta": config.get("rope_theta")}
        rope |= config.get("rope_scaling") or config.get("rope_parameters") or {}
        writer = GGUFWriter(output / f"{name}.gguf", MODEL_ARCH_NAMES[architecture])
        write_metadata(writer, config, rope, architecture)
        write_tensors(writer, config, rope, architecture, load_file(folder / "model.safetensors"))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


if __name__ == "__main__":
    main()
