"""Tests of the inception score against the field's own numbers."""

import math
import pathlib

import numpy as np
import pytest

from keras_posegan.metrics import inception_score

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "metrics.npz"


def _probabilities(rows, classes=7, seed=0):
    random = np.random.default_rng(seed)
    return random.dirichlet(np.full(classes, 0.3), rows)


def _reference_scores(probabilities, splits):
    """One split, one row, one class at a time."""
    scores = []
    count = len(probabilities)
    for split in range(splits):
        rows = range(split * count // splits, (split + 1) * count // splits)
        divergence = 0.0
        for row in rows:
            for index, p in enumerate(probabilities[row]):
                mean = sum(probabilities[other][index] for other in rows) / len(rows)
                divergence += p * math.log(p / mean) / len(rows)
        scores.append(math.exp(divergence))
    return scores


def test_equals_the_golden_numbers():
    golden = np.load(GOLDEN)
    score = inception_score.inception_score(golden["class_probabilities"], splits=10)
    np.testing.assert_allclose(score, golden["inception_score_10_splits"], atol=1e-6)
    assert all(type(number) is float for number in score)


@pytest.mark.parametrize(("rows", "splits"), [(23, 4), (23, 23), (5, 1), (10, 3)])
def test_equals_the_formula_also_where_splits_are_of_two_lengths(rows, splits):
    probabilities = _probabilities(rows)
    scores = _reference_scores(probabilities, splits)
    mean = sum(scores) / splits
    deviation = math.sqrt(sum((score - mean) ** 2 for score in scores) / splits)
    score = inception_score.inception_score(probabilities, splits)
    np.testing.assert_allclose(score, (mean, deviation), atol=1e-12)


def test_ten_splits_are_the_default():
    probabilities = _probabilities(40)
    assert inception_score.inception_score(
        probabilities
    ) == inception_score.inception_score(probabilities, splits=10)


def test_a_classifier_that_always_answers_alike_scores_one():
    answer = _probabilities(1)
    score = inception_score.inception_score(np.repeat(answer, 50, axis=0))
    np.testing.assert_allclose(score, (1.0, 0.0), atol=1e-12)


def test_a_sure_classifier_of_all_classes_scores_their_number():
    probabilities = np.tile(np.eye(6), (4, 1))  # Zeros, and no NaN.
    np.testing.assert_allclose(
        inception_score.inception_score(probabilities, splits=4), (6.0, 0.0)
    )


def test_a_class_that_nobody_names_changes_nothing():
    probabilities = _probabilities(20)
    more = np.concatenate([probabilities, np.zeros((20, 1))], axis=1)
    np.testing.assert_allclose(
        inception_score.inception_score(more, 2),
        inception_score.inception_score(probabilities, 2),
    )


def test_float16_and_lists_will_do():
    probabilities = _probabilities(20)
    expected = inception_score.inception_score(probabilities, 2)
    for form in (probabilities.astype("float16"), probabilities.tolist()):
        np.testing.assert_allclose(
            inception_score.inception_score(form, 2), expected, rtol=1e-2
        )


def test_rejects_what_is_not_a_table():
    with pytest.raises(ValueError, match=r"\(N, classes\). Received: \(7,\)"):
        inception_score.inception_score(_probabilities(1)[0], splits=1)


def test_rejects_fewer_rows_than_splits():
    with pytest.raises(ValueError, match="9 rows and splits=10"):
        inception_score.inception_score(_probabilities(9))
    with pytest.raises(ValueError, match="splits=0"):
        inception_score.inception_score(_probabilities(9), splits=0)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-0.1, "-0.1 in row 3"),
        (math.nan, "nan in row 3"),
        (math.inf, "inf in row 3"),
    ],
)
def test_rejects_a_row_that_is_no_distribution_and_says_which(value, message):
    probabilities = _probabilities(20)
    probabilities[3, 2] = value
    with pytest.raises(ValueError, match=message):
        inception_score.inception_score(probabilities)


def test_rejects_a_row_that_does_not_sum_to_one_but_for_rounding():
    probabilities = _probabilities(20)
    expected = inception_score.inception_score(probabilities)
    probabilities[3] *= 1.0005
    np.testing.assert_allclose(
        inception_score.inception_score(probabilities), expected, rtol=1e-3
    )
    probabilities[7] *= 0.99
    with pytest.raises(ValueError, match=r"a sum of 0\.99 in row 7"):
        inception_score.inception_score(probabilities)
