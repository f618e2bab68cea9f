"""Tests of the body mask against the field's way of drawing it, and its geometry."""

import numpy as np
import pytest
import skimage.draw
import skimage.morphology

from keras_posegan.pose import body_mask, skeleton
from tests.pose import keypoint_cases

IMAGE_SIZE = (128, 64)
# As the field's code has them: numbered from 1.
FIELD_LIMBS = (
    "2-3 2-6 3-4 4-5 6-7 7-8 2-9 9-10 10-11 2-12 12-13 13-14 2-1 1-15 15-17 "
    "1-16 16-18 2-17 2-18 9-12 12-6 9-3 17-18"
)
LIMBS = [[int(end) - 1 for end in limb.split("-")] for limb in FIELD_LIMBS.split()]


@pytest.fixture(scope="module")
def golden_yx():
    """Integer (y, x) of 128 figures, -1 where missing."""
    with np.load(keypoint_cases.GOLDEN) as arrays:
        return np.concatenate(
            [arrays["source_keypoints_yx"], arrays["target_keypoints_yx"]]
        )


def _field_mask(joints, image_size):
    """The field's way: scikit-image, from integer (y, x) with -1 for missing."""
    mask = np.zeros(image_size, bool)
    for first, second in LIMBS:
        if -1 in joints[first] or -1 in joints[second]:
            continue
        dy, dx = joints[first] - joints[second]
        normal = 4 * np.array([-dx, dy]) / np.sqrt(dy**2 + dx**2)
        corners = np.stack(
            [
                joints[first] + normal,
                joints[first] - normal,
                joints[second] - normal,
                joints[second] + normal,
            ]
        )
        mask[skimage.draw.polygon(*corners.T, shape=image_size)] = True
    for joint in joints:
        if -1 not in joint:
            mask[skimage.draw.disk(tuple(joint), 4, shape=image_size)] = True
    square = np.ones((5, 5), bool)
    dilated = skimage.morphology.dilation(mask, square)
    return skimage.morphology.erosion(dilated, square)


def _bounds(keypoints, image_size):
    """What is in the mask beyond doubt, and what may be: by distances, no polygons.

    Between the two lie pixels on the very edge of a limb, which rounding decides.
    """
    y, x = np.mgrid[: image_size[0], : image_size[1]]
    surely, maybe = np.zeros((2, *image_size), bool)
    for point in keypoints[keypoints[:, 2] > 0]:
        squared = (x - point[0]) ** 2 + (y - point[1]) ** 2
        surely |= squared < 16 - 1e-9
        maybe |= squared < 16 + 1e-9
    for first, second in LIMBS:
        if keypoints[first, 2] > 0 and keypoints[second, 2] > 0:
            start, end = keypoints[[first, second], :2].astype("float64")
            length = np.hypot(*(end - start))
            if length > 0:
                unit = (end - start) / length
                along = (x - start[0]) * unit[0] + (y - start[1]) * unit[1]
                across = (y - start[1]) * unit[0] - (x - start[0]) * unit[1]
                inside = np.minimum.reduce([along, length - along, 4 - abs(across)])
                surely |= inside > 1e-6
                maybe |= inside > -1e-6
    return _closed(surely), _closed(maybe)


def _closed(mask):
    """Out is a pixel that lies in some 5x5 window, cut at the border, with none."""
    dilated = np.zeros_like(mask)
    for row, column in np.ndindex(mask.shape):
        rows = slice(max(row - 2, 0), row + 3)
        columns = slice(max(column - 2, 0), column + 3)
        dilated[row, column] = mask[rows, columns].any()
    closed = np.zeros_like(mask)
    for row, column in np.ndindex(mask.shape):
        rows = slice(max(row - 2, 0), row + 3)
        columns = slice(max(column - 2, 0), column + 3)
        closed[row, column] = dilated[rows, columns].all()
    return closed


def _figure(**joints):
    """Keypoints of a few joints by name, the rest invisible and NaN."""
    keypoints = np.full((18, 3), np.nan, "float32")
    keypoints[:, 2] = 0
    for name, point in joints.items():
        keypoints[skeleton.JOINT_NAMES.index(name)] = [*point, 1]
    return keypoints


def test_equals_the_fields_own_masks(golden_yx):
    for joints in golden_yx:
        mask = body_mask.body_mask(keypoint_cases.from_field(joints), IMAGE_SIZE)
        assert mask.dtype == bool
        np.testing.assert_array_equal(mask, _field_mask(joints, IMAGE_SIZE))


