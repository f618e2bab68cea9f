"""Tests of masked pictures."""

import numpy as np
import pytest

from keras_posegan.metrics import l1, masked, ssim


def _pictures_and_masks(seed=0):
    random = np.random.default_rng(seed)
    pictures = random.integers(0, 256, (2, 20, 16, 3), dtype=np.uint8)
    return pictures, random.random((2, 20, 16)) < 0.5


def test_keeps_what_is_inside_and_blackens_the_rest():
    pictures, masks = _pictures_and_masks()
    before = pictures.copy()
    result = masked.masked(pictures, masks)
    assert result.dtype == np.uint8
    for place in np.ndindex(masks.shape):
        expected = before[place] if masks[place] else [0, 0, 0]
        np.testing.assert_array_equal(result[place], expected)
    np.testing.assert_array_equal(pictures, before)


def test_what_is_outside_does_not_matter_to_masked_measures():
    pictures, masks = _pictures_and_masks()
    others = _pictures_and_masks(seed=1)[0]
    mixed = np.where(masks[..., None], pictures, others)
    sides = masked.masked(pictures, masks), masked.masked(mixed, masks)
    assert ssim.ssim(pictures, mixed).max() < 0.9
    np.testing.assert_allclose(ssim.ssim(*sides), 1.0)
    np.testing.assert_array_equal(l1.l1(*sides), 0.0)


def test_rejects_other_types_and_shapes():
    pictures, masks = _pictures_and_masks()
    with pytest.raises(ValueError, match=r"`pictures` must be uint8.*float64"):
        masked.masked(pictures / 255.0, masks)
    with pytest.raises(ValueError, match=r"`pictures` must be.*\(20, 16, 3\)"):
        masked.masked(pictures[0], masks[0])
    with pytest.raises(ValueError, match=r"`masks` must be bool.*uint8"):
        masked.masked(pictures, masks.astype("uint8"))
    with pytest.raises(ValueError, match=r"bool \(2, 20, 16\).*\(1, 20, 16\)"):
        masked.masked(pictures, masks[:1])
