"""Vocabulary-only GGUF files with every kind of tokenizer, for llama.cpp to be asked about.

    npx tsx bench/peers/text-inputs.ts > inputs.json
    python bench/peers/gguf_tokenizers.py inputs.json FOLDER
    cd bench/peers/llama-cpp && npm install --ignore-scripts
    node gguf-token-goldens.mjs ../../../inputs.json FOLDER

Writes into FOLDER one file for each value of `tokenizer.ggml.pre` (all with a vocabulary that is trained here and also
written to src/text/fixtures/wide-vocabulary.json) and for each variant of two SentencePiece models, which are trained here. Of these
the plain ones are also written to src/text/fixtures/{score-merge,unigram}.gguf, and what the sentencepiece library itself
answers to src/text/fixtures/sentencepiece.json.
"""

import hashlib
import io
import json
import pathlib
import sys
import tempfile

import gguf
import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "src" / "text" / "fixtures"
CONTROL = ["<|endoftext|>", "<|user|>", "<|assistant|>", "<|im_start|>", "<|im_end|>", "<|end|>"]
USER_DEFINED = ["<think>", "</think>"]
STRINGS = 400
TYPES = sentencepiece_model_pb2.ModelProto.SentencePiece
TOKEN_TYPES = {
    TYPES.NORMAL: gguf.TokenType.NORMAL,
    TYPES.UNKNOWN: gguf.TokenType.UNKNOWN,
    TYPES.CONTROL: gguf.TokenType.CONTROL,
    TYPES.USER_DEFINED: gguf.TokenType.USER_DEFINED,
    TYPES.BYTE: gguf.TokenType.BYTE,
    TYPES.UNUSED: gguf.TokenType.UNUSED,
}
# Wide forms, ligatures, a mark that goes away and one sequence of two, as the maps of real models have.
REPLACEMENTS = {"ﬁ": "fi", "Ａ": "A", "ｂ": "b", "ｃ": "c", "①": "1", "²": "2", "½": "1/2", "\u00a0": " ", "\u3000": " ",
                "\u200b": "", "e\u0301": "é", "\t": " ", "\n": " ", "™": "TM", "…": "..."}


def writer_for(path, name):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_block_count(1)
    writer.add_context_length(64)
    writer.add_embedding_length(32)
    writer.add_feed_forward_length(64)
    writer.add_head_count(2)
    writer.add_layer_norm_rms_eps(1e-5)
    return writer


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def wide_vocabulary(strings):
    """Byte-level tokens across words, digits and spaces, so that every way of cutting text shows in the ids."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    special = ["<|beginning|>", "<|end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=1500,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=special,
        max_token_length=6,
        show_progress=False,
    )
    # Runs of one kind, of which the strings hold too few: digits, capitals, white space, marks, several words.
    runs = ["0123456789 1234 56 789 2024", "ABCdef GHI JKLm nOP", "  \n\n \r\n\t  a", "!!! ... ?!/\n", "can't WON'T it's"] * 40
    # llama.cpp takes a token of this name for a control token, and yet lets text merge into it.
    tokenizer.train_from_iterator([string.replace("</s>", "") for string in strings] + runs, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    return {
        "tokens": " ".join(tokens),
        "merges": "\n".join(" ".join(merge) for merge in model["merges"]),
        "types": [3 if token in special else 1 for token in tokens],
    }


def pre_tokenizer_files(folder, kinds, vocabulary):
    tokens = vocabulary["tokens"].split(" ")
    for kind in kinds:
        writer = writer_for(folder / f"pre-{kind}.gguf", "tiny")
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(kind)
        writer.add_token_list(tokens)
        writer.add_token_types(vocabulary["types"])
        writer.add_token_merges(vocabulary["merges"].split("\n"))
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(1)
        close(writer)


def train(strings, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(strings),
        model_writer=model,
        control_symbols=CONTROL,
        user_defined_symbols=USER_DEFINED,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    return sentencepiece_model_pb2.ModelProto.FromString(model.getvalue())


def write_model(path, model, kind, *, name="tiny", scores=None, **settings):
    pieces = model.pieces
    writer = writer_for(path, name)
    writer.add_tokenizer_model(kind)
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.piece for piece in pieces])
    writer.add_token_scores(scores or [piece.score for piece in pieces])
    writer.add_token_types([TOKEN_TYPES[piece.type] for piece in pieces])
    if settings.get("add_space_prefix") is not None:
        writer.add_add_space_prefix(settings["add_space_prefix"])
    if settings.get("remove_extra_whitespaces") is not None:
        writer.add_remove_extra_whitespaces(settings["remove_extra_whitespaces"])
    if settings.get("map"):
        writer.add_precompiled_charsmap(settings["map"])
    trainer = model.trainer_spec
    for add, token in ((writer.add_bos_token_id, trainer.bos_id), (writer.add_eos_token_id, trainer.eos_id),
                       (writer.add_unk_token_id, trainer.unk_id), (writer.add_pad_token_id, trainer.pad_id)):
        if token >= 0:
            add(token)
    close(writer)


def short(ids):
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()[:6]


def main(inputs_path, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    inputs = json.loads(pathlib.Path(inputs_path).read_text(encoding="utf-8"))
    strings = [string.replace("\0", "") for string in inputs["strings"]]
    vocabulary = wide_vocabulary(strings)
    (FIXTURES / "wide-vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False) + "\n", encoding="utf-8")
    pre_tokenizer_files(folder, inputs["preTokenizerKinds"], vocabulary)

    merge = train(strings, model_type="bpe", vocab_size=1000, byte_fallback=True, character_coverage=0.98,
                  normalization_rule_name="identity", remove_extra_whitespaces=False)
    write_model(FIXTURES / "score-merge.gguf", merge, "llama")
    write_model(folder / "llama.gguf", merge, "llama")
    write_model(folder / "llama-no-prefix.gguf", merge, "llama", add_space_prefix=False)
    write_model(folder / "llama-equal-scores.gguf", merge, "llama", scores=[-1000.0] * len(merge.pieces))
    write_model(folder / "llama-phi-3.gguf", merge, "llama", name="Phi-3-mini")

    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as rules:
        for source, target in REPLACEMENTS.items():
            rules.write(" ".join(f"{ord(c):X}" for c in source) + "\t" + " ".join(f"{ord(c):X}" for c in target) + "\n")
        rules.flush()
        unigram = train(strings, model_type="unigram", vocab_size=600, character_coverage=0.98, hard_vocab_limit=False,
                        normalization_rule_tsv=rules.name, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    character_map = unigram.normalizer_spec.precompiled_charsmap
    spaces = {"add_space_prefix": True, "remove_extra_whitespaces": True}
    write_model(FIXTURES / "unigram.gguf", unigram, "t5", map=character_map, **spaces)
    write_model(folder / "t5.gguf", unigram, "t5", map=character_map, **spaces)
    write_model(folder / "t5-spaces-kept.gguf", unigram, "t5", map=character_map, add_space_prefix=True)
    write_model(folder / "t5-bare.gguf", unigram, "t5")

    answers = {}
    for name, model in (("llama", merge), ("t5", unigram)):
        processor = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())
        answers[name] = "".join(short(processor.encode(string)) for string in inputs["strings"][:STRINGS])
    (FIXTURES / "sentencepiece.json").write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
