"""Golden values for reading GGUF files, made by the `gguf` package and by transformers.

    python bench/peers/gguf_goldens.py [SmolLM2-135M-Instruct.Q4_1.gguf]

writes src/engine/weights/fixtures/: blocks of every storage type with their numbers, two tiny llama files in mixed
types, and the hashes of their tensors under Hugging Face names. With a file of the default base, also hashes of some of its
tensors as transformers reads them.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES

FIXTURES = Path(__file__).resolve().parents[2] / "src/engine/weights/fixtures"
READ = [
    Type.F32,
    Type.F16,
    Type.BF16,
    Type.Q8_0,
    Type.Q4_0,
    Type.Q4_1,
    Type.Q5_0,
    Type.Q5_1,
    Type.Q2_K,
    Type.Q3_K,
    Type.Q4_K,
    Type.Q5_K,
    Type.Q6_K,
    Type.IQ4_NL,
    Type.IQ4_XS,
]
# Where the binary16 scales of a block are.
HALF_FIELDS = {
    Type.Q8_0: [0],
    Type.Q4_0: [0],
    Type.Q4_1: [0, 2],
    Type.Q5_0: [0],
    Type.Q5_1: [0, 2],
    Type.Q2_K: [80, 82],
    Type.Q3_K: [108],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
    Type.IQ4_NL: [0],
    Type.IQ4_XS: [0],
}
# The largest, the smallest subnormal, both zeros, the smallest normal.
EXTREME = [0x7BFF, 0xFBFF, 0x0001, 0x8000, 0x0400]


CONFIG = {
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "head_dim",
    "max_position_embeddings",
    "rms_norm_eps",
    "attention_bias",
    "mlp_bias",
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
}


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array, dtype=np.float32).tobytes()).hexdigest()


def quantization_goldens():
    """Random bytes as blocks: every nibble and sign occurs, scales span binary16 (finite, subnormals included)."""
    random = np.random.default_rng(7)
    goldens = {}
    for kind in READ:
        block_size, block_bytes = GGML_QUANT_SIZES[kind]
        count = {1: 512, 32: 64, 256: 8}[block_size]
        data = random.integers(0, 256, (count, block_bytes), dtype=np.uint8)
        for at in HALF_FIELDS.get(kind, []):
            scale = random.integers(0, 0x7C00, count, dtype=np.uint16) | (random.integers(0, 2, count, dtype=np.uint16) << 15)
            scale[: len(EXTREME)] = EXTREME
            data[:, at : at + 2] = scale.view(np.uint8).reshape(-1, 2)
        numbers = quants.dequantize(data.reshape(-1), kind).astype(np.float32).reshape(-1)
        goldens[kind.name] = {
            "bytes": base64.b64encode(data.tobytes()).decode(),
            "numbers": base64.b64encode(numbers.tobytes()).decode(),
        }
    (FIXTURES / "quantization.json").write_text(json.dumps(goldens, indent=1) + "\n")


def permute(weights, heads):
    """`permute` of llama.cpp's convert_hf_to_gguf.py."""
    return (
        weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
        .swapaxes(1, 2)
        .reshape(weights.shape)
    )


