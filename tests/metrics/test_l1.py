"""Tests of the mean absolute difference on the scale [-1, 1]."""

import pathlib

import numpy as np
import pytest

from keras_posegan.metrics import l1

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "metrics.npz"


def test_equals_the_golden_numbers():
    golden = np.load(GOLDEN)
    values = l1.l1(golden["reference"], golden["generated"])
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, golden["l1"], atol=1e-6)


def test_equals_the_formula():
    random = np.random.default_rng(0)
    reference, generated = random.integers(0, 256, (2, 3, 4, 5, 3)).astype("uint8")
    expected = []
    for x, y in zip(reference, generated, strict=True):
        scaled = [picture.ravel() / 127.5 - 1 for picture in (x, y)]
        expected.append(sum(abs(a - b) for a, b in zip(*scaled, strict=True)) / x.size)
    np.testing.assert_allclose(l1.l1(reference, generated), expected)


def test_black_is_two_away_from_white():
    black = np.zeros((1, 4, 4, 3), "uint8")
    np.testing.assert_allclose(l1.l1(black, black + np.uint8(255)), [2.0])
    np.testing.assert_allclose(l1.l1(black + np.uint8(255), black), [2.0])


def test_rejects_what_is_not_uint8_pictures():
    pictures = np.zeros((2, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=r"`reference` must be uint8.*float32"):
        l1.l1(pictures.astype("float32"), pictures)
    with pytest.raises(ValueError, match=r"`generated` must be.*\(4, 4, 3\)"):
        l1.l1(pictures, pictures[0])


def test_rejects_pictures_of_two_shapes():
    pictures = np.zeros((2, 4, 4, 3), "uint8")
    with pytest.raises(ValueError, match=r"\(2, 4, 4, 3\) and \(1, 4, 4, 3\)"):
        l1.l1(pictures, pictures[:1])
