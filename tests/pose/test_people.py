"""Tests of several people in one picture."""

import numpy as np

from keras_posegan.pose import people, pose_estimate


def test_everybody_is_found_the_largest_in_the_middle_first():
    picture = _picture((20, 60), (100, 90), (260, 90), (380, 40))
    found = people.find_people(picture, _leftmost_bright_block)
    boxes = [person.keypoints[person.keypoints[:, 2] > 0] for person in found]
    # Middles of the two large ones: 122 and 282, of 420 columns.
    assert [box[:, 0].min() for box in boxes] == [260, 100, 20, 380]
    assert [np.ptp(box[:, 1]) + 1 for box in boxes] == [90, 90, 60, 40]


def test_size_outweighs_the_middle_by_half_at_most():
    at_the_edge = _picture((0, 90), (200, 50))
    found = people.find_people(at_the_edge, _leftmost_bright_block)
    assert found[0].keypoints[:, 0].min() == 0
    at_the_edge = _picture((0, 90), (195, 60))
    found = people.find_people(at_the_edge, _leftmost_bright_block)
    assert found[0].keypoints[:, 0].min() == 195


def test_nobody_is_nobody_and_the_picture_stays():
    assert people.find_people(_picture(), _leftmost_bright_block) == []
    picture = _picture((20, 60))
    before = picture.copy()
    assert len(people.find_people(picture, _leftmost_bright_block)) == 1
    np.testing.assert_array_equal(picture, before)


def test_somebody_who_will_not_go_away_is_found_six_times():
    keypoints = np.ones((18, 3))
    keypoints[:, :2] = np.arange(36).reshape(18, 2)
    person = pose_estimate.PoseEstimate(keypoints, 0.9)
    assert len(people.find_people(_picture(), lambda picture: person)) == 6


def _picture(*blocks):
    """Dark, with bright blocks of (left, height), half as wide as high."""
    picture = np.zeros((120, 420, 3), np.uint8)
    for left, height in blocks:
        picture[20 : 20 + height, left : left + height // 2] = 255
    return picture


def _leftmost_bright_block(picture):
    bright = picture[..., 0] == 255
    columns = np.flatnonzero(bright.any(axis=0))
    if not len(columns):
        return None
    gaps = np.flatnonzero(np.diff(columns) > 1)
    right = columns[gaps[0]] if len(gaps) else columns[-1]
    rows = np.flatnonzero(bright[:, columns[0] : right + 1].any(axis=1))
    keypoints = np.ones((18, 3))
    keypoints[:, 0] = np.linspace(columns[0], right, 18)
    keypoints[:, 1] = np.linspace(rows[0], rows[-1], 18)
    keypoints[3] = [9999, 9999, 0]  # Not visible: nowhere.
    return pose_estimate.PoseEstimate(keypoints, 0.9)
