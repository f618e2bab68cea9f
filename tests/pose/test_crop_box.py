"""Tests of where a person is cut out, and of joints that move with the cut."""

import numpy as np
import pytest

from keras_posegan.pose import crop_box, skeleton

SIZE = (128, 64)


def test_the_middle_figure_of_market_1501_is_cut_as_market_1501_is():
    box = crop_box.person_box(_figure(9, 115), SIZE)
    assert abs(box.left) <= 1
    assert abs(box.top) <= 1
    assert abs(box.width - 64) <= 1
    assert abs(box.height - 128) <= 1


def test_the_cut_moves_and_grows_with_the_person():
    small = crop_box.person_box(_figure(9, 115), SIZE)
    keypoints = _figure(9, 115)
    keypoints[:, :2] = 7 * keypoints[:, :2] + (500, 300)
    large = crop_box.person_box(keypoints, SIZE)
    assert large.height == pytest.approx(7 * small.height, abs=7)
    # The joints come to lie where they would in the small picture.
    in_small = small.to_crop(_figure(9, 115), SIZE)
    in_large = large.to_crop(keypoints, SIZE)
    np.testing.assert_allclose(in_large[:, :2], in_small[:, :2], atol=1.1)


def test_wide_arms_widen_the_cut_and_its_shape_stays():
    keypoints = _figure(100, 200)
    keypoints[skeleton.RIGHT_WRIST] = [0.3, 150, 1]
    keypoints[skeleton.LEFT_WRIST] = [300.3, 150, 1]
    box = crop_box.person_box(keypoints, SIZE)
    # 300 between the wrists and 5 % of 100 on both sides; twice as high as wide.
    assert box.width == 310
    assert box.height == 620
    assert box.left == round(0.3 - 5 + 0.5)  # Half a pixel from centre to corner.
    # The 121 rows it needs, 91 to 212, in the middle.
    assert box.top == round(151.5 + 0.5 - 310)


def test_feet_that_were_not_found_are_kept_within_the_picture():
    keypoints = _figure(9, 115)
    whole = crop_box.person_box(keypoints, SIZE)
    legs = [skeleton.RIGHT_KNEE, skeleton.LEFT_KNEE]
    legs += [skeleton.RIGHT_ANKLE, skeleton.LEFT_ANKLE]
    keypoints[legs, 2] = 0
    without = crop_box.person_box(keypoints, SIZE)
    assert without.top + without.height == pytest.approx(
        whole.top + whole.height, abs=2
    )
    # A photo that ends at the waist: only the margin goes over its edge.
    bust = crop_box.person_box(keypoints, SIZE, (70, 200))
    assert bust.top + bust.height < 70 + 0.2 * 70


def test_a_head_that_was_not_found_is_kept():
    keypoints = _figure(9, 115)
    whole = crop_box.person_box(keypoints, SIZE)
    keypoints[list(skeleton.FACE), 2] = 0
    assert crop_box.person_box(keypoints, SIZE).top == pytest.approx(whole.top, abs=2)
    # A photo that starts at the neck.
    keypoints[:, 1] -= 25
    assert crop_box.person_box(keypoints, SIZE).top > -0.2 * 90


def test_a_film_has_one_cut_around_all():
    first = _figure(9, 115)
    last = first + np.array([300, 0, 0])
    box = crop_box.person_box(np.stack([first, last]), SIZE)
    for figure in (first, last):
        inside = box.to_crop(figure, SIZE)[:, :2]
        assert (inside > 0).all()
        assert (inside < (64, 128)).all()


def test_places_of_invisible_joints_do_not_count():
    keypoints = _figure(9, 115)
    expected = crop_box.person_box(keypoints, SIZE)
    keypoints[skeleton.LEFT_WRIST] = [np.nan, 9e9, 0]
    assert crop_box.person_box(keypoints, SIZE) == expected


def test_nobody_has_no_cut():
    with pytest.raises(ValueError, match="must show a joint"):
        crop_box.person_box(np.zeros((18, 3)), SIZE)


def test_the_cuts_first_pixel_becomes_the_first_pixels():
    box = crop_box.CropBox(left=100, top=40, width=128, height=256)
    keypoints = np.ones((18, 3))
    # The middle of the four pixels that become the first; the last pixels' end.
    keypoints[0, :2] = [100.5, 40.5]
    keypoints[1, :2] = [100 + 128 - 0.5, 40 + 256 - 0.5]
    moved = box.to_crop(keypoints, SIZE)
    assert moved.dtype == np.float32
    np.testing.assert_allclose(moved[0], [0, 0, 1], atol=1e-5)
    np.testing.assert_allclose(moved[1], [63.5, 127.5, 1], atol=1e-5)


def test_keypoints_of_the_generators_picture_are_told_from_a_photos():
    assert crop_box.lies_within(_figure(9, 115), SIZE)
    assert not crop_box.lies_within(_figure(9, 115) + np.array([300, 0, 0]), SIZE)
    assert not crop_box.lies_within(5 * _figure(9, 115), SIZE)
    partly = _figure(9, 115)
    partly[:4, 1] = -3  # Four of 18 outside.
    assert crop_box.lies_within(partly, SIZE)
    partly[:6, 1] = -3
    assert not crop_box.lies_within(partly, SIZE)
    assert crop_box.lies_within(np.zeros((18, 3)), SIZE)


def _figure(top, bottom):
    """Market's median rows, in a picture of 128, between these two."""
    rows = {"nose": 12, "eye": 9, "ear": 10, "neck": 25, "shoulder": 25, "elbow": 43}
    rows |= {"wrist": 58, "hip": 62.5, "knee": 90, "ankle": 115}
    keypoints = np.ones((18, 3))
    for joint, name in enumerate(skeleton.JOINT_NAMES):
        side = {"right": 20, "left": 43}.get(name.split("_")[0], 31.5)
        row = (rows[name.split("_")[-1]] - 9) / 106
        keypoints[joint, :2] = [side, top + row * (bottom - top)]
    return keypoints
