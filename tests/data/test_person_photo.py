"""Tests of users' photos: cut to the generator's size and put back."""

import json

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import person_photo
from keras_posegan.pose import crop_box, keypoint_files, pose_estimate

SIZE = (32, 16)


def test_a_photo_of_the_generators_size_is_taken_as_it_is(tmp_path):
    photo = _photo(tmp_path / "a.png", SIZE)
    pose = _pose(left=2, top=1, height=28)
    for keypoints in ("", _csv(tmp_path, pose)):
        person = person_photo.read_person(
            tmp_path / "a.png", keypoints, SIZE, _estimate(pose)
        )
        np.testing.assert_array_equal(person.picture, photo)
        np.testing.assert_allclose(person.keypoints, pose, atol=1e-3)
        assert person.box is None
        other = np.zeros((*SIZE, 3), np.uint8)
        assert person.paste_back(other) is other


def test_a_person_anywhere_is_cut_out_and_put_back(tmp_path):
    photo = _photo(tmp_path / "a.png", (300, 400))
    pose = _pose(left=200, top=120, height=100)
    person = person_photo.read_person(tmp_path / "a.png", "", SIZE, _estimate(pose))
    box = crop_box.person_box(pose, SIZE, (300, 400))
    assert person.box == box
    rows = slice(box.top, box.top + box.height)
    columns = slice(box.left, box.left + box.width)
    cut = Image.fromarray(photo[rows, columns]).resize((16, 32), Image.BICUBIC)
    np.testing.assert_array_equal(person.picture, cut)
    np.testing.assert_allclose(
        person.keypoints, box.to_crop(pose, SIZE), rtol=0, atol=1e-5
    )
    drawn = np.full((*SIZE, 3), 77, np.uint8)
    pasted = person.paste_back(drawn)
    assert (pasted[rows, columns] == 77).all()
    changed = np.zeros((300, 400), bool)
    changed[rows, columns] = True
    np.testing.assert_array_equal(pasted[~changed], photo[~changed])
    np.testing.assert_array_equal(person.photo, photo)


def test_a_cut_over_the_edge_repeats_the_edge_and_is_put_back_within(tmp_path):
    photo = np.zeros((90, 60, 3), np.uint8)
    photo[:, 0] = (250, 0, 0)
    photo[-1] = (0, 250, 0)
    Image.fromarray(photo).save(tmp_path / "a.png")
    pose = _pose(left=0, top=20, height=69)
    person = person_photo.read_person(tmp_path / "a.png", "", SIZE, _estimate(pose))
    assert person.box.left < 0
    assert person.box.top + person.box.height > 91
    np.testing.assert_array_equal(person.picture[4, 0], (250, 0, 0))
    np.testing.assert_array_equal(person.picture[-1, -1], (0, 250, 0))
    pasted = person.paste_back(np.full((*SIZE, 3), 77, np.uint8))
    assert pasted.shape == photo.shape
    assert (pasted[-1, 0] == 77).all()
    np.testing.assert_array_equal(pasted[: person.box.top], photo[: person.box.top])


def test_keypoints_of_a_file_are_the_photos(tmp_path):
    _photo(tmp_path / "a.png", (300, 400))
    pose = _pose(left=200, top=120, height=100)
    person = person_photo.read_person(
        tmp_path / "a.png", _csv(tmp_path, pose), SIZE, _never
    )
    box = crop_box.person_box(pose, SIZE)
    np.testing.assert_allclose(person.keypoints, box.to_crop(pose, SIZE), atol=1e-3)


def test_keypoints_beside_the_photo_are_named(tmp_path):
    _photo(tmp_path / "a.png", (60, 60))
    pose = _csv(tmp_path, _pose(left=200, top=120, height=100))
    with pytest.raises(input_error.InputError, match=r"a\.png is 60 .* lie outside"):
        person_photo.read_person(tmp_path / "a.png", pose, SIZE, _never)
    near = _csv(tmp_path, _pose(left=90, top=10, height=40))  # But not in the photo.
    with pytest.raises(input_error.InputError, match=r"a\.png is 60 .* lie outside"):
        person_photo.read_person(tmp_path / "a.png", near, SIZE, _never)
    nothing = _csv(tmp_path, np.zeros((18, 3)))
    with pytest.raises(input_error.InputError, match=r"a\.png: no joint is visible"):
        person_photo.read_person(tmp_path / "a.png", nothing, SIZE, _never)


@pytest.mark.parametrize("size", [(200, 150), SIZE])
@pytest.mark.parametrize(
    ("x", "y", "is_taken"),
    [
        (1.0, 1.0, True),
        (-1.0, -1.0, True),
        (2.0, 2.0, True),
        (2.01, 1.0, False),
        (1.0, 2.01, False),
        (-1.01, 1.0, False),
        (1.0, -1.01, False),
        (667.0, 1.0, False),  # A cut of 60 GB.
    ],
)
def test_no_joint_is_farther_than_the_photos_own_size(size, x, y, is_taken):
    photo = np.zeros((*size, 3), np.uint8)
    pose = _pose(left=2, top=1, height=28)
    pose[4] = (x * size[1], y * size[0], 1)
    hidden = pose * np.float32([667, 667, 0])
    hidden[0] = (10, 10, 1)
    person_photo.cut_person(photo, hidden, SIZE, "a.png")
    if is_taken:
        person_photo.cut_person(photo, pose, SIZE, "a.png")
    else:
        with pytest.raises(input_error.InputError, match=r"a\.png is .* lie outside"):
            person_photo.cut_person(photo, pose, SIZE, "a.png")


