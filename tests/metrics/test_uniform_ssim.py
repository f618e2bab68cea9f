"""Tests of structural similarity in large windows of one weight."""

import numpy as np
import pytest

from keras_posegan.metrics import uniform_ssim


def _pictures(shape=(2, 53, 52, 3)):
    random = np.random.default_rng(0)
    reference = random.integers(0, 256, shape)
    generated = np.clip(reference + random.normal(0, 40, shape), 60, 180)
    return reference.astype("uint8"), generated.astype("uint8")


def _reference_ssim(x, y):
    """The formula for one pair, one window of one channel at a time."""
    x, y = x / 255.0, y / 255.0
    c1, c2 = 0.01**2, 0.03**2
    values = []
    for top in range(x.shape[0] - 50):
        for left in range(x.shape[1] - 50):
            for channel in range(x.shape[2]):
                a = x[top : top + 51, left : left + 51, channel].ravel()
                b = y[top : top + 51, left : left + 51, channel].ravel()
                covariances = np.cov(a, b)  # Divided by N - 1.
                values.append(
                    (2 * a.mean() * b.mean() + c1)
                    * (2 * covariances[0, 1] + c2)
                    / (a.mean() ** 2 + b.mean() ** 2 + c1)
                    / (np.trace(covariances) + c2)
                )
    return np.mean(values)


def test_equals_the_formula():
    reference, generated = _pictures()
    expected = [
        _reference_ssim(x, y) for x, y in zip(reference, generated, strict=True)
    ]
    values = uniform_ssim.uniform_ssim(reference, generated)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected, atol=1e-9)
    assert np.all(values < 0.95)


def test_equal_pictures_have_similarity_one_also_of_one_value():
    reference, _ = _pictures()
    reference[0] = 0
    np.testing.assert_allclose(uniform_ssim.uniform_ssim(reference, reference), 1.0)


def test_an_empty_batch_has_no_values():
    empty = np.zeros((0, 51, 51, 3), "uint8")
    assert uniform_ssim.uniform_ssim(empty, empty).shape == (0,)


def test_rejects_pictures_smaller_than_the_window_or_not_uint8():
    small = np.zeros((1, 50, 80, 3), "uint8")
    with pytest.raises(ValueError, match=r"at least 51 .*\(1, 50, 80, 3\)"):
        uniform_ssim.uniform_ssim(small, small)
    with pytest.raises(ValueError, match=r"`generated` must be uint8.*float64"):
        uniform_ssim.uniform_ssim(small, small / 255.0)
