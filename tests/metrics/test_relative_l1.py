"""Tests of the absolute difference as a share of the brightness."""

import numpy as np
import pytest

from keras_posegan.metrics import relative_l1


def test_equals_the_formula():
    random = np.random.default_rng(0)
    reference, generated = random.integers(0, 256, (2, 3, 4, 5, 3), dtype=np.uint8)
    expected = []
    for x, y in zip(reference, generated, strict=True):
        pairs = list(zip(x.ravel().tolist(), y.ravel().tolist(), strict=True))
        expected.append(
            sum(abs(a - b) for a, b in pairs) / sum(a + b for a, b in pairs)
        )
    values = relative_l1.relative_l1(reference, generated)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected)


def test_black_is_one_away_from_all_but_black():
    black = np.zeros((1, 4, 4, 3), "uint8")
    np.testing.assert_array_equal(relative_l1.relative_l1(black, black + 1), [1.0])
    np.testing.assert_array_equal(relative_l1.relative_l1(black, black), [0.0])


def test_rejects_what_is_not_uint8_pictures():
    pictures = np.zeros((2, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=r"`generated` must be uint8.*float64"):
        relative_l1.relative_l1(pictures, pictures / 255.0)
