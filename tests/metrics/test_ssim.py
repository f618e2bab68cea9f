"""Tests of structural similarity against the field's own numbers."""

import pathlib

import numpy as np
import pytest

from keras_posegan.metrics import ssim

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "metrics.npz"


def _pictures(shape=(2, 14, 12, 3), seed=0):
    random = np.random.default_rng(seed)
    reference = random.integers(0, 256, shape)
    generated = np.clip(reference + random.normal(0, 40, shape), 20, 220)
    return reference.astype("uint8"), generated.astype("uint8")


def _reference_ssim(x, y):
    """The formula for one pair, one window of one channel at a time."""
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    window /= window.sum()
    data_range = int(y.max()) - int(y.min())
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    values = []
    for channel in range(x.shape[2]):
        for top in range(x.shape[0] - 10):
            for left in range(x.shape[1] - 10):
                a = x[top : top + 11, left : left + 11, channel].astype(float)
                b = y[top : top + 11, left : left + 11, channel].astype(float)
                mean_a, mean_b = (window * a).sum(), (window * b).sum()
                variance_a = (window * (a - mean_a) ** 2).sum()
                variance_b = (window * (b - mean_b) ** 2).sum()
                covariance = (window * (a - mean_a) * (b - mean_b)).sum()
                values.append(
                    (2 * mean_a * mean_b + c1)
                    * (2 * covariance + c2)
                    / (mean_a**2 + mean_b**2 + c1)
                    / (variance_a + variance_b + c2)
                )
    return np.mean(values)


def test_equals_the_golden_numbers():
    golden = np.load(GOLDEN)
    values = ssim.ssim(golden["reference"], golden["generated"])
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, golden["ssim"], atol=1e-6)
    # A fixed range of 255 is another measure, and the golden pictures tell.
    assert np.max(np.abs(values - golden["ssim_data_range_255"])) > 1e-3


def test_equals_the_formula():
    reference, generated = _pictures()
    expected = [
        _reference_ssim(x, y) for x, y in zip(reference, generated, strict=True)
    ]
    np.testing.assert_allclose(ssim.ssim(reference, generated), expected, atol=1e-9)


def test_range_is_that_of_the_generated_picture():
    reference, generated = _pictures()
    assert np.all(
        np.abs(ssim.ssim(reference, generated) - ssim.ssim(generated, reference)) > 1e-5
    )


def test_equal_pictures_have_similarity_one():
    reference, _ = _pictures()
    np.testing.assert_allclose(ssim.ssim(reference, reference), 1.0, atol=1e-12)


@pytest.mark.parametrize("value", [0, 77, 255])
def test_a_generated_picture_of_one_value_has_similarity_zero(value):
    reference, generated = _pictures()
    generated[0] = value
    values = ssim.ssim(reference, generated)
    assert values[0] == 0.0
    assert values[1] > 0.1


@pytest.mark.parametrize("value", [0, 77])
def test_two_pictures_of_one_value_are_equal_or_not(value):
    flat = np.full((1, 11, 11, 3), value, "uint8")
    assert ssim.ssim(flat, flat) == 1.0
    assert ssim.ssim(flat + np.uint8(1), flat) == 0.0


def test_an_empty_batch_has_no_values():
    empty = np.zeros((0, 16, 16, 3), "uint8")
    assert ssim.ssim(empty, empty).shape == (0,)


def test_rejects_what_is_not_uint8_pictures():
    reference, generated = _pictures()
    with pytest.raises(ValueError, match=r"`reference` must be uint8.*float64"):
        ssim.ssim(reference / 255.0, generated)
    with pytest.raises(ValueError, match=r"`generated` must be.*\(14, 12, 3\)"):
        ssim.ssim(reference, generated[0])


def test_rejects_pictures_of_two_shapes():
    reference, generated = _pictures()
    with pytest.raises(ValueError, match=r"\(2, 14, 12, 3\) and \(1, 14, 12, 3\)"):
        ssim.ssim(reference, generated[:1])


def test_rejects_pictures_smaller_than_the_window():
    small = np.zeros((1, 10, 20, 3), "uint8")
    with pytest.raises(ValueError, match=r"at least 11 .*\(1, 10, 20, 3\)"):
        ssim.ssim(small, small)
