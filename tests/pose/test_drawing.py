"""Tests of the drawn skeletons."""

import numpy as np
import pytest

from keras_posegan.pose import drawing, skeleton


def _standing(height=128, width=64):
    """A person from the front, all joints visible, in a picture of that size."""
    x = [32, 32, 22, 18, 16, 42, 46, 48, 26, 25, 24, 38, 39, 40, 29, 35, 26, 38]
    y = [16, 26, 27, 44, 60, 27, 44, 60, 62, 90, 118, 62, 90, 118, 13, 13, 15, 15]
    points = np.array([x, y, np.ones(18)], np.float32).T
    return points * [width / 64, height / 128, 1]


def test_every_visible_joint_shows_in_a_colour_of_its_own():
    keypoints = _standing()
    picture = drawing.draw_skeleton(keypoints, (128, 64))
    assert picture.dtype == np.uint8
    assert picture.shape == (128, 64, 3)
    colors = {
        tuple(picture[round(y), round(x)].tolist()) for x, y, _ in keypoints.tolist()
    }
    assert len(colors) == skeleton.NUM_JOINTS
    assert all(max(color) == 255 for color in colors)


@pytest.mark.parametrize(("start", "end"), skeleton.LIMBS)
def test_limbs_join_their_two_joints(start, end):
    keypoints = np.zeros((18, 3))
    keypoints[start] = [10, 20, 1]
    keypoints[end] = [50, 100, 1]
    picture = drawing.draw_skeleton(keypoints, (128, 64))
    for share in np.linspace(0, 1, 20):
        x, y = (1 - share) * keypoints[start, :2] + share * keypoints[end, :2]
        assert picture[round(y), round(x)].any()
    alone = keypoints.copy()
    alone[end, 2] = 0
    assert not drawing.draw_skeleton(alone, (128, 64))[60, 30].any()


def test_a_joint_is_centred_on_its_pixel():
    keypoints = np.zeros((18, 3))
    keypoints[skeleton.NECK] = [30, 70, 1]
    weights = drawing.draw_skeleton(keypoints, (128, 64)).sum(axis=2).astype(float)
    y, x = np.mgrid[:128, :64]
    assert np.average(x, weights=weights) == pytest.approx(30, abs=0.1)
    assert np.average(y, weights=weights) == pytest.approx(70, abs=0.1)


@pytest.mark.parametrize("hidden", [np.nan, np.inf, -1.0])
def test_coordinates_of_invisible_joints_are_not_looked_at(hidden):
    keypoints = _standing()
    keypoints[[skeleton.RIGHT_WRIST, skeleton.LEFT_KNEE], 2] = 0
    expected = drawing.draw_skeleton(keypoints, (128, 64))
    keypoints[[skeleton.RIGHT_WRIST, skeleton.LEFT_KNEE], :2] = hidden
    picture = drawing.draw_skeleton(keypoints, (128, 64))
    np.testing.assert_array_equal(picture, expected)
    assert not picture[60, 16].any()


def test_nobody_leaves_the_background_as_it_is():
    random = np.random.default_rng(0)
    background = random.integers(0, 256, (33, 21, 3)).astype("uint8")
    picture = drawing.draw_skeleton(np.zeros((18, 3)), (33, 21), background)
    np.testing.assert_array_equal(picture, background)


def test_a_background_shows_beside_the_skeleton_and_is_not_changed():
    background = np.full((128, 64, 3), 200, "uint8")
    picture = drawing.draw_skeleton(_standing(), (128, 64), background)
    assert np.all(picture[:5] == 200)
    assert np.any(picture != 200)
    assert np.all(background == 200)


def test_joints_outside_the_picture_are_cut_off():
    keypoints = _standing()
    keypoints[skeleton.LEFT_ANKLE, :2] = [500, 900]
    picture = drawing.draw_skeleton(keypoints, (128, 64))
    assert picture.shape == (128, 64, 3)
    assert picture[100, 46].any()


def test_edges_are_smooth():
    keypoints = np.zeros((18, 3))
    keypoints[skeleton.NECK] = [32, 64, 1]
    red = drawing.draw_skeleton(keypoints, (128, 64))[..., 0]
    assert len(np.unique(red)) > 3


def test_widths_follow_the_size_of_the_picture():
    small = drawing.draw_skeleton(_standing(), (128, 64)).any(axis=2).mean()
    large = drawing.draw_skeleton(_standing(512, 256), (512, 256)).any(axis=2).mean()
    assert 0.7 < large / small <= 1.0


def test_rejects_keypoints_of_another_shape():
    with pytest.raises(ValueError, match=r"`keypoints` must be \(18, 3\).*\(17, 3\)"):
        drawing.draw_skeleton(np.zeros((17, 3)), (128, 64))


@pytest.mark.parametrize(
    "background", [np.zeros((64, 128, 3), "uint8"), np.zeros((128, 64, 3), "float32")]
)
def test_rejects_a_background_that_does_not_fit(background):
    with pytest.raises(ValueError, match=r"`background` must be uint8 \(128, 64, 3\)"):
        drawing.draw_skeleton(np.zeros((18, 3)), (128, 64), background)
