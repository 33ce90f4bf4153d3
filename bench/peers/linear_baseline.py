"""Linear baseline for a labelling task: TF-IDF of word and character n-grams into a linear SVM.

    python bench/peers/linear_baseline.py FILE.jsonl [--field ROUTE] [--train-size N] [--test FILE.jsonl] [--repeats 5]
        [--out-of-scope LABEL]

FILE holds one record a line, either {"messages": [...]} (the last user turn is the input, the last assistant turn the
answer) or {"input": ..., "output": ...}. With --field NAME the label is what follows "NAME:" in the answer; without it
the whole answer. Without --test the file is split 80/20 by label, once per repeat; prints one JSON object. With
--out-of-scope also the accuracy of what has another label, and the share of what has this one that is found.

Needs scikit-learn (measured with 1.9.1).
"""

import argparse
import json
import re
import statistics
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def read(path, field):
    """Returns texts and labels; a record without either ends the program with its line."""
    texts, labels = [], []
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record = json.loads(line)
            if "messages" in record:
                turns = {message["role"]: message["content"] for message in record["messages"]}
                text, answer = turns.get("user"), turns.get("assistant")
            else:
                text, answer = record.get("input"), record.get("output")
            if text is None or answer is None:
                sys.exit(f"{path}:{number}: no input or no answer")
            if field is not None:
                found = re.search(rf"^{re.escape(field)}:\s*(\S+)", answer, re.MULTILINE)
                if found is None:
                    sys.exit(f"{path}:{number}: no line {field}: in the answer")
                answer = found.group(1)
            texts.append(text)
            labels.append(answer.strip())
    if not texts:
        sys.exit(f"{path}: no records")
    return texts, labels


def score(train, train_labels, test, test_labels, outside=None):
    """Returns accuracy and macro-F1, and with a label for what is out of scope in-scope accuracy and its recall."""
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
    )
    model = make_pipeline(features, LinearSVC(C=1.0)).fit(train, train_labels)
    predicted = model.predict(test)
    right = [truth == given for truth, given in zip(test_labels, predicted)]
    share = lambda inside: statistics.mean(hit for hit, label in zip(right, test_labels) if (label != outside) == inside)
    return (
        accuracy_score(test_labels, predicted),
        f1_score(test_labels, predicted, average="macro", zero_division=0),
        *([] if outside is None else [share(True), share(False)]),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--test")
    parser.add_argument("--field")
    parser.add_argument("--train-size", type=int)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out-of-scope")
    options = parser.parse_args()

    texts, labels = read(options.file, options.field)
    scores = []
    if options.test:
        test, test_labels = read(options.test, options.field)
        train, train_labels = texts[: options.train_size], labels[: options.train_size]
        scores.append(score(train, train_labels, test, test_labels, options.out_of_scope))
        sizes = {"train": len(train), "test": len(test)}
    else:
        for seed in range(options.repeats):
            train, test, train_labels, test_labels = train_test_split(
                texts, labels, test_size=0.2, stratify=labels, random_state=seed
            )
            train, train_labels = train[: options.train_size], train_labels[: options.train_size]
            scores.append(score(train, train_labels, test, test_labels, options.out_of_scope))
            sizes = {"train": len(train), "test": len(test)}
    accuracies, macros, *scope = zip(*scores)
    print(
        json.dumps(
            {
                "file": options.file,
                "labels": len(set(labels)),
                **sizes,
                "repeats": len(scores),
                "accuracy": round(statistics.mean(accuracies), 4),
                "accuracy_by_repeat": [round(value, 4) for value in accuracies],
                "macro_f1": round(statistics.mean(macros), 4),
                **{
                    name: round(statistics.mean(values), 4)
                    for name, values in zip(("in_scope_accuracy", "out_of_scope_recall"), scope)
                },
            }
        )
    )


if __name__ == "__main__":
    main()
