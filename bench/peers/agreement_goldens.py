"""Golden numbers for src/evaluate/statistics/rater-agreement.ts, from scikit-learn and SciPy.

    python3 -m pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
    python3 bench/peers/agreement_goldens.py

writes src/evaluate/statistics/fixtures/agreement.json.
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn.metrics import cohen_kappa_score

ROOT = Path(__file__).resolve().parents[2]
random = numpy.random.default_rng(7)


def case(name, first, second):
    return {
        "name": name,
        "first": [int(value) for value in first],
        "second": [int(value) for value in second],
        "kappa": float(cohen_kappa_score(first, second)),
        "quadratic": float(cohen_kappa_score(first, second, weights="quadratic")),
        "spearman": float(stats.spearmanr(first, second).statistic),
    }


def noisy(count, scale, noise):
    truth = random.integers(1, scale + 1, count)
    heard = numpy.clip(truth + random.integers(-noise, noise + 1, count), 1, scale)
    return truth, heard


cases = [
    case("five grades, near", *noisy(60, 5, 1)),
    case("ten grades, far", *noisy(80, 10, 4)),
    case("two grades", *noisy(40, 2, 1)),
    case("unrelated", random.integers(1, 6, 50), random.integers(1, 6, 50)),
    case("opposite", [1, 2, 3, 4, 5] * 4, [5, 4, 3, 2, 1] * 4),
    case("preferences", random.integers(-1, 2, 45), random.integers(-1, 2, 45)),
    case("a grade that one never gives", [1, 1, 5, 5, 3, 3], [1, 1, 5, 5, 5, 5]),
]
out = ROOT / "src/evaluate/statistics/fixtures/agreement.json"
versions = {"numpy": numpy.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__}
out.write_text(json.dumps({"versions": versions, "cases": cases}, indent=1) + "\n")
