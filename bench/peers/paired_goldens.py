"""Golden numbers for paired comparison in src/evaluate/statistics, from SciPy, statsmodels and scikit-learn.

    python3 -m pip install scipy==1.17.1 statsmodels==0.15.0 scikit-learn==1.9.1 numpy==2.4.6
    python3 bench/peers/paired_goldens.py

writes src/evaluate/statistics/fixtures/paired.json.
"""

import json
import math
import types
from itertools import combinations
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy import optimize, stats
from sklearn.metrics import f1_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.power import normal_sample_size_one_tail
from statsmodels.stats.proportion import proportion_confint, proportion_effectsize

OUTPUT = Path(__file__).resolve().parents[2] / "src" / "evaluate" / "statistics" / "fixtures" / "paired.json"


class Minstd:
    """The same small generator is in the tests, so that both sides resample the same rows."""

    def __init__(self, seed):
        self.state = seed

    def integer(self, below):
        self.state = self.state * 48271 % 2147483647
        return self.state % below


def numbers(count, seed, digits=3):
    random = Minstd(seed)
    return [round(random.integer(10**digits) / 10**digits, digits) ** 2 for _ in range(count)]


def binomial():
    cases = [(0, 1, 0.3), (3, 10, 0.2), (5, 10, 0.5), (72, 96, 0.9), (10, 1000, 0.02), (49_000, 100_000, 0.5), (3, 100_000, 1e-4), (99_990, 100_000, 0.999), (95, 100, 0.5)]
    return [
        [k, n, p, float(stats.binom.pmf(k, n, p)), float(stats.binom.cdf(k, n, p)), float(stats.binom.sf(k - 1, n, p))]
        for k, n, p in cases
    ]


def clopper_pearson():
    cases = [(0, 1), (1, 1), (0, 10), (9, 96), (90, 96), (96, 96), (1234, 5000), (1, 100_000), (50_000, 100_000)]
    return [
        [k, n, level, *map(float, proportion_confint(k, n, alpha=1 - level, method="beta"))]
        for k, n in cases
        for level in (0.9, 0.95, 0.99)
    ]


def mcnemar_cases():
    rows = []
    for gained, lost in [(1, 0), (5, 0), (0, 6), (62, 2), (10, 10), (11, 10), (12, 3), (300, 250), (2000, 1800)]:
        exact = float(mcnemar([[0, gained], [lost, 0]], exact=True).pvalue)
        # Half the weight of what was observed, by its definition over all outcomes.
        total = gained + lost
        chances = stats.binom.pmf(numpy.arange(total + 1), total, 0.5)
        seen = chances[gained]
        equal = numpy.isclose(chances, seen, rtol=1e-9, atol=0)
        middle = float(chances[(chances < seen) & ~equal].sum() + chances[equal].sum() / 2)
        if gained == lost:
            middle = 1 - float(seen) / 2
        rows.append([gained, lost, exact, middle])
    return rows


def sign_flip():
    rows = []
    for differences in [
        [0.2, -0.1, 0.4, 0.3, 0, 0.25, -0.05, 0.6],
        [1, 1, -1, 1, 1, 1, 1, -1, 1, 1],
        [0.5, 0.5, 0.5],
        [0.31, -0.44, 0.12, 0.08, -0.02, 0.77, 0.51, -0.36, 0.9, 0.14, 0.66, -0.27],
    ]:
        result = stats.permutation_test(
            (numpy.array(differences),), numpy.sum, permutation_type="samples", n_resamples=numpy.inf, alternative="two-sided"
        )
        # SciPy doubles the smaller tail, which is the same for a sum that is symmetric under sign changes.
        rows.append([differences, float(result.pvalue)])
    return rows


