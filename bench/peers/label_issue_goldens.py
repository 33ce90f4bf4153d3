"""Golden numbers for src/evaluate/forensics/label-issues.ts, from cleanlab, the package of the authors of confident learning.

    python3 -m pip install cleanlab==2.9.0 numpy==2.4.6
    python3 bench/peers/label_issue_goldens.py

writes src/evaluate/forensics/fixtures/label-issues.json.
"""

import json
from pathlib import Path

import cleanlab
import numpy
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

ROOT = Path(__file__).resolve().parents[2]
random = numpy.random.default_rng(11)


def case(name, rows, classes, wrong, sharpness):
    truth = random.integers(0, classes, rows)
    given = truth.copy()
    flipped = random.choice(rows, wrong, replace=False)
    given[flipped] = (given[flipped] + random.integers(1, classes, wrong)) % classes
    given[:classes] = numpy.arange(classes)
    scores = random.normal(size=(rows, classes))
    scores[numpy.arange(rows), truth] += sharpness
    probabilities = numpy.exp(scores) / numpy.exp(scores).sum(axis=1, keepdims=True)
    probabilities = numpy.round(probabilities, 4)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    joint, issues = compute_confident_joint(
        given, probabilities, calibrate=False, return_indices_of_off_diagonals=True
    )
    both = find_label_issues(given, probabilities, filter_by="confident_learning")
    return {
        "name": name,
        "classes": classes,
        "labels": given.tolist(),
        "probabilities": [[float(value) for value in row] for row in probabilities],
        "thresholds": get_confident_thresholds(given, probabilities).tolist(),
        "joint": joint.tolist(),
        "offDiagonal": sorted(int(row) for row in issues),
        "issues": sorted(int(row) for row in numpy.flatnonzero(both)),
        "margins": get_label_quality_scores(given, probabilities, method="normalized_margin").tolist(),
    }


cases = [
    case("two classes", 60, 2, 6, 2.5),
    case("five classes", 80, 5, 10, 3.0),
    case("hardly better than chance", 50, 4, 10, 0.5),
    case("no mistakes", 40, 3, 0, 6.0),
]
out = ROOT / "src/evaluate/forensics/fixtures/label-issues.json"
out.parent.mkdir(parents=True, exist_ok=True)
versions = {"numpy": numpy.__version__, "cleanlab": cleanlab.__version__}
out.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
for each in cases:
    print(each["name"], len(each["offDiagonal"]), len(each["issues"]), numpy.round(each["thresholds"], 3))
