"""Tests of the Frechet distance against closed forms and a matrix square root."""

import numpy as np
import pytest
import scipy.linalg

from keras_posegan.metrics import frechet_distance


def _features(rows, columns=12, seed=0):
    """Correlated features, of another mean and covariance for each seed."""
    random = np.random.default_rng(seed)
    mixing = random.normal(size=(columns, columns)) / np.sqrt(columns)
    return random.normal(size=(rows, columns)) @ mixing + random.normal(size=columns)


def _with_matrix_root(features, other_features):
    """The formula as it stands."""
    means = [x.mean(axis=0) for x in (features, other_features)]
    first, second = (np.cov(x, rowvar=False) for x in (features, other_features))
    root = scipy.linalg.sqrtm(first @ second)
    return (
        np.sum((means[0] - means[1]) ** 2)
        + np.trace(first)
        + np.trace(second)
        - 2 * np.trace(root).real
    )


def _exactly_of(mean, covariance, rows=40):
    """Features whose sample mean and covariance are the given ones."""
    columns = len(mean)
    noise = np.random.default_rng(3).normal(size=(rows, columns))
    orthonormal = np.linalg.qr(noise - noise.mean(axis=0))[0]
    factor = scipy.linalg.sqrtm(np.asarray(covariance, float))
    return orthonormal * np.sqrt(rows - 1) @ factor + mean


@pytest.mark.parametrize(("rows", "others"), [(50, 50), (30, 200)])
def test_equals_the_formula(rows, others):
    first, second = _features(rows, seed=1), _features(others, seed=2)
    expected = _with_matrix_root(first, second)
    assert expected > 1.0
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first, second), expected, rtol=1e-9
    )
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(second, first), expected, rtol=1e-9
    )


def test_gaussians_that_commute_have_a_closed_form():
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    first, second = np.array([1.0, 4.0, 9.0]), np.array([4.0, 0.25, 1.0])
    distance = frechet_distance.frechet_distance(
        _exactly_of([1.0, 2.0, 3.0], turn @ np.diag(first) @ turn.T),
        _exactly_of([0.0, 0.0, 5.0], turn @ np.diag(second) @ turn.T),
    )
    expected = 1 + 4 + 4 + np.sum((np.sqrt(first) - np.sqrt(second)) ** 2)
    np.testing.assert_allclose(distance, expected, rtol=1e-9)


def test_one_column_is_the_distance_of_two_normal_distributions():
    first, second = _exactly_of([3.0], [[4.0]]), _exactly_of([1.0], [[9.0]])
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first, second), 2.0**2 + (2 - 3) ** 2
    )


@pytest.mark.parametrize("scale", [1.0, 1e3])
@pytest.mark.parametrize("rows", [5, 100])
def test_equal_sets_are_at_no_distance(rows, scale):
    features = scale * _features(rows, columns=64)
    assert frechet_distance.frechet_distance(features, features[::-1]) < (
        1e-6 * scale**2
    )


def test_far_fewer_rows_than_columns_still_give_the_distance():
    """Where both covariances are singular, and so is every matrix root."""
    first, second = _features(6, columns=5, seed=1), _features(7, columns=5, seed=2)
    expected = frechet_distance.frechet_distance(first, second)
    random = np.random.default_rng(5)
    turn = np.linalg.qr(random.normal(size=(300, 300)))[0][:5]
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first @ turn, second @ turn), expected
    )


def test_a_set_that_fills_all_directions_and_one_that_does_not_go_together():
    many, few = _features(200, columns=40, seed=1), _features(4, columns=40, seed=2)
    expected = _with_matrix_root(many, few)
    for pair in ((many, few), (few, many)):
        np.testing.assert_allclose(
            frechet_distance.frechet_distance(*pair), expected, rtol=1e-6
        )


def test_sets_in_unrelated_directions_share_nothing():
    first, second = np.zeros((10, 4)), np.zeros((10, 4))
    noise = _features(10, columns=2)
    first[:, :2], second[:, 2:] = noise, noise
    mean, variance = noise.mean(axis=0), np.trace(np.cov(noise, rowvar=False))
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first, second),
        2 * np.sum(mean**2) + 2 * variance,
        rtol=1e-6,
    )


def test_float32_features_far_from_zero_keep_their_precision():
    first, second = _features(50, seed=1) + 1e3, _features(50, seed=2) + 1e3
    first, second = first.astype("float32"), second.astype("float32")
    expected = _with_matrix_root(first.astype("float64"), second.astype("float64"))
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first, second), expected, rtol=1e-9
    )


def test_sets_without_any_variance_are_as_far_apart_as_their_means():
    first, second = np.full((5, 3), 2.0), np.full((4, 3), 4.0)
    assert frechet_distance.frechet_distance(first, second) == 12.0
    varied = _features(30, columns=3)
    np.testing.assert_allclose(
        frechet_distance.frechet_distance(first, varied),
        frechet_distance.frechet_distance(varied, first),
    )


@pytest.mark.parametrize("shape", [(4,), (1, 4), (2, 3, 4)])
def test_rejects_what_is_not_a_set_of_rows(shape):
    with pytest.raises(ValueError, match=r"`other_features` must be \(N, D\)"):
        frechet_distance.frechet_distance(_features(5, 4), np.zeros(shape))


def test_rejects_sets_of_two_widths():
    with pytest.raises(ValueError, match="Received: 12 and 11"):
        frechet_distance.frechet_distance(_features(5, 12), _features(5, 11))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_rejects_features_that_are_not_finite_and_says_where(value):
    features = _features(5)
    features[3, 1] = value
    with pytest.raises(ValueError, match=r"`features` must be finite.*row 3"):
        frechet_distance.frechet_distance(features, _features(5))