def effect_sizes():
    first, second = numbers(23, 3), numbers(31, 4)
    tied = [1, 2, 2, 3, 3, 3], [2, 3, 3, 4]
    differences = [b - a for a, b in zip(numbers(20, 5), numbers(20, 6))]
    # P(second > first) + P(tie)/2, as Cliff's delta.
    cliff = lambda a, b: 2 * float(rank_compare_2indep(numpy.array(b), numpy.array(a)).prob1) - 1
    return {
        "cohensH": [[a, b, float(proportion_effectsize(b, a))] for a, b in [(0.1, 0.9), (0.5, 0.55), (0, 1), (0.8, 0.3), (0.4, 0.4)]],
        "cliffsDelta": [[first, second, cliff(first, second)], [*map(list, tied), cliff(*tied)]],
        # The one-sample t statistic over the root of n is d_z.
        "pairedD": [differences, float(stats.ttest_1samp(differences, 0).statistic) / math.sqrt(len(differences))],
    }


def sample_sizes():
    rows = []
    for difference, discordant, level, power in [(0.02, 0.1, 0.95, 0.8), (0.05, 0.2, 0.95, 0.9), (0.1, 0.1, 0.99, 0.8), (0.01, 0.3, 0.9, 0.8)]:
        rows.append(
            [
                difference,
                discordant,
                level,
                power,
                float(normal_sample_size_one_tail(difference, power, (1 - level) / 2, math.sqrt(discordant), math.sqrt(discordant - difference**2))),
                float(normal_sample_size_one_tail(difference, power, (1 - level) / 2, discordant)),
            ]
        )
    return rows


def mcnemar_power(pairs, difference, discordant, level):
    """The exact power of the exact test, over every possible table."""
    gain, loss = (discordant + difference) / 2, (discordant - difference) / 2
    power = 0.0
    for total in range(pairs + 1):
        weight = stats.binom.pmf(total, pairs, discordant)
        if weight < 1e-12:
            continue
        gained = numpy.arange(total + 1)
        p = numpy.minimum(1, 2 * stats.binom.cdf(numpy.minimum(gained, total - gained), total, 0.5))
        rejects = (p < 1 - level) & (gained * 2 > total)
        power += weight * float(stats.binom.pmf(gained[rejects], total, gain / discordant).sum())
    return power


def powers():
    rows = []
    for difference, discordant in [(0.1, 0.2), (0.05, 0.15), (0.2, 0.4)]:
        pairs = math.ceil(normal_sample_size_one_tail(difference, 0.8, 0.025, math.sqrt(discordant), math.sqrt(discordant - difference**2)))
        rows.append([difference, discordant, pairs, mcnemar_power(pairs, difference, discordant, 0.95)])
    return rows


def tango_score(gained, lost, pairs, difference):
    """The restricted likelihood maximised by search instead of by Tango's closed form."""
    same = pairs - gained - lost

    def loss(share):
        terms = [(gained, share + difference), (lost, share), (same, 1 - 2 * share - difference)]
        if any(count > 0 and chance <= 0 for count, chance in terms):
            return numpy.inf
        return -sum(count * numpy.log(chance) for count, chance in terms if count > 0)

    low, high = max(0.0, -difference), (1 - difference) / 2
    inner = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-14})
    share = min([low, high, inner.x], key=loss)
    variance = pairs * (2 * share + difference - difference**2)
    return (gained - lost - pairs * difference) / math.sqrt(variance)


def non_inferiority():
    cases = [(10, 12, 200, 0.05), (0, 0, 60, 0.05), (3, 30, 100, 0.1), (62, 2, 96, 0.02), (5, 5, 1000, 0.01)]
    return [[g, l, n, margin, float(stats.norm.sf(tango_score(g, l, n, -margin)))] for g, l, n, margin in cases]


def quantiles():
    rows = []
    for count, share, level in [(100, 0.5, 0.95), (100, 0.95, 0.95), (71, 0.95, 0.95), (72, 0.95, 0.95), (1000, 0.99, 0.9), (7, 0.5, 0.95), (5, 0.5, 0.95)]:
        values = sorted(numbers(count, 9))
        interval = stats.quantile_test(values, p=share).confidence_interval(level)
        low, high = float(interval.low), float(interval.high)
        rows.append([count, share, level, None if math.isnan(low) or math.isnan(high) else [low, high]])
    return rows


