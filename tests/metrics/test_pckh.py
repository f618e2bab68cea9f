"""Tests of PCKh against the field's way of counting it."""

import json
import math

import numpy as np
import pytest

from keras_posegan.metrics import pckh
from keras_posegan.pose import skeleton

HEAD = [0, 1, 14, 15, 16, 17]


def _people(count, seed, visible=0.7):
    """Small figures in whole pixels, so that a joint may be at exactly half a head."""
    random = np.random.default_rng(seed)
    keypoints = random.integers(0, 9, (count, 18, 3)).astype("float32")
    keypoints[..., 2] = random.random((count, 18)) < visible
    keypoints[keypoints[..., 2] == 0, :2] = np.nan
    return keypoints


def _field_lists(keypoints):
    """y and x as the field writes them: -1 where missing."""
    values = np.where(keypoints[:, 2:] > 0, keypoints[:, :2], -1).astype(int).tolist()
    return [y for _, y in values], [x for x, _ in values]


def _field_counts(targets, founds):
    """The field's way: from lists of whole pixels with -1 for missing."""
    right = joints = 0
    for target, found in zip(targets, founds, strict=True):
        (target_y, target_x), (found_y, found_x) = map(_field_lists, (target, found))
        head = [part for part in HEAD if -1 not in (target_x[part], target_y[part])]
        if len(head) < 2:
            continue
        width = max(target_x[part] for part in head) - min(target_x[i] for i in head)
        height = max(target_y[part] for part in head) - min(target_y[i] for i in head)
        for joint in range(18):
            joints += target_y[joint] != -1
            if -1 in (found_x[joint], found_y[joint], target_x[joint], target_y[joint]):
                continue
            across = abs(found_x[joint] - target_x[joint])
            down = abs(found_y[joint] - target_y[joint])
            right += across < 0.5 * width and down < 0.5 * height
    return right, joints


def _figure():
    """Nose, neck and right knee; the head box is 4 wide and 10 high."""
    keypoints = np.full((1, 18, 3), np.nan, "float32")
    keypoints[..., 2] = 0
    keypoints[0, skeleton.NOSE] = [30, 10, 1]
    keypoints[0, skeleton.NECK] = [34, 20, 1]
    keypoints[0, skeleton.RIGHT_KNEE] = [30, 90, 1]
    return keypoints


def _moved(x, y):
    keypoints = _figure()
    keypoints[0, skeleton.RIGHT_KNEE, :2] += (x, y)
    return keypoints


@pytest.mark.parametrize("visible", [0.2, 0.7, 1.0])
def test_counts_as_the_field_does(visible):
    targets = _people(300, seed=1, visible=visible)
    founds = _people(300, seed=2)
    result = pckh.pckh(targets, founds)
    right, joints = _field_counts(targets, founds)
    assert (result.right, result.joints) == (right, joints)
    assert 0 < right < joints
    assert result.score == right / joints


def test_a_joint_is_right_within_half_a_head_box_along_each_axis():
    for (x, y), is_right in {
        (0, 0): True,
        (1.9, 4.9): True,
        (-1.9, -4.9): True,
        (2, 0): False,
        (0, 5): False,
    }.items():
        assert pckh.pckh(_figure(), _moved(x, y)).right == 2 + is_right


def test_the_head_box_is_the_targets():
    large = _figure()
    large[0, skeleton.NECK, :2] = [90, 90]
    assert pckh.pckh(_figure(), large).right == 2


def test_a_joint_not_found_is_wrong_and_one_not_asked_for_is_nothing():
    found = _figure()
    found[0, skeleton.RIGHT_KNEE, 2] = 0  # Where it should be, but unseen.
    found[0, skeleton.LEFT_KNEE] = [30, 90, 1]
    result = pckh.pckh(_figure(), found)
    assert (result.right, result.joints) == (2, 3)
    assert result.score == 2 / 3


def test_what_unseen_joints_hold_does_not_matter():
    expected = pckh.pckh(_figure(), _moved(1, 1))
    for junk in (0.0, np.inf, -np.inf):
        keypoints = [
            np.where(figure[..., 2:] > 0, figure, [junk, junk, 0])
            for figure in (_figure(), _moved(1, 1))
        ]
        assert pckh.pckh(*keypoints) == expected


def test_people_without_a_head_box_are_reported():
    targets = np.concatenate([_figure(), _figure()])
    targets[1, skeleton.NOSE, 2] = 0
    result = pckh.pckh(targets, targets)
    assert result == pckh.Pckh(
        people=2,
        people_without_head_box=1,
        joints=3,
        joints_without_head_box=2,
        right=3,
    )
    assert result.score == 1.0
    assert result.score_of_all_people == 3 / 5


def test_a_box_of_one_column_lets_no_joint_be_right():
    figure = _figure()
    figure[0, skeleton.NECK, 0] = 30
    result = pckh.pckh(figure, figure)
    assert (result.people_without_head_box, result.joints, result.right) == (0, 3, 0)


def test_without_a_joint_to_judge_there_is_no_score():
    figure = _figure()
    figure[..., 2] = 0
    for result in (pckh.pckh(figure, figure), pckh.pckh(figure[:0], figure[:0])):
        assert math.isnan(result.score)
        assert math.isnan(result.score_of_all_people)
    assert result.people == 0


def test_counts_go_into_json():
    result = pckh.pckh(_figure(), _figure())
    assert json.loads(json.dumps(vars(result)))["people"] == 1


def test_the_joints_of_the_head_are_those_of_the_skeleton():
    assert {skeleton.NECK, *skeleton.FACE} == set(pckh._HEAD)


def test_rejects_other_shapes():
    with pytest.raises(ValueError, match=r"`found_keypoints` must be.*\(1, 18, 2\)"):
        pckh.pckh(_figure(), _figure()[..., :2])
    with pytest.raises(ValueError, match=r"`target_keypoints` must be.*\(18, 3\)"):
        pckh.pckh(_figure()[0], _figure())
    with pytest.raises(ValueError, match="Received: 1 and 0"):
        pckh.pckh(_figure(), _figure()[:0])
