"""Golden numbers for src/evaluate, from SciPy, statsmodels and scikit-learn.

    python3 -m pip install scipy==1.17.1 statsmodels==0.15.0 scikit-learn==1.9.1 numpy==2.4.6
    python3 bench/peers/statistics_goldens.py

writes src/evaluate/statistics/fixtures/statistics.json and src/evaluate/metrics/fixtures/metrics.json.
"""

import json
import re
import string
import types
from collections import Counter
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy import optimize, stats
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

ROOT = Path(__file__).resolve().parents[2] / "src" / "evaluate"
VERSIONS = {
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "statsmodels": statsmodels.__version__,
    "sklearn": sklearn.__version__,
}


class Minstd:
    """The same small generator is in the tests, so that both sides resample the same rows."""

    def __init__(self, seed):
        self.state = seed

    def integer(self, below):
        self.state = self.state * 48271 % 2147483647
        return self.state % below


def tango(gained, lost, pairs, confidence):
    """Tango's interval with the restricted likelihood maximised by search instead of by his closed form."""
    z = stats.norm.ppf((1 + confidence) / 2)

    def score(difference):
        same = pairs - gained - lost
        low, high = max(0.0, -difference), (1 - difference) / 2

        def loss(share):
            terms = [(gained, share + difference), (lost, share), (same, 1 - 2 * share - difference)]
            if any(count > 0 and chance <= 0 for count, chance in terms):
                return numpy.inf
            return -sum(count * numpy.log(chance) for count, chance in terms if count > 0)

        inner = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-14})
        share = min([low, high, inner.x], key=loss)
        variance = pairs * (2 * share + difference - difference**2)
        distance = gained - lost - pairs * difference
        if variance <= 1e-15 * pairs:
            return 0.0 if abs(distance) < 1e-12 else float(numpy.sign(distance)) * 1e9
        return distance / numpy.sqrt(variance)

    observed = (gained - lost) / pairs
    edge = 1e-12
    lower = optimize.brentq(lambda d: score(d) - z, -1 + edge, observed, xtol=1e-13) if observed > -1 else -1.0
    upper = optimize.brentq(lambda d: score(d) + z, observed, 1 - edge, xtol=1e-13) if observed < 1 else 1.0
    return lower, upper


def labelled_rows(count, labels, right, seed):
    """Seeded (truth, prediction) pairs; prediction -1 is an answer that cannot be read."""
    random = Minstd(seed)
    truth = [random.integer(labels * labels) % labels if random.integer(4) == 0 else random.integer(labels) for _ in range(count)]
    predicted = []
    for label in truth:
        draw = random.integer(100)
        predicted.append(label if draw < right else (-1 if draw >= 95 else random.integer(labels)))
    return truth, predicted


def macro_f1(truth, predicted):
    return f1_score(truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0)


def bca(count, statistic, resamples, seed, confidence):
    random = Minstd(seed)
    replicates = [statistic([random.integer(count) for _ in range(count)]) for _ in range(resamples)]
    drawn = types.SimpleNamespace(bootstrap_distribution=numpy.array(replicates))
    result = stats.bootstrap(
        (numpy.arange(count),),
        lambda rows: statistic([int(row) for row in rows]),
        n_resamples=0,
        bootstrap_result=drawn,
        vectorized=False,
        method="BCa",
        confidence_level=confidence,
    )
    return result.confidence_interval


