"""Token ids and rendered templates of tokenizers and transformers, as hashes, for the tests of src/text.

    npx tsx bench/peers/text-inputs.ts > inputs.json
    python bench/peers/text_goldens.py inputs.json SmolLM2-135M-Instruct.Q4_1.gguf

The tokenizers are built here from vocabulary and merges with the stages that their authors published, not from the
files that Hone writes. Writes src/text/fixtures/{tiny-vocabulary,tiny-goldens,smollm2-transformers}.json.
"""

import hashlib
import json
import pathlib
import sys

import gguf
from jinja2.exceptions import TemplateError
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "src" / "text" / "fixtures"
TINY_STRINGS = 1000
TEMPLATE_KINDS = {"llama-3.jinja": "llama-bpe", "thinking.jinja": "qwen2"}

SPECIAL = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<s>", "</s>", "<|start_header_id|>", "<|end_header_id|>",
    "<|eot_id|>", "<start_of_turn>", "<end_of_turn>", "<|system|>", "<|user|>", "<|assistant|>", "<repo_name>",
]
USER_DEFINED = ["<think>", "</think>"]

WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def byte_level(use_regex):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


def split(pattern):
    return pre_tokenizers.Split(Regex(pattern), behavior="isolated")


KINDS = {
    "smollm": [pre_tokenizers.Digits(individual_digits=True), byte_level(True)],
    "gpt-2": [byte_level(True)],
    "qwen2": [split(WORDS + r"|\p{N}|" + REST), byte_level(False)],
    "llama-bpe": [split(WORDS + r"|\p{N}{1,3}|" + REST), byte_level(False)],
    "default": [
        split(r"[\p{P}\$\+<=>\^~\|]+"),
        split(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"),
        split(r"\p{N}+"),
        split(r"[0-9][0-9][0-9]"),
        byte_level(False),
    ],
}


def build(tokens, merges, kind, special, user_defined):
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=kind == "llama-bpe"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(KINDS[kind])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in user_defined])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def short(value):
    text = value if isinstance(value, str) else ",".join(map(str, value))
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def hashes(values):
    return "".join(short(value) for value in values)


def ids(tokenizer, strings):
    return [tokenizer.encode(string, add_special_tokens=False).ids for string in strings]


def train_tiny(strings):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(KINDS["smollm"])
    added = SPECIAL + USER_DEFINED
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=added,
        show_progress=False,
    )
    tokenizer.train_from_iterator(strings, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    types = [3 if token in SPECIAL else 4 if token in USER_DEFINED else 1 for token in tokens]
    return tokens, [tuple(merge) for merge in model["merges"]], types


def render(tokenizer, template, conversation, generation):
    try:
        return tokenizer.apply_chat_template(
            conversation,
            chat_template=template,
            tokenize=False,
            add_generation_prompt=generation,
            date_string="26 Jul 2024",
        )
    except TemplateError as error:
        return "refused: " + error.message


def chat_ids(tokenizer, template, conversation, special):
    """Nothing where a message holds special-token text, which the reference reads as the token."""
    rendered = render(tokenizer, template, conversation, False)
    if rendered.startswith("refused: ") or any(s in m["content"] for s in special for m in conversation):
        return ""
    return tokenizer.encode(rendered, add_special_tokens=False)


def template_goldens(tokenizer, template, conversations, special):
    return {
        "example": hashes(render(tokenizer, template, c, False) for c in conversations),
        "prompt": hashes(render(tokenizer, template, c, True) for c in conversations),
        "ids": hashes(chat_ids(tokenizer, template, c, special) for c in conversations),
    }


def write(name, value):
    (FIXTURES / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(inputs_path, gguf_path):
    inputs = json.loads(pathlib.Path(inputs_path).read_text(encoding="utf-8"))
    strings, conversations = inputs["strings"], inputs["conversations"]
    tiny_strings = strings[:TINY_STRINGS]

    tokens, merges, types = train_tiny(tiny_strings)
    write(
        "tiny-vocabulary.json",
        {"tokens": " ".join(tokens), "merges": "\n".join(" ".join(merge) for merge in merges), "types": types},
    )
    goldens = {"strings": TINY_STRINGS, "kinds": {}, "templates": {}}
    for kind in KINDS:
        plain = build(tokens, merges, kind, [], USER_DEFINED)
        full = build(tokens, merges, kind, SPECIAL, USER_DEFINED)
        full_ids = ids(full, tiny_strings)
        goldens["kinds"][kind] = {
            "plain": hashes(ids(plain, tiny_strings)),
            "special": hashes(full_ids),
            "decoded": hashes(full.decode(i, skip_special_tokens=True) for i in full_ids),
        }
    for name, template in inputs["templates"].items():
        kind = TEMPLATE_KINDS.get(name, "smollm")
        tiny = PreTrainedTokenizerFast(
            tokenizer_object=build(tokens, merges, kind, SPECIAL, USER_DEFINED), bos_token="<s>", eos_token="</s>"
        )
        goldens["templates"][name] = template_goldens(tiny, template, conversations, SPECIAL)
    write("tiny-goldens.json", goldens)

    fields = gguf.GGUFReader(gguf_path).fields
    real_tokens = fields["tokenizer.ggml.tokens"].contents()
    real_merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    token_types = fields["tokenizer.ggml.token_type"].contents()
    special = [token for token, kind in zip(real_tokens, token_types) if kind == 3]
    real = build(real_tokens, real_merges, "smollm", special, [])
    chat = PreTrainedTokenizerFast(tokenizer_object=real, bos_token="<|im_start|>", eos_token="<|im_end|>")
    template = fields["tokenizer.chat_template"].contents()
    write(
        "smollm2-transformers.json",
        {
            "plain": hashes(ids(build(real_tokens, real_merges, "smollm", [], []), strings)),
            "special": hashes(ids(real, strings)),
            "chat": template_goldens(chat, template, conversations, special),
        },
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
