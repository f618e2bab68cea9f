"""Tests of the mean absolute difference on the scale [0, 1]."""

import numpy as np
import pytest

from keras_posegan.metrics import unit_l1


def test_equals_the_formula():
    random = np.random.default_rng(0)
    reference, generated = random.integers(0, 256, (2, 3, 4, 5, 3), dtype=np.uint8)
    expected = [
        np.mean(np.abs(x / 255.0 - y / 255.0))
        for x, y in zip(reference, generated, strict=True)
    ]
    values = unit_l1.unit_l1(reference, generated)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected)


def test_black_is_one_away_from_white():
    black = np.zeros((1, 4, 4, 3), "uint8")
    np.testing.assert_allclose(unit_l1.unit_l1(black, black + np.uint8(255)), [1.0])


def test_rejects_what_is_not_uint8_pictures():
    pictures = np.zeros((2, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=r"`generated` must be uint8.*float64"):
        unit_l1.unit_l1(pictures, pictures / 255.0)