def replicated(statistic, groups, resamples, seed, confidence):
    """BCa of SciPy, whose units are the groups."""
    random = Minstd(seed)
    names = list(dict.fromkeys(groups))
    members = [[row for row, group in enumerate(groups) if group == name] for name in names]
    rows_of = lambda units: [row for unit in units for row in members[int(unit)]]
    replicates = [statistic(rows_of([random.integer(len(names)) for _ in names])) for _ in range(resamples)]
    result = stats.bootstrap(
        (numpy.arange(len(names)),),
        lambda units: statistic(rows_of(units)),
        n_resamples=0,
        bootstrap_result=types.SimpleNamespace(bootstrap_distribution=numpy.array(replicates)),
        vectorized=False,
        method="BCa",
        confidence_level=confidence,
    )
    return [float(result.confidence_interval.low), float(result.confidence_interval.high)]


def bootstraps():
    random = Minstd(17)
    count, labels = 60, 4
    truth = [random.integer(labels) for _ in range(count)]
    answers = [[label if random.integer(100) < right else random.integer(labels) for label in truth] for right in (50, 80)]
    scores = [numbers(count, 21), numbers(count, 22)]
    groups = [random.integer(15) for _ in range(count)]
    f1 = lambda rows, given: f1_score([truth[row] for row in rows], [given[row] for row in rows], labels=range(labels), average="micro")
    mean = lambda rows, given: sum(given[row] for row in rows) / len(rows)
    alone = list(range(count))
    return {
        "truth": truth,
        "answers": answers,
        "scores": scores,
        "groups": groups,
        "resamples": 300,
        "mean": replicated(lambda rows: mean(rows, scores[1]), alone, 300, 5, 0.95),
        "meanDifference": replicated(lambda rows: mean(rows, scores[1]) - mean(rows, scores[0]), alone, 300, 5, 0.95),
        "microF1": replicated(lambda rows: f1(rows, answers[1]), alone, 300, 5, 0.95),
        "clusteredMean": replicated(lambda rows: mean(rows, scores[1]), groups, 300, 5, 0.95),
        "clusteredMicroF1Difference": replicated(lambda rows: f1(rows, answers[1]) - f1(rows, answers[0]), groups, 300, 5, 0.95),
    }


def repeated():
    rows = []
    for tries, successes, k in [(5, 3, 1), (5, 3, 2), (5, 5, 4), (8, 2, 3), (4, 0, 1), (10, 9, 10)]:
        outcomes = [1] * successes + [0] * (tries - successes)
        chosen = list(combinations(outcomes, k))
        rows.append([successes, tries, k, sum(all(c) for c in chosen) / len(chosen), sum(any(c) for c in chosen) / len(chosen)])
    return rows


p_values = [[0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [0.2], [0.001, 0.001, 0.2, 0.02, 1.0]]
content = {
    "madeBy": "bench/peers/paired_goldens.py",
    "versions": {"numpy": numpy.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "sklearn": sklearn.__version__},
    "binomial": binomial(),
    "clopperPearson": clopper_pearson(),
    "mcnemar": mcnemar_cases(),
    "signFlip": sign_flip(),
    **effect_sizes(),
    "holm": [[list(values), multipletests(values, method="holm")[1].tolist()] for values in p_values],
    "sampleSizes": sample_sizes(),
    "powers": powers(),
    "nonInferiority": non_inferiority(),
    "quantiles": quantiles(),
    "bootstraps": bootstraps(),
    "repeated": repeated(),
}
OUTPUT.write_text(json.dumps(content) + "\n")
print(OUTPUT, OUTPUT.stat().st_size)
