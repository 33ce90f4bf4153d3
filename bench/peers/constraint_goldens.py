"""Which tokens may follow, by llguidance (https://github.com/guidance-ai/llguidance), an independent implementation.

For each constraint, answers are drawn at random; of each step the fixture keeps the token that was taken and a hash of all
that were allowed. Writes src/text/grammar/fixtures/constraints.json.

    pip install llguidance==1.9.1
    python bench/peers/constraint_goldens.py
"""

import hashlib
import json
import pathlib
import random

import llguidance
from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

ANSWERS = 6
LONGEST = 60
# As many as the product writes in one place.
WHITE_SPACE = r"[ \t\r\n]{0,32}"

WORDS = (
    """{" "} }, ": ":" "," ["," "]  [] {} [{" }] }} \\" \\n \\u \\\\ \\u00 00 12 123 19 20 202 2026 -0 -1 0. .5 1. e1 E+ true false
null tru als ull name "name age "age" kind value children item items ab abc bc cab aa aaa bb alpha beta gamma al ta mma
north northeast east nor th as re red green blue gr een lue the and ing er on is 1e 10 100 150 99 50 -5 é è 日本 日 本 ü ß
zz xyz .. -- __ @ .com 0x T Z :0 :3 00:00""".split()
    + ['": "', '", "', "\n", "\n\n", "\n ", "  ", "    ", "\n    ", ": ", ", ", '"\n', '",\n', "[ ", "{ ", " a", " the", "\t"]
)
TOKENS = [bytes([byte]) for byte in range(256)] + [word.encode() for word in dict.fromkeys(WORDS)]
# Parts of characters, as byte-level vocabularies have them.
TOKENS += [bytes([0xC3]) + b"", bytes([0xE6, 0x97]), bytes([0x97, 0xA5]), bytes([0xF0, 0x9F]), bytes([0x98, 0x80])]
TOKENS = list(dict.fromkeys(TOKENS))
END = len(TOKENS)

NODE = {
    "type": "object",
    "properties": {
        "value": {"type": "integer", "minimum": 0, "maximum": 999},
        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    },
    "required": ["value", "children"],
    "additionalProperties": False,
}

SCHEMAS = [
    {"type": "boolean"},
    {"type": ["null", "boolean"]},
    {"enum": ["red", "green", "a \"quote\"", "日本", 12, -1.5, None, True]},
    {"const": {"name": ["abc", {"age": 3}], "kind": None}},
    {"type": "integer", "minimum": 7, "maximum": 150},
    {"type": "integer", "minimum": -120, "maximum": 99},
    {"type": "integer", "exclusiveMinimum": -1, "exclusiveMaximum": 1000},
    {"type": "array", "items": {"type": "boolean"}},
    {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "minItems": 2, "maxItems": 4},
    {"type": "array", "prefixItems": [{"type": "boolean"}, {"enum": ["abc", "ab"]}], "items": False, "minItems": 2},
    {"type": "array", "prefixItems": [{"type": "boolean"}, {"type": "null"}], "items": {"const": 12}, "minItems": 1},
    {
        "type": "object",
        "properties": {
            "name": {"enum": ["alpha", "beta", "alphabet"]},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "kind": {"type": "null"},
        },
        "required": ["name", "age"],
        "additionalProperties": False,
    },
    {
        "type": "object",
        "properties": {key: {"type": "boolean"} for key in ["a", "ab", "abc", "b"]},
        "required": ["abc"],
        "additionalProperties": False,
    },
    {"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": False},
    {"anyOf": [{"type": "integer", "maximum": 5, "minimum": -20}, {"type": "array", "items": {"type": "null"}, "maxItems": 2}, {"enum": ["east"]}]},
    {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
    {"type": "string", "pattern": "^[a-c]{2,5}(-[0-9]+)?$"},
    {"type": "string", "pattern": "^(north|south)?(east|west)$"},
]

PATTERNS = [
    r"[a-z]+",
    r"(ab|abc|a)*b?",
    r"[0-9]{3}-[0-9]{4}",
    r"[^a-z\n]{1,8}",
    r"(red|green|blue)(, (red|green|blue)){0,3}",
    r"日本?|[é-ü]{2,4}",
    r"(a|aa|aaa){2,7}",
    r"-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?",
    r"([01][0-9]|2[0-3]):[0-5][0-9]",
    r"[^\n]{0,5}\.com",
    r"[\u4e00-\u9fff😀-😎]{1,4}",
]

CHOICES = [["north", "northeast", "east"], ["a", "ab", "abc"], ["日本", "日", "é"], ["yes"], ['{"name": 1}', "{"]]


class Bytes:
    """A vocabulary of bytes for llguidance; how it cuts texts is of no importance here."""

    bos_token_id = None
    eos_token_id = END
    special_token_ids = [END]
    tokens = [*TOKENS, b"<|end|>"]

    def __call__(self, text):
        return list(text if isinstance(text, bytes) else text.encode())


def escaped(text):
    return "".join("\\" + each if each in ".*+?^${}()|[]\\/" else each for each in text)


def grammars():
    for schema in SCHEMAS:
        grammar = LLMatcher.grammar_from_json_schema(
            json.dumps(schema), overrides={"whitespace_pattern": WHITE_SPACE, "whitespace_flexible": True}
        )
        yield {"type": "json-schema", "schema": schema}, grammar
    for pattern in PATTERNS:
        yield {"type": "regex", "pattern": pattern}, LLMatcher.grammar_from_regex(pattern)
    for choices in CHOICES:
        grammar = LLMatcher.grammar_from_regex("|".join(escaped(choice) for choice in choices))
        yield {"type": "choice", "choices": choices}, grammar


def allowed_tokens(matcher):
    # Its mask has one token where the bytes that must come are certain; each token by itself is what may follow.
    allowed = [token for token in range(END) if matcher.validate_tokens([token]) == 1]
    return [*allowed, END] if matcher.is_accepting() else allowed


def answer(tokenizer, grammar, draw):
    matcher = LLMatcher(tokenizer, grammar)
    steps = []
    while len(steps) < LONGEST and not matcher.is_stopped():
        allowed = allowed_tokens(matcher)
        if matcher.is_error() or not allowed:
            raise RuntimeError(matcher.get_error())
        # Longer tokens more often, and white space seldom, or answers are nothing else.
        weights = [len(Bytes.tokens[token]) * (1 if Bytes.tokens[token].strip() else 0.02) for token in allowed]
        token = draw.choices(allowed, weights)[0]
        digest = hashlib.sha256(",".join(map(str, allowed)).encode()).hexdigest()[:8]
        steps.append([token, digest])
        if token == END:
            break
        matcher.consume_token(token)
    return steps


def main():
    draw = random.Random(5)
    tokenizer = LLTokenizer(TokenizerWrapper(Bytes()), eos_token=END, slices=[])
    cases = []
    for constraint, grammar in grammars():
        answers = [answer(tokenizer, grammar, draw) for _ in range(ANSWERS)]
        cases.append({"constraint": constraint, "answers": answers})
    fixture = {
        "reference": f"llguidance {llguidance.__version__}",
        "end": END,
        "tokens": [token.hex() for token in TOKENS],
        "cases": cases,
    }
    file = pathlib.Path(__file__).parents[2] / "src/text/grammar/fixtures/constraints.json"
    file.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases)
    head = json.dumps({key: value for key, value in fixture.items() if key != "cases"})
    file.write_text(f"{head[:-1]},\n\"cases\": [\n{lines}\n]}}\n")


main()