def test_lies_within_the_bounds_of_its_geometry(golden_yx):
    doubtful = total = 0
    for joints in golden_yx[::8]:
        keypoints = keypoint_cases.from_field(joints)
        mask = body_mask.body_mask(keypoints, IMAGE_SIZE)
        surely, maybe = _bounds(keypoints, IMAGE_SIZE)
        assert not np.any(surely & ~mask)
        assert not np.any(mask & ~maybe)
        doubtful += (maybe & ~surely).sum()
        total += maybe.sum()
    assert doubtful < 0.03 * total


def test_a_figure_between_pixels_and_over_the_border_lies_within_its_bounds(golden_yx):
    shifts = (0.3, 0.4), (-20.4, -9.3), (17.7, -30.6)
    for shift, joints in zip(shifts, golden_yx, strict=False):
        keypoints = keypoint_cases.from_field(joints)
        keypoints[:, :2] += np.float32(shift)
        mask = body_mask.body_mask(keypoints, (60, 50))
        surely, maybe = _bounds(keypoints, (60, 50))
        assert mask.any()
        np.testing.assert_array_equal(surely, maybe)  # No pixel is on an edge.
        np.testing.assert_array_equal(mask, maybe)


def test_one_joint_is_the_pixels_nearer_than_four():
    mask = body_mask.body_mask(_figure(nose=(10, 20)), (40, 30))
    y, x = np.mgrid[:40, :30]
    expected = np.hypot(y - 20, x - 10) < 4
    np.testing.assert_array_equal(mask, _closed(expected))
    assert not mask[20, 14]
    assert mask[20, 13]


def test_a_limb_is_four_pixels_to_either_side():
    mask = body_mask.body_mask(
        _figure(right_knee=(20, 10), right_ankle=(20, 40)), (60, 50)
    )
    np.testing.assert_array_equal(np.flatnonzero(mask[25]), np.arange(16, 25))
    np.testing.assert_array_equal(np.flatnonzero(mask[:, 20]), np.arange(7, 44))


def test_joints_that_are_no_limb_are_not_joined():
    mask = body_mask.body_mask(
        _figure(right_wrist=(10, 10), left_wrist=(10, 40)), (60, 50)
    )
    assert not mask[25].any()


def test_a_gap_of_four_pixels_is_closed_and_one_of_five_is_not():
    for gap, closes in ((4, True), (5, False)):
        mask = body_mask.body_mask(
            _figure(right_wrist=(10, 20), left_wrist=(10, 27 + gap)), (60, 50)
        )
        assert mask[24 + gap // 2, 10] == closes


def test_two_pixels_between_a_joint_and_the_border_are_closed():
    for distance, closes in ((5, True), (6, False)):
        mask = body_mask.body_mask(_figure(nose=(20, distance)), (60, 50))
        assert mask[0, 20] == closes


def test_invisible_joints_do_not_leak():
    with_all = np.concatenate([np.full((18, 2), 30.0), np.zeros((18, 1))], axis=1)
    assert not body_mask.body_mask(with_all, IMAGE_SIZE).any()
    lone = body_mask.body_mask(_figure(nose=(10, 20)), IMAGE_SIZE)
    for junk in (np.nan, np.inf, 1e30, 12.0):
        keypoints = _figure(nose=(10, 20))
        keypoints[1:, :2] = junk
        np.testing.assert_array_equal(body_mask.body_mask(keypoints, IMAGE_SIZE), lone)


def test_two_joints_at_one_place_are_one_disc():
    one = body_mask.body_mask(_figure(nose=(10, 20)), IMAGE_SIZE)
    two = body_mask.body_mask(_figure(nose=(10, 20), neck=(10, 20)), IMAGE_SIZE)
    np.testing.assert_array_equal(one, two)


def test_a_joint_far_outside_marks_nothing():
    assert not body_mask.body_mask(_figure(nose=(-900, 5)), IMAGE_SIZE).any()
    assert not body_mask.body_mask(_figure(nose=(5, 99999)), IMAGE_SIZE).any()


def test_rejects_what_is_not_one_figure():
    with pytest.raises(ValueError, match=r"\(18, 3\). Received: \(2, 18, 3\)"):
        body_mask.body_mask(np.zeros((2, 18, 3)), IMAGE_SIZE)


@pytest.mark.parametrize("place", [np.nan, np.inf, -1e30])
def test_rejects_a_visible_joint_at_no_place(place):
    with pytest.raises(ValueError, match=r"left_knee at \(3.0, "):
        body_mask.body_mask(_figure(left_knee=(3, place)), IMAGE_SIZE)