def statistics():
    wilson = []
    for successes, trials in [(0, 1), (1, 1), (0, 10), (9, 96), (30, 96), (90, 96), (96, 96), (1234, 5000), (1, 100000)]:
        for confidence in (0.9, 0.95, 0.99):
            lower, upper = proportion_confint(successes, trials, alpha=1 - confidence, method="wilson")
            wilson.append([successes, trials, confidence, float(lower), float(upper)])
    paired = []
    counts = [(62, 2, 96), (12, 2, 50), (1, 7, 21), (0, 0, 20), (5, 0, 20), (0, 5, 20), (3, 3, 40), (20, 0, 20), (0, 20, 20), (400, 310, 5000)]
    for gained, lost, pairs in counts:
        for confidence in (0.95, 0.99):
            paired.append([gained, lost, pairs, confidence, *map(float, tango(gained, lost, pairs, confidence))])
    sign = []
    for wins, losses in [(0, 0), (1, 0), (5, 0), (0, 6), (62, 2), (10, 10), (11, 10), (12, 3), (300, 250), (2000, 1800), (4000, 100)]:
        p = mcnemar([[0, wins], [losses, 0]], exact=True).pvalue if wins + losses > 0 else 1.0
        sign.append([wins, losses, float(p)])
    normal = [[z, float(stats.norm.cdf(z))] for z in (-38, -12, -8, -7.1, -5, -3.3, -1.96, -0.5, 0, 0.3, 1, 2.5, 6, 9)]
    quantiles = [[p, float(stats.norm.ppf(p))] for p in (1e-300, 1e-20, 1e-9, 0.00005, 0.025, 0.074, 0.076, 0.3, 0.5, 0.9, 0.975, 0.9999)]
    numbers = [0.31, 0.11, 4.5, 2.25, 0.9, 1.75, 0.2]
    plain = [[share, float(numpy.quantile(numbers, share))] for share in (0, 0.05, 0.5, 0.95, 0.99, 1)]
    bootstraps = []
    for name, count, labels, right, resamples, confidence in [
        ("four labels", 60, 4, 75, 400, 0.95),
        ("rare labels", 45, 9, 60, 400, 0.9),
        ("nearly all right", 80, 3, 97, 400, 0.95),
    ]:
        truth, predicted = labelled_rows(count, labels, right, 11)
        _, other = labelled_rows(count, labels, right - 25, 11)
        score = lambda rows, chosen=predicted: macro_f1([truth[row] for row in rows], [chosen[row] for row in rows])
        single = bca(count, score, resamples, 5, confidence)
        pair = bca(count, lambda rows: score(rows) - score(rows, other), resamples, 6, confidence)
        bootstraps.append(
            {
                "name": name,
                "truth": truth,
                "predicted": predicted,
                "other": other,
                "resamples": resamples,
                "confidence": confidence,
                "macroF1": [float(single.low), float(single.high)],
                "difference": [float(pair.low), float(pair.high)],
            }
        )
    return {
        "madeBy": "bench/peers/statistics_goldens.py",
        "versions": VERSIONS,
        "normalCdf": normal,
        "normalQuantile": quantiles,
        "quantile": {"numbers": numbers, "cases": plain},
        "wilson": wilson,
        "tango": paired,
        "exactSignTest": sign,
        "bca": bootstraps,
    }


def normalised(text):
    kept = re.sub(rf"[{re.escape(string.punctuation)}]", " ", text.lower())
    return kept.split()


def token_f1(expected, answer):
    """The SQuAD 1.1 measure without its English articles."""
    truth, guess = normalised(expected), normalised(answer)
    if not truth or not guess:
        return float(truth == guess)
    shared = sum((Counter(truth) & Counter(guess)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(guess), shared / len(truth)
    return 2 * precision * recall / (precision + recall)


def metrics():
    labelled = []
    for count, labels, right in [(200, 8, 80), (50, 12, 40), (30, 2, 100), (40, 5, 5)]:
        truth, predicted = labelled_rows(count, labels, right, 23)
        names = list(range(labels))
        precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, labels=names, zero_division=0)
        labelled.append(
            {
                "labels": labels,
                "truth": truth,
                "predicted": predicted,
                "accuracy": float(accuracy_score(truth, predicted)),
                "macroF1": float(macro_f1(truth, predicted)),
                "precision": precision.tolist(),
                "recall": recall.tolist(),
                "f1": f1.tolist(),
                "support": support.tolist(),
                "confusion": confusion_matrix(truth, predicted, labels=[*names, -1])[:-1].tolist(),
            }
        )
    texts = [
        ("The cat sat on the mat.", "the cat sat on the mat"),
        ("The cat sat on the mat.", "A dog sat on a mat!"),
        ("Call the customer; refund 20 EUR.", "Refund: 20 EUR"),
        ("yes", "no"),
        ("one two two three", "two two two"),
        ("Straße über Öl", "straße öl"),
        ("...", "!"),
        ("word", "..."),
    ]
    return {
        "madeBy": "bench/peers/statistics_goldens.py",
        "versions": VERSIONS,
        "labelled": labelled,
        "tokenF1": [[expected, answer, token_f1(expected, answer)] for expected, answer in texts],
    }


for path, content in [
    (ROOT / "statistics" / "fixtures" / "statistics.json", statistics()),
    (ROOT / "metrics" / "fixtures" / "metrics.json", metrics()),
]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n")
    print(path)
