"""Golden content hashes for src/data, computed with Python's json and hashlib.

Usage: python bench/peers/content_hashes.py > src/data/fixtures/content-hashes.json
"""

import hashlib
import json
import sys

CONVERSATIONS = [
    [{"role": "user", "content": "Where is my card?"}, {"role": "assistant", "content": "card_arrival"}],
    [
        {"role": "system", "content": "Antworte kurz. \u201eOhne\u201c Umschweife\u2026"},
        {"role": "user", "content": "tab\tline\nquote\" backslash\\ slash/ del\u007f nul\u0000 bell\u0007"},
        {"role": "assistant", "content": "\U0001f600 \u4f60\u597d \u2028 e\u0301 \u00e9"},
    ],
    [{"role": "user", "content": " "}, {"role": "assistant", "content": ""}],
]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


hashes = [sha256(canonical(messages)) for messages in CONVERSATIONS]
dataset = sha256("".join(f"{value}\n" for value in sorted([*hashes, hashes[0]])))
golden = {"conversations": CONVERSATIONS, "hashes": hashes, "datasetWithFirstTwice": dataset}
json.dump(golden, sys.stdout, indent=1, ensure_ascii=True)
print()
