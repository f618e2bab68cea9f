"""Tests of the peak signal-to-noise ratio."""

import numpy as np
import pytest
import skimage.metrics

from keras_posegan.metrics import psnr


def test_equals_scikit_image_on_the_scale_of_one():
    random = np.random.default_rng(0)
    reference, generated = random.integers(0, 256, (2, 3, 9, 8, 3), dtype=np.uint8)
    expected = [
        skimage.metrics.peak_signal_noise_ratio(x / 255, y / 255, data_range=1)
        for x, y in zip(reference, generated, strict=True)
    ]
    values = psnr.psnr(reference, generated)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected)


def test_black_against_white_is_zero_and_equal_pictures_are_infinite():
    black = np.zeros((1, 4, 4, 3), "uint8")
    white = black + np.uint8(255)
    np.testing.assert_allclose(psnr.psnr(black, white), [0.0])
    np.testing.assert_array_equal(psnr.psnr(white, white), [np.inf])


def test_rejects_what_is_not_uint8_pictures():
    pictures = np.zeros((2, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=r"`generated` must be uint8.*float64"):
        psnr.psnr(pictures, pictures / 255.0)
