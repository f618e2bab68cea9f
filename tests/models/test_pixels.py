"""Tests of the one place where grey levels become network input and output."""

import numpy as np

from keras_posegan.models import pixels


def test_grey_levels_map_onto_the_range():
    levels = np.arange(256, dtype="uint8")
    expected = levels / 127.5 - 1.0
    np.testing.assert_allclose(pixels.to_network_range(levels), expected, atol=1e-6)


def test_grey_levels_are_truncated_as_the_fields_evaluation_does():
    values = np.float32([-1.0, -0.5, 0.0, 0.999, 1.0])
    expected = (255 * (values + 1) / 2).astype("uint8")
    assert expected.tolist() == [0, 63, 127, 254, 255]
    np.testing.assert_array_equal(pixels.to_grey_levels(values), expected)


def test_beyond_the_range_is_clipped():
    assert pixels.to_grey_levels(np.float32([-3.0, 3.0])).numpy().tolist() == [0, 255]


def test_there_and_back_loses_one_level_at_most():
    levels = np.arange(256, dtype="uint8")
    back = pixels.to_grey_levels(pixels.to_network_range(levels)).numpy()
    assert np.abs(back.astype(int) - levels).max() <= 1