def bytes_to_unicode():
    """GPT-2's printable stand-ins for bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


def tiny_llama():
    hidden, intermediate, heads, kv_heads, layers = 32, 64, 2, 1, 2
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *bytes_to_unicode().values(), "he", "ll", "Ġhe", "llo", "hello"]
    merges = ["h e", "l l", "Ġ he", "ll o", "he llo"]
    random = np.random.default_rng(11)
    path = FIXTURES / "tiny-llama.gguf"
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny llama")
    writer.add_license("apache-2.0")
    writer.add_block_count(layers)
    writer.add_context_length(64)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(intermediate)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(hidden // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * (len(tokens) - 3))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    )
    hashes = {}

    def add(name, gguf_name, shape, kind, heads_to_permute=None):
        values = random.normal(0, 0.2, shape).astype(np.float32) if len(shape) > 1 else random.uniform(0.8, 1.2, shape).astype(np.float32)
        # Quantised first and permuted after, so that the expected tensor is exactly what undoing the order must give.
        data = quants.quantize(values, kind)
        exact = quants.dequantize(data, kind).reshape(shape).astype(np.float32)
        hashes[name] = sha256(exact)
        if heads_to_permute:
            data = permute(data, heads_to_permute)
        if kind in (Type.F32, Type.F16):
            writer.add_tensor(gguf_name, data)
        else:
            writer.add_tensor(gguf_name, data, raw_dtype=kind)

    add("model.embed_tokens.weight", "token_embd.weight", (len(tokens), hidden), Type.Q8_0)
    kv = hidden // heads * kv_heads
    for layer in range(layers):
        ours, theirs = f"model.layers.{layer}", f"blk.{layer}"
        matrix = Type.Q4_1 if layer == 0 else Type.Q4_0
        add(f"{ours}.input_layernorm.weight", f"{theirs}.attn_norm.weight", (hidden,), Type.F32)
        add(f"{ours}.self_attn.q_proj.weight", f"{theirs}.attn_q.weight", (hidden, hidden), matrix, heads)
        add(f"{ours}.self_attn.k_proj.weight", f"{theirs}.attn_k.weight", (kv, hidden), matrix, kv_heads)
        add(f"{ours}.self_attn.v_proj.weight", f"{theirs}.attn_v.weight", (kv, hidden), Type.F16 if layer else Type.BF16)
        add(f"{ours}.self_attn.o_proj.weight", f"{theirs}.attn_output.weight", (hidden, hidden), matrix)
        add(f"{ours}.post_attention_layernorm.weight", f"{theirs}.ffn_norm.weight", (hidden,), Type.F32)
        add(f"{ours}.mlp.gate_proj.weight", f"{theirs}.ffn_gate.weight", (intermediate, hidden), matrix)
        add(f"{ours}.mlp.up_proj.weight", f"{theirs}.ffn_up.weight", (intermediate, hidden), matrix)
        add(f"{ours}.mlp.down_proj.weight", f"{theirs}.ffn_down.weight", (hidden, intermediate), matrix)
    add("model.norm.weight", "output_norm.weight", (hidden,), Type.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (FIXTURES / "tiny-llama.json").write_text(json.dumps({"sha256": hashes}, indent=1) + "\n")


def mixed_llama():
    """A Llama with a score-merge tokenizer, in the types that tiny_llama() does not have."""
    hidden, intermediate, heads, layers = 32, 256, 2, 2
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyz", "▁t", "he", "▁the", "ll", "▁he", "llo", "▁hello", "in", "an"]
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *letters]
    random = np.random.default_rng(13)
    writer = GGUFWriter(FIXTURES / "mixed-llama.gguf", "llama")
    writer.add_name("mixed llama")
    writer.add_block_count(layers)
    writer.add_context_length(64)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(intermediate)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(hidden // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * 259 + [-float(place) for place in range(len(letters))][::-1])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * len(letters))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    writer.add_chat_template("{% for m in messages %}{{ '[' + m['role'] + '] ' + m['content'] + eos_token }}{% endfor %}")
    hashes = {}

    def add(name, gguf_name, shape, kind, heads_to_permute=None):
        block_size, block_bytes = GGML_QUANT_SIZES[kind]
        if kind == Type.F32:
            data = random.uniform(0.8, 1.2, shape).astype(np.float32)
        else:
            # Any bytes are numbers of the type; only the scales are held small.
            data = random.integers(0, 256, (shape[0], shape[1] // block_size, block_bytes), dtype=np.uint8)
            for at in HALF_FIELDS[kind]:
                scale = np.float16(random.uniform(1e-4, 1e-3, data.shape[:2]))
                data[:, :, at : at + 2] = scale.view(np.uint8).reshape(*data.shape[:2], 2)
            data = data.reshape(shape[0], -1)
        hashes[name] = sha256(quants.dequantize(data, kind).reshape(shape).astype(np.float32))
        if heads_to_permute:
            data = permute(data, heads_to_permute)
        writer.add_tensor(gguf_name, data, raw_dtype=kind)

    add("model.embed_tokens.weight", "token_embd.weight", (len(tokens), hidden), Type.Q5_0)
    add("lm_head.weight", "output.weight", (len(tokens), hidden), Type.Q8_0)
    down = [Type.Q4_K, Type.Q6_K]
    for layer in range(layers):
        ours, theirs = f"model.layers.{layer}", f"blk.{layer}"
        add(f"{ours}.input_layernorm.weight", f"{theirs}.attn_norm.weight", (hidden,), Type.F32)
        add(f"{ours}.self_attn.q_proj.weight", f"{theirs}.attn_q.weight", (hidden, hidden), Type.Q5_1, heads)
        add(f"{ours}.self_attn.k_proj.weight", f"{theirs}.attn_k.weight", (hidden, hidden), Type.Q5_0, heads)
        add(f"{ours}.self_attn.v_proj.weight", f"{theirs}.attn_v.weight", (hidden, hidden), Type.IQ4_NL)
        add(f"{ours}.self_attn.o_proj.weight", f"{theirs}.attn_output.weight", (hidden, hidden), Type.Q5_1)
        add(f"{ours}.post_attention_layernorm.weight", f"{theirs}.ffn_norm.weight", (hidden,), Type.F32)
        add(f"{ours}.mlp.gate_proj.weight", f"{theirs}.ffn_gate.weight", (intermediate, hidden), Type.IQ4_NL)
        add(f"{ours}.mlp.up_proj.weight", f"{theirs}.ffn_up.weight", (intermediate, hidden), Type.IQ4_NL)
        add(f"{ours}.mlp.down_proj.weight", f"{theirs}.ffn_down.weight", (hidden, intermediate), down[layer])
    add("model.norm.weight", "output_norm.weight", (hidden,), Type.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (FIXTURES / "mixed-llama.json").write_text(json.dumps({"sha256": hashes}, indent=1) + "\n")


def default_base(path):
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(path.parent), gguf_file=path.name, dtype="float32")
    state = model.state_dict()
    names = ["model.embed_tokens.weight", "model.norm.weight"]
    for layer in (0, 17, 29):
        names += [name for name in state if name.startswith(f"model.layers.{layer}.")]
    config = {key: value for key, value in model.config.to_dict().items() if key in CONFIG}
    goldens = {"config": config, "sha256": {name: sha256(state[name].numpy()) for name in names}}
    (FIXTURES / "default-base.json").write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    FIXTURES.mkdir(parents=True, exist_ok=True)
    quantization_goldens()
    tiny_llama()
    mixed_llama()
    if len(sys.argv) > 1:
        default_base(Path(sys.argv[1]))
