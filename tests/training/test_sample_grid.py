"""Tests of the sample pictures."""

import dataclasses

import numpy as np

from keras_posegan.data import pair_sets
from keras_posegan.pose import drawing
from keras_posegan.training import sample_grid
from tests import tiny_run


def test_a_row_is_source_pose_generated_real(tiny_data_dir):
    run = tiny_run.tiny_config(tiny_data_dir)
    samples = sample_grid.sample_batch(*pair_sets.load(run.data, "train"), run)
    generated = np.full((2, 32, 16, 3), 7, np.uint8)
    grid = sample_grid.sample_grid(samples, generated)
    row = grid[32:]
    np.testing.assert_array_equal(row[:, :16], samples["source_image"][1])
    pose = drawing.draw_skeleton(samples["target_keypoints"][1], (32, 16))
    np.testing.assert_array_equal(row[:, 16:32], pose)
    assert (row[:, 32:48] == 7).all()
    np.testing.assert_array_equal(row[:, 48:], samples["target_image"][1])


def test_samples_are_spread_over_the_pairs(tiny_data_dir):
    run = tiny_run.tiny_config(tiny_data_dir)
    pictures, pairs = pair_sets.load(run.data, "train")
    assert len(pairs) == 8
    samples = sample_grid.sample_batch(pictures, pairs, run)
    expected = pictures.keypoints[pairs[[0, 4], 0]]
    np.testing.assert_array_equal(samples["source_keypoints"], expected)


def test_few_pairs_are_all_shown(tiny_data_dir):
    run = tiny_run.tiny_config(tiny_data_dir)
    run = dataclasses.replace(
        run, train=dataclasses.replace(run.train, sample_pairs=99)
    )
    samples = sample_grid.sample_batch(*pair_sets.load(run.data, "test"), run)
    assert len(samples["source_image"]) == 2
