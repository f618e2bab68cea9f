"""Tests of the way from the poses of a film to the poses to draw."""

import dataclasses

import numpy as np
import pytest

from keras_posegan.animation import pose_film, steady_poses
from keras_posegan.data.synthetic_people import animation
from keras_posegan.pose import crop_box, retarget, skeleton, smoothing

SIZE = (128, 64)


def test_poses_of_the_generators_picture_stay_but_for_gaps_and_trembling():
    walk = animation.walk_cycle(48, 0.7, cycles=2)
    film = _film(walk)
    as_is = steady_poses.steady_poses(film, 25, 0, SIZE, None)
    np.testing.assert_array_equal(as_is, walk)
    smoothed = steady_poses.steady_poses(film, 25, 0.08, SIZE, None)
    expected = smoothing.smooth_keypoints(walk, 2.0)
    np.testing.assert_allclose(smoothed, expected, rtol=1e-6)


def test_a_bad_frame_and_a_short_gap_are_filled():
    walk = animation.walk_cycle(48, 0.7, cycles=2)
    film = _film(walk, bad=(5, 6))
    film.keypoints[20:25, skeleton.LEFT_ANKLE] = 0  # 0.2 seconds.
    film.keypoints[20:40, skeleton.RIGHT_ANKLE] = 0  # 0.8 seconds.
    filled = steady_poses.steady_poses(film, 25, 0, SIZE, None)
    np.testing.assert_allclose(filled[5:7, 1:14], walk[5:7, 1:14], atol=4)
    np.testing.assert_allclose(
        filled[20:25, skeleton.LEFT_ANKLE], walk[20:25, skeleton.LEFT_ANKLE], atol=4
    )
    assert not filled[20:40, skeleton.RIGHT_ANKLE, 2].any()


def test_poses_of_a_large_film_get_one_cut():
    walk = animation.walk_cycle(24, 0.7) * [5, 5, 1] + [400, 100, 0]
    drawn = steady_poses.steady_poses(_film(walk), 25, 0, SIZE, None)
    box = crop_box.person_box(np.float32(walk), SIZE)
    np.testing.assert_allclose(
        drawn[..., :2][walk[..., 2] > 0],
        box.to_crop(walk, SIZE)[..., :2][walk[..., 2] > 0],
        atol=1e-3,
    )


def test_of_frames_of_a_known_size_the_size_says_whether_they_are_cut():
    walk = animation.walk_cycle(24, 0.7)
    film = dataclasses.replace(_film(walk), frame_size=SIZE)
    np.testing.assert_array_equal(
        steady_poses.steady_poses(film, 25, 0, SIZE, None), walk
    )
    film = dataclasses.replace(film, frame_size=(480, 640))
    drawn = steady_poses.steady_poses(film, 25, 0, SIZE, None)
    box = crop_box.person_box(np.float32(walk), SIZE, (480, 640))
    np.testing.assert_allclose(drawn, box.to_crop(walk, SIZE), atol=1e-3)
    assert np.abs(drawn - walk).max() > 1


def test_fitted_poses_are_fitted_after_smoothing():
    walk = animation.walk_cycle(48, 0.7, cycles=2) * [5, 5, 1] + [400, 100, 0]
    source = animation.walk_cycle(1, 0.0)[0]
    drawn = steady_poses.steady_poses(_film(walk), 20, 0.1, SIZE, source)
    smoothed = smoothing.smooth_keypoints(np.float32(walk), 2.0)
    expected = retarget.fit_poses(source, smoothed, 20.0)
    np.testing.assert_allclose(drawn, expected, atol=1e-3)
    neck = drawn[:, skeleton.NECK, :2].mean(axis=0)
    np.testing.assert_allclose(neck, source[skeleton.NECK, :2], atol=1)


@pytest.mark.parametrize("rate", [12.5, 50.0])
def test_times_are_seconds(rate):
    random = np.random.default_rng(0)
    walk = animation.walk_cycle(48, 0.7, cycles=2)
    walk[..., :2] += random.normal(size=walk[..., :2].shape)
    drawn = steady_poses.steady_poses(_film(walk), rate, 0.08, SIZE, None)
    np.testing.assert_allclose(
        drawn, smoothing.smooth_keypoints(walk, 0.08 * rate), rtol=1e-5
    )


def _film(keypoints, bad=()):
    is_known = np.ones(len(keypoints), bool)
    is_known[list(bad)] = False
    return pose_film.PoseFilm(np.array(keypoints, "f4"), is_known, (), 25.0)
