"""Golden near-duplicates for src/data/near-duplicates, found by datasketch and verified by their exact similarity.

Usage: python bench/peers/near_duplicates.py > src/data/near-duplicates/fixtures/near-duplicates.json

Texts of random words with planted variants (words replaced, added, left out). For each threshold: the pairs that
datasketch's MinHash LSH (256 permutations) proposes and whose exact Jaccard similarity of 3-word shingles reaches it, and
how many pairs there are by comparing all.
"""

import json
import random
import sys

from datasketch import MinHash, MinHashLSH

random.seed(20)
VOCABULARY = [f"{a}{b}" for a in ["ka", "lo", "mi", "nu", "pe", "ri", "sa", "to"] for b in ["bel", "dan", "fir", "gos", "hum"]]
THRESHOLDS = [0.6, 0.8, 0.85, 0.9]


def variant(words: list[str]) -> list[str]:
    words = list(words)
    for _ in range(random.choice([0, 1, 1, 1, 2, 3])):
        kind, at = random.randrange(3), random.randrange(len(words))
        if kind == 0:
            words[at] = random.choice(VOCABULARY)
        elif kind == 1:
            words.insert(at, random.choice(VOCABULARY))
        elif len(words) > 3:
            del words[at]
    return words


texts = [random.choices(VOCABULARY, k=random.choice([2, 5, 9, 16, 30, 60])) for _ in range(150)]
texts += [variant(random.choice(texts[:150])) for _ in range(150)]


def shingles(words: list[str]) -> frozenset[str]:
    return frozenset(" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2)))


sets = [shingles(words) for words in texts]
sketches = []
for one in sets:
    sketch = MinHash(num_perm=256)
    for shingle in one:
        sketch.update(shingle.encode())
    sketches.append(sketch)


def similarity(a: int, b: int) -> float:
    return len(sets[a] & sets[b]) / len(sets[a] | sets[b])


golden = {"texts": [" ".join(words) for words in texts], "thresholds": []}
for threshold in THRESHOLDS:
    index = MinHashLSH(threshold=threshold - 0.1, num_perm=256)
    for at, sketch in enumerate(sketches):
        index.insert(str(at), sketch)
    proposed = {(min(at, int(other)), max(at, int(other))) for at, sketch in enumerate(sketches) for other in index.query(sketch)}
    found = sorted([a, b] for a, b in proposed if a < b and similarity(a, b) >= threshold)
    pairs = sum(similarity(a, b) >= threshold for a in range(len(texts)) for b in range(a + 1, len(texts)))
    golden["thresholds"].append({"threshold": threshold, "pairs": found, "all": pairs})

json.dump(golden, sys.stdout)
print()
