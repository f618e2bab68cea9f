"""Tests of the parts' pictures against what the maps say, pixel by pixel."""

import math

import numpy as np
import pytest

from keras_posegan.layers import body_parts as body_parts_layer
from keras_posegan.pose import body_parts, skeleton
from tools import part_sheet

SIZE = (64, 32)
# A person who stands, arms hanging a little off, within a 64x32 picture.
_PLACES = {
    "nose": (15, 8),
    "neck": (15, 14),
    "right_shoulder": (10, 14),
    "right_elbow": (7, 21),
    "right_wrist": (5, 28),
    "left_shoulder": (20, 14),
    "left_elbow": (23, 21),
    "left_wrist": (25, 28),
    "right_hip": (12, 30),
    "right_knee": (11, 41),
    "right_ankle": (11, 52),
    "left_hip": (18, 30),
    "left_knee": (19, 41),
    "left_ankle": (19, 52),
    "right_eye": (14, 6),
    "left_eye": (17, 6),
    "right_ear": (12, 8),
    "left_ear": (19, 8),
}
PERSON = np.array([(*_PLACES[name], 1) for name in skeleton.JOINT_NAMES], "float32")


def _picture():
    rng = np.random.default_rng(0)
    return rng.integers(1, 256, (*SIZE, 3), dtype=np.uint8)


def _moved(keypoints, x, y):
    return keypoints + np.float32([x, y, 0])


def test_the_same_pose_leaves_every_part_where_it_is():
    picture = _picture()
    warps = part_sheet.part_warps(picture, PERSON, PERSON)
    assert warps.masks.any(axis=(1, 2)).all()
    np.testing.assert_array_equal(warps.regions, warps.masks)
    # The maps are the identity up to rounding, which reads between pixels a little.
    masked = picture * warps.masks[..., None]
    np.testing.assert_allclose(warps.warped.astype(int), masked, atol=1)
    np.testing.assert_allclose(warps.maximum.astype(int), picture, atol=1)


def test_a_moved_person_brings_the_picture_along():
    picture = _picture()
    warps = part_sheet.part_warps(picture, PERSON, _moved(PERSON, 3, 5))
    body = warps.warped[0]
    np.testing.assert_allclose(body[5:, 3:].astype(int), picture[:-5, :-3], atol=1)
    assert not body[:5].any()
    assert not body[:, :3].any()
    # What the target shows of a part is read 3 pixels further left, 5 further up.
    np.testing.assert_array_equal(warps.regions[1:, :-5, :-3], warps.masks[1:, 5:, 3:])


def test_regions_hold_what_the_maps_reach_from_inside_the_masks():
    rng = np.random.default_rng(1)
    target = PERSON + np.append(rng.normal(0, 2, (18, 2)), np.zeros((18, 1)), 1)
    target[skeleton.LEFT_WRIST, 2] = 0
    target = target.astype("float32")
    warps = part_sheet.part_warps(_picture(), PERSON, target)
    transforms = body_parts.part_transforms(PERSON[None], target[None])[0].numpy()
    _, masks = body_parts_layer.BodyParts(SIZE)(PERSON[None], target[None])
    np.testing.assert_array_equal(warps.masks, np.moveaxis(masks[0] > 0, -1, 0))
    for transform, mask, region in zip(
        transforms, warps.masks, warps.regions, strict=True
    ):
        a, b = transform[:3], transform[3:6]
        # Every pixel of the mask lands within a pixel of the region or outside.
        for y, x in zip(*np.nonzero(mask), strict=True):
            source_x = a @ (x, y, 1)
            source_y = b @ (x, y, 1)
            if not (1 <= source_x < SIZE[1] - 2 and 1 <= source_y < SIZE[0] - 2):
                continue
            left, top = math.floor(source_x), math.floor(source_y)
            assert region[top - 1 : top + 3, left - 1 : left + 3].any()
        # And back: every pixel of the region comes from next to the mask.
        inverse = np.linalg.inv(np.stack([a[:2], b[:2]]).astype("float64"))
        for y, x in zip(*np.nonzero(region), strict=True):
            target_x, target_y = inverse @ (x - a[2], y - b[2])
            column, row = math.floor(target_x + 0.5), math.floor(target_y + 0.5)
            assert mask[row, column]
    lower_arm = body_parts.PART_NAMES.index("left lower arm")
    assert not warps.masks[lower_arm].any()
    assert not warps.regions[lower_arm].any()
    assert not warps.warped[lower_arm].any()


def test_the_maximum_is_over_every_part():
    target = _moved(PERSON, -2, 3)
    target[skeleton.RIGHT_ELBOW] += (4, -6, 0)
    target[skeleton.LEFT_KNEE] += (5, -3, 0)
    warps = part_sheet.part_warps(_picture(), PERSON, target)
    np.testing.assert_allclose(
        warps.maximum.astype(int), warps.warped.max(axis=0), atol=1
    )
    assert (warps.maximum > warps.warped[0] + 1).any()


def test_a_map_onto_a_line_has_no_region():
    flat = np.float32([1, 0, 0, 0, 0, 5, 0, 0])
    assert not part_sheet._region(flat, np.ones(SIZE, bool)).any()


def test_the_interpolation_is_the_one_asked_for():
    target = PERSON.copy()
    target[:, 0] = (target[:, 0] - 15) * 1.3 + 15
    bilinear, nearest = (
        part_sheet.part_warps(_picture(), PERSON, target, kind)
        for kind in ("bilinear", "nearest")
    )
    values = set(map(tuple, _picture().reshape(-1, 3)))
    assert set(map(tuple, nearest.warped[0].reshape(-1, 3))) <= values | {(0, 0, 0)}
    assert not set(map(tuple, bilinear.warped[0].reshape(-1, 3))) <= values


@pytest.mark.parametrize("size", [SIZE, (32, 32)])
def test_a_sheet_has_a_column_a_part(size):
    picture = np.full((*size, 3), 200, np.uint8)
    sample = {
        "source_image": picture[None],
        "target_image": picture[None],
        "source_keypoints": PERSON[None],
        "target_keypoints": PERSON[None],
    }
    sheet = part_sheet.part_sheet(sample, picture)
    width = 256 // size[0] * size[1]
    assert sheet.dtype == np.uint8
    assert sheet.shape[1] == 2 * 16 + 10 * (width + 6) - 6
