"""Golden numbers for src/evaluate/metrics, from scikit-learn, SciPy, seqeval, sacreBLEU, rouge-score and RapidFuzz.

    python3 -m pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6 seqeval==1.2.2 \
        sacrebleu==2.6.0 rouge-score==0.1.2 rapidfuzz==3.14.6
    python3 bench/peers/metric_goldens.py

writes src/evaluate/metrics/fixtures/task-metrics.json.
"""

import importlib.metadata
import json
import random
from pathlib import Path

import numpy
from rapidfuzz.distance import Levenshtein
from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from scipy.optimize import linear_sum_assignment
from seqeval.metrics import f1_score as entity_f1
from seqeval.metrics import precision_score as entity_precision
from seqeval.metrics import recall_score as entity_recall
from seqeval.metrics.sequence_labeling import get_entities
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    f1_score,
    matthews_corrcoef,
    recall_score,
    roc_auc_score,
)

FILE = Path(__file__).resolve().parents[2] / "src/evaluate/metrics/fixtures/task-metrics.json"
PACKAGES = ("numpy", "scipy", "scikit-learn", "seqeval", "sacrebleu", "rouge-score", "rapidfuzz")


def in_scope_accuracy(truth, given):
    pairs = [(label, other) for label, other in zip(truth, given) if label != 0]
    return accuracy_score(*zip(*pairs)) if pairs else 0.0


def labels():
    cases = []
    # A class that is expected and never answered, one that is answered and never expected, and one side that knows one class only.
    edges = [
        ([0, 0, 1, 1, 2, 2, 2, 0], [0, 1, 1, 1, 1, 0, 1, 0]),
        ([0, 0, 1, 1, 0, 1], [0, 2, 1, 3, 3, 1]),
        ([0, 0, 0, 0, 0], [0, 1, 0, 2, 1]),
        ([0, 1, 2, 1, 0], [1, 1, 1, 1, 1]),
        ([0, 0, 1, 1], [2, 2, 3, -1]),
    ]
    for count, classes, right, unreadable, seed in [(120, 5, 0.7, 0.05, 1), (60, 3, 0.4, 0, 2), (40, 2, 0.9, 0.1, 3), (50, 8, 0.2, 0.3, 4)]:
        draw = random.Random(seed)
        truth = [draw.randrange(classes) if draw.random() < 0.7 else 0 for _ in range(count)]
        given = [-1 if draw.random() < unreadable else label if draw.random() < right else draw.randrange(classes) for label in truth]
        edges.append((truth, given))
    for truth, given in edges:
        names = sorted(set(truth))
        classes = max(truth + given) + 1
        cases.append(
            {
                "truth": truth,
                "given": given,
                "micro": f1_score(truth, given, labels=list(range(classes)), average="micro", zero_division=0),
                "weighted": f1_score(truth, given, labels=names, average="weighted", zero_division=0),
                "macro": f1_score(truth, given, labels=names, average="macro", zero_division=0),
                "mcc": matthews_corrcoef(truth, given),
                "kappa": cohen_kappa_score(truth, given),
                "abstainF1": f1_score(
                    [int(label == 0) for label in truth], [int(label == 0) for label in given], zero_division=0
                ),
                "abstainRecall": recall_score(
                    [int(label == 0) for label in truth], [int(label == 0) for label in given], zero_division=0
                ),
                "inScope": in_scope_accuracy(truth, given),
            }
        )
    return cases


def probabilities():
    cases = []
    for count, classes, sharpness, ties, seed in [(80, 4, 2.0, False, 5), (60, 3, 0.7, True, 6), (50, 2, 1.5, True, 7)]:
        draw = numpy.random.default_rng(seed)
        truth = draw.integers(0, classes, count)
        logits = draw.normal(size=(count, classes))
        logits[numpy.arange(count), truth] += sharpness
        chances = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
        if ties:
            chances = numpy.round(chances * 20) / 20
            chances[:, -1] = 1 - chances[:, :-1].sum(axis=1)
        chances = numpy.clip(numpy.round(chances, 12), 0, 1)
        area = float(numpy.mean([roc_auc_score(truth == label, chances[:, label]) for label in range(classes)]))
        if classes > 2 and not ties:
            assert abs(area - roc_auc_score(truth, chances, multi_class="ovr", average="macro")) < 1e-12
        confidence = chances.max(axis=1)
        right = (chances.argmax(axis=1) == truth).astype(int)
        share, mean = calibration_curve(right, confidence, n_bins=15, strategy="uniform")
        edges = numpy.linspace(0, 1, 16)
        sizes = numpy.bincount(numpy.searchsorted(edges[1:-1], confidence), minlength=15)
        cases.append(
            {
                "truth": truth.tolist(),
                "chances": chances.tolist(),
                "auc": area,
                "brier": float(numpy.mean(numpy.sum((chances - numpy.eye(classes)[truth]) ** 2, axis=1)) / 2)
                if ties
                else brier_score_loss(truth, chances, scale_by_half=True, labels=list(range(classes))),
                "error": float(numpy.sum(sizes[sizes > 0] * numpy.abs(share - mean)) / count),
                "bins": sizes.tolist(),
            }
        )
    return cases


def assignments():
    draw = numpy.random.default_rng(8)
    cases = []
    for rows, columns in [(1, 1), (3, 3), (2, 6), (7, 4), (12, 12), (9, 30)]:
        scores = numpy.round(draw.random((rows, columns)), 2)
        scores[draw.random((rows, columns)) < 0.3] = 0
        chosen = linear_sum_assignment(scores, maximize=True)
        cases.append({"scores": scores.tolist(), "best": float(scores[chosen].sum())})
    return cases