def test_a_photo_of_nobody_is_named(tmp_path):
    _photo(tmp_path / "a.png", SIZE)
    with pytest.raises(input_error.InputError, match=r"no person found in .*a\.png"):
        person_photo.read_person(tmp_path / "a.png", "", SIZE, lambda picture: None)
    with pytest.raises(input_error.InputError, match=r"no person found in .*a\.png"):
        person_photo.read_pose(str(tmp_path / "a.png"), "", SIZE, lambda picture: None)


def test_of_several_people_one_is_taken_and_that_is_said(tmp_path, capsys):
    _photo(tmp_path / "a.png", (300, 400))
    small, large = _pose(20, 120, 60), _pose(200, 120, 100)
    person = person_photo.read_person(
        tmp_path / "a.png", "", SIZE, _estimate(small, large)
    )
    assert person.box == crop_box.person_box(large, SIZE, (300, 400))
    (line,) = capsys.readouterr().out.splitlines()
    assert "a.png: 2 people; taken is the largest" in line
    person_photo.read_person(tmp_path / "a.png", "", SIZE, _estimate(large))
    assert not capsys.readouterr().out


class TestReadPose:
    def test_keypoints_in_the_generators_picture_stay(self, tmp_path):
        pose = _pose(left=2, top=1, height=28)
        pose[3, 1] = -2  # A hand out of the picture.
        read = person_photo.read_pose("", _csv(tmp_path, pose), SIZE, _never)
        np.testing.assert_allclose(read, pose, atol=1e-3)

    def test_keypoints_of_some_large_photo_are_cut(self, tmp_path):
        pose = _pose(left=200, top=120, height=100)
        read = person_photo.read_pose("", _csv(tmp_path, pose), SIZE, _never)
        expected = crop_box.person_box(pose, SIZE).to_crop(pose, SIZE)
        np.testing.assert_allclose(read, expected, atol=1e-3)

    def test_a_photos_pose_is_estimated_and_cut(self, tmp_path):
        _photo(tmp_path / "a.png", (300, 400))
        pose = _pose(left=200, top=120, height=100)
        path = str(tmp_path / "a.png")
        expected = crop_box.person_box(pose, SIZE).to_crop(pose, SIZE)
        estimated = person_photo.read_pose(path, "", SIZE, _estimate(pose))
        np.testing.assert_allclose(estimated, expected, atol=1e-5)
        given = person_photo.read_pose(path, _csv(tmp_path, pose), SIZE, _never)
        np.testing.assert_allclose(given, expected, atol=1e-3)

    def test_a_photo_of_the_generators_size_is_not_cut(self, tmp_path):
        _photo(tmp_path / "a.png", SIZE)
        pose = _pose(left=5, top=4, height=10)
        read = person_photo.read_pose(
            str(tmp_path / "a.png"), "", SIZE, _estimate(pose)
        )
        np.testing.assert_array_equal(read, pose)

    def test_another_skeleton_is_named(self, tmp_path):
        path = tmp_path / "body25.json"
        people = [{"pose_keypoints_2d": [1.0] * 75}]
        path.write_text(json.dumps({"people": people}))
        with pytest.raises(input_error.InputError, match=r"needs 18 joints .* 25"):
            person_photo.read_pose("", str(path), SIZE, _never)


class TestToGeneratorPixels:
    def test_poses_of_a_large_picture_are_cut_wherever_they_lie(self):
        poses = np.stack([_pose(2, 1, 28), _pose(3, 1, 26)])
        taken = person_photo.to_generator_pixels(poses, SIZE, "a", SIZE)
        np.testing.assert_array_equal(taken, poses)
        np.testing.assert_array_equal(
            person_photo.to_generator_pixels(poses, SIZE, "a"), poses
        )
        box = crop_box.person_box(poses, SIZE, (300, 400))
        np.testing.assert_allclose(
            person_photo.to_generator_pixels(poses, SIZE, "a", (300, 400)),
            box.to_crop(poses, SIZE),
        )
        assert np.abs(box.to_crop(poses, SIZE) - poses).max() > 1

    def test_poses_beside_a_picture_of_the_generators_size_stay(self):
        poses = _pose(20, 40, 28)[None]
        taken = person_photo.to_generator_pixels(poses, SIZE, "a", list(SIZE))
        np.testing.assert_array_equal(taken, poses)


def _photo(path, size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


def _pose(left, top, height):
    keypoints = np.ones((18, 3), np.float32)
    rows = np.array([3, 16, 16, 34, 49, 16, 34, 49, 53, 81, 106, 53, 81, 106, 0, 0, 1])
    keypoints[:, 1] = top + np.append(rows, 1) / 106 * height
    columns = np.array([6, 6, 2, 1, 0, 10, 11, 12, 4, 4, 4, 8, 8, 8, 5, 7, 4, 8])
    keypoints[:, 0] = left + columns / 40 * height
    return keypoints


def _estimate(*poses):
    """An estimator that finds these, one after the other, and then nobody."""
    left = list(poses)
    return lambda picture: (
        pose_estimate.PoseEstimate(left.pop(0), 0.9) if left else None
    )


def _never(picture):
    raise AssertionError("Nothing is to be estimated.")


def _csv(folder, pose):
    keypoint_files.write_annotations(folder / "k.csv", ["a.png"], pose[None])
    return str(folder / "k.csv")
