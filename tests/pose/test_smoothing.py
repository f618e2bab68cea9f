"""Tests of joints over time: filled and smoothed."""

import numpy as np
import pytest

from keras_posegan.pose import smoothing


@pytest.mark.parametrize("degree", [1, 2])
def test_each_frame_is_a_weighted_fit_around_it(degree):
    values = np.random.default_rng(0).normal(size=(30, 2))
    smoothed = smoothing.smooth(values, 1.5, degree)
    for frame in range(30):
        times = np.arange(30) - frame
        near = np.abs(times) <= 6
        weights = np.exp(-0.5 * (times[near] / 1.5) ** 2)
        for axis in range(2):
            # polyfit weighs residuals, not their squares.
            fit = np.polyfit(
                times[near], values[near, axis], degree, w=np.sqrt(weights)
            )
            assert smoothed[frame, axis] == pytest.approx(fit[-1], abs=1e-9)


def test_a_parabola_stays_as_it_is_to_its_ends():
    times = np.arange(20.0)
    values = (times - 7) ** 2
    np.testing.assert_allclose(smoothing.smooth(values, 3), values, atol=1e-8)


def test_nothing_lags():
    values = np.random.default_rng(0).normal(size=(25, 3))
    backwards = smoothing.smooth(values[::-1], 2)[::-1]
    np.testing.assert_allclose(smoothing.smooth(values, 2), backwards, atol=1e-9)


def test_trembling_goes_and_motion_stays():
    times = np.arange(120)
    motion = 20 * np.sin(2 * np.pi * times / 24)
    trembling = motion + np.random.default_rng(0).normal(0, 1.5, len(times))
    smoothed = smoothing.smooth(trembling, 2.0)
    assert _jitter(trembling) > 3
    assert _jitter(smoothed) < 1.3 * _jitter(motion)
    assert np.std(smoothed - motion) < 0.6 * 1.5
    amplitude = np.abs(np.fft.rfft(smoothed)[5]) / np.abs(np.fft.rfft(motion)[5])
    assert 0.97 < amplitude < 1.03


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_films_are_left_alone(count):
    values = np.arange(float(count)) ** 2
    np.testing.assert_allclose(smoothing.smooth(values, 2), values, atol=1e-9)


def test_no_smoothing_changes_nothing():
    values = np.random.default_rng(0).normal(size=(9, 2))
    np.testing.assert_array_equal(smoothing.smooth(values, 0.0), values)


class TestFillGaps:
    def test_a_short_gap_is_a_straight_line(self):
        keypoints = _moving(9)
        keypoints[3:5, 4] = [np.nan, np.inf, 0]
        filled = smoothing.fill_gaps(keypoints, np.ones(9, bool), 2)
        np.testing.assert_allclose(filled, _moving(9))

    def test_a_long_gap_stays_and_so_do_the_ends(self):
        keypoints = _moving(9)
        keypoints[3:5, 4, 2] = 0
        keypoints[:2, 5, 2] = 0
        keypoints[8:, 6, 2] = 0
        filled = smoothing.fill_gaps(keypoints, np.ones(9, bool), 1)
        np.testing.assert_array_equal(filled[..., 2], keypoints[..., 2])

    def test_a_bad_frame_is_filled_however_many_there_are(self):
        keypoints = _moving(9)
        is_known = np.ones(9, bool)
        is_known[2:7] = False
        keypoints[2:7] = [5, 5, 1]  # Means nothing.
        filled = smoothing.fill_gaps(keypoints, is_known, 0)
        np.testing.assert_allclose(filled, _moving(9))

    def test_a_hidden_joint_does_not_come_back_in_a_bad_frame(self):
        keypoints = _moving(5)
        keypoints[:2, 4] = 0
        keypoints[2] = [5, 5, 1]
        is_known = np.array([True, True, False, True, True])
        filled = smoothing.fill_gaps(keypoints, is_known, 0)
        assert not filled[2, 4, 2]
        assert filled[2, 5, 2]

    def test_bad_frames_at_the_ends_stand_still(self):
        keypoints = _moving(6)
        is_known = np.array([False, False, True, True, True, False])
        filled = smoothing.fill_gaps(keypoints, is_known, 0)
        expected = _moving(6)[[2, 2, 2, 3, 4, 4]]
        np.testing.assert_allclose(filled, expected)


def test_a_joint_is_smoothed_over_the_stretches_in_which_it_is_seen():
    random = np.random.default_rng(0)
    keypoints = np.ones((20, 18, 3))
    keypoints[..., :2] = random.normal(size=(20, 18, 2))
    keypoints[8:11, 3] = [1e6, np.nan, 0]
    smoothed = smoothing.smooth_keypoints(keypoints, 1.5)
    for stretch in (slice(0, 8), slice(11, 20)):
        np.testing.assert_allclose(
            smoothed[stretch, 3, :2], smoothing.smooth(keypoints[stretch, 3, :2], 1.5)
        )
    np.testing.assert_allclose(
        smoothed[:, 4, :2], smoothing.smooth(keypoints[:, 4, :2], 1.5)
    )
    np.testing.assert_array_equal(smoothed[..., 2], keypoints[..., 2])


def _moving(frames):
    """Every joint on a straight line of its own."""
    keypoints = np.ones((frames, 18, 3))
    times = np.arange(frames)[:, None, None]
    keypoints[..., :2] = np.arange(36).reshape(18, 2) * (1 + times)
    return keypoints


def _jitter(values):
    return np.sqrt(np.mean(np.diff(values, 2) ** 2))