def entities():
    draw = random.Random(9)
    kinds = ["DRUG", "DISEASE", "DOSE"]

    def tags(length):
        made = []
        while len(made) < length:
            if draw.random() < 0.35:
                kind = draw.choice(kinds)
                made += [f"B-{kind}"] + [f"I-{kind}"] * draw.randrange(3)
            else:
                made.append("O")
        return made[:length]

    def changed(sentence):
        return [draw.choice(["O", f"B-{draw.choice(kinds)}"]) if draw.random() < 0.15 else tag for tag in sentence]

    truth = [tags(draw.randrange(4, 20)) for _ in range(30)]
    given = [changed(sentence) for sentence in truth]
    spans = lambda sentences: [[[kind, start, end + 1] for kind, start, end in get_entities(each)] for each in sentences]
    overlap = expected = answered = 0.0
    for left, right in zip(spans(truth), spans(given)):
        scores = [
            [2 * max(0, min(a[2], b[2]) - max(a[1], b[1])) / (a[2] - a[1] + b[2] - b[1]) if a[0] == b[0] else 0 for b in right]
            for a in left
        ]
        if left and right:
            table = numpy.array(scores)
            overlap += table[linear_sum_assignment(table, maximize=True)].sum()
        expected += len(left)
        answered += len(right)
    return {
        "truth": spans(truth),
        "given": spans(given),
        "precision": entity_precision(truth, given),
        "recall": entity_recall(truth, given),
        "f1": entity_f1(truth, given),
        "byLabel": {kind: value for kind, value in zip(sorted(kinds), entity_f1(truth, given, average=None).tolist())},
        "partial": 2 * overlap / (expected + answered),
    }


def lineage(code):
    """A code and what it lies in, written anew: chapters by their letters where one letter is one chapter."""
    chapters = {"J": "X", "E": "IV", "I": "IX", "M": "XIII"}
    letters = code.replace(".", "")
    return {letters[:length] for length in range(3, len(letters) + 1)} | {chapters[code[0]]}


def codes():
    pool = ["J45.901", "J45.9", "J45.909", "J44.1", "E11.9", "E11.65", "E10.9", "I10", "I25.10", "M54.50", "M54.5"]
    draw = random.Random(10)
    rows = []
    hits = expected = answered = 0
    for _ in range(25):
        truth = draw.sample(pool, draw.randrange(1, 4))
        given = [code if draw.random() < 0.5 else draw.choice(pool) for code in truth if draw.random() < 0.9]
        given = list(dict.fromkeys(given))
        left = set().union(*map(lineage, truth))
        right = set().union(*map(lineage, given)) if given else set()
        hits += len(left & right)
        expected += len(left)
        answered += len(right)
        rows.append([truth, given])
    return {"rows": rows, "hierarchical": 2 * hits / (expected + answered)}


TEXTS = [
    ("The cat sat on the mat.", "the cat sat on the mat"),
    ("Pay 1,200.50 EUR by 3-4 May; don't wait!", "Pay EUR 1,200.50 by 3-4 of May, do not wait."),
    ("He said &quot;no&quot; & left - at\nonce.", 'He said "no" &amp; left-\nat once'),
    ("Straße, naïve café: 20 € 😀😀", "Strasse naïve café 20€ 😀"),
    ("one two three four five six seven", "seven six five four three two one"),
    ("a", "a b"),
    ("A long sentence of the expected answer, with all that it needs.", "Nothing in common here"),
    ("short", "short"),
    ("保険の請求は明日まで", "保険の請求は今日"),
    ("The claim was filed late. The policy had lapsed.", "The policy had lapsed, and the claim was filed late."),
    ("{curly} [square] ~tilde^ `tick` a/b @home 50% x=y", "{curly} [square] tilde^ tick a/b home 50 % x = y"),
    ("no\u00a0break\u2009thin\u3000wide", "no break thin wide"),
]


def texts():
    truth, given = [list(side) for side in zip(*TEXTS)]
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    rouge = [scorer.score(left, right) for left, right in TEXTS]
    return {
        "rows": TEXTS,
        "tokens": [Tokenizer13a()(text.rstrip()).split() for pair in TEXTS for text in pair],
        "bleu": BLEU().corpus_score(given, [truth]).score / 100,
        "bleuOfRow": [BLEU(effective_order=False).corpus_score([right], [[left]]).score / 100 for left, right in TEXTS],
        "chrf": CHRF().corpus_score(given, [truth]).score / 100,
        "chrfOfRow": [CHRF().corpus_score([right], [[left]]).score / 100 for left, right in TEXTS],
        "rouge1": [score["rouge1"].fmeasure for score in rouge],
        "rouge2": [score["rouge2"].fmeasure for score in rouge],
        "rougeL": [score["rougeL"].fmeasure for score in rouge],
        "edit": [Levenshtein.normalized_similarity(left, right) for left, right in TEXTS],
    }


content = {
    "madeBy": "bench/peers/metric_goldens.py",
    "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
    "labels": labels(),
    "probabilities": probabilities(),
    "assignments": assignments(),
    "entities": entities(),
    "codes": codes(),
    "texts": texts(),
}
plain = lambda value: value.item() if isinstance(value, numpy.generic) else str(value)
FILE.write_text(json.dumps(content, ensure_ascii=False, default=plain) + "\n")
print(FILE)
