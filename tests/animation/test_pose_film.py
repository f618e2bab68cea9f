"""Tests of poses over time, from whatever they stand in."""

import json

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.animation import film_writer, pose_film
from keras_posegan.data import picture_files
from keras_posegan.pose import keypoint_files, pose_estimate


def test_poses_written_are_read(tmp_path):
    keypoints = _poses(4)
    keypoints[1, 3] = [np.nan, 5, 0]
    pose_film.write(tmp_path / "p.json", keypoints, 12.5)
    film = pose_film.read(tmp_path / "p.json", _never)
    assert film.frames_per_second == 12.5
    assert film.is_known.all()
    assert film.faults == ()
    np.testing.assert_array_equal(film.keypoints[..., 2], keypoints[..., 2])
    visible = keypoints[..., 2] > 0
    np.testing.assert_allclose(film.keypoints[visible], keypoints[visible], atol=1e-3)


@pytest.mark.parametrize("rate", [0, 0.1, 1000])
def test_the_slowest_and_the_fastest_are_read(tmp_path, rate):
    pose_film.write(tmp_path / "p.json", _poses(2), rate)
    film = pose_film.read(tmp_path / "p.json", _never)
    assert film.frames_per_second == rate
    assert film.frame_size is None


def test_a_list_of_poses_may_be_of_every_known_form(tmp_path):
    x = {"pose_keypoints_2d": [5.0, 6.0, 0.9] * 18}
    poses = [{"nose": [1, 2]}, {"people": [x]}, {"keypoints": [3, 4, 2] * 17}]
    (tmp_path / "p.json").write_text(json.dumps(poses))
    film = pose_film.read(tmp_path / "p.json", _never)
    assert film.frames_per_second == 0
    np.testing.assert_array_equal(film.keypoints[:, 0, :2], [[1, 2], [5, 6], [3, 4]])


def test_poses_that_cannot_be_read_are_faults(tmp_path):
    poses = [{"nose": [1, 2]}, None, {"tail": [1, 2]}, {"people": []}, {"nose": [3, 4]}]
    poses.append({"nose": None})
    (tmp_path / "p.json").write_text(json.dumps({"poses": poses}))
    film = pose_film.read(tmp_path / "p.json", _never)
    assert film.is_known.tolist() == [True, False, False, False, True, False]
    assert len(film.faults) == 4
    for fault, text in zip(
        film.faults,
        ("pose 2: no person", "pose 3: unknown joint 'tail'", "pose 4: has no person"),
        strict=False,
    ):
        assert f"p.json, {text}" in fault


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"people": [{"pose_keypoints_2d": [1] * 54}]}, "needs a list of poses"),
        ({"poses": 3}, "needs a list of poses"),
        ({"poses": [{"nose": [1, 2]}], "frames_per_second": "25"}, r"0\.1 to 1000"),
        ({"poses": [{"nose": [1, 2]}], "frames_per_second": -1}, r"0\.1 to 1000"),
        ({"poses": [{"nose": [1, 2]}], "frames_per_second": 0.001}, r"0\.1 to 1000"),
        ({"poses": [{"nose": [1, 2]}], "frames_per_second": 1001}, r"0\.1 to 1000"),
        ([], "has no frames"),
        ([None, None], r"pose 1: no person \(and 1 more bad frames\)"),
        ([{"people": [{"pose_keypoints_2d": [1] * 75}]}] * 3, "18 joints.*25 joints"),
        ("[1, 2", "is not JSON"),
        (None, "No such file"),
    ],
)
def test_a_file_without_poses_is_named(tmp_path, content, message):
    path = tmp_path / "p.json"
    if content is not None:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(input_error.InputError, match=message) as caught:
        pose_film.read(path, _never)
    assert "p.json" in str(caught.value)


def test_an_annotation_file_is_a_film_in_its_order(tmp_path):
    poses = _poses(4)
    poses[3] = 0
    keypoint_files.write_annotations(tmp_path / "p.csv", ["c", "a", "b", "d"], poses)
    film = pose_film.read(tmp_path / "p.csv", _never)
    np.testing.assert_allclose(film.keypoints, poses, atol=1e-3)
    assert film.is_known.tolist() == [True, True, True, False]
    (fault,) = film.faults
    assert "p.csv, d: no joint is visible" in fault


def test_without_a_model_no_frame_is_blamed(tmp_path):
    for name in ("1.png", "2.png"):
        Image.new("RGB", (32, 64)).save(tmp_path / name)

    def estimate(picture):
        raise input_error.InputError("no model")

    with pytest.raises(input_error.InputError, match=r"^no model$"):
        pose_film.read(tmp_path, estimate)


def test_a_folder_of_open_pose_is_read_in_the_order_of_its_numbers(tmp_path):
    for number in (9, 10, 11):
        figure = {"pose_keypoints_2d": [float(number), 1.0, 1.0] * 18}
        people = [] if number == 10 else [figure]
        (tmp_path / f"a_{number}_keypoints.json").write_text(
            json.dumps({"people": people})
        )
    (tmp_path / "a_9.png").write_text("not looked at")
    film = pose_film.read(tmp_path, _never)
    assert film.is_known.tolist() == [True, False, True]
    assert film.keypoints[[0, 2], 0, 0].tolist() == [9, 11]
    (fault,) = film.faults
    assert "a_10_keypoints.json: has no person" in fault


def test_a_folder_of_pictures_goes_on_past_bad_ones(tmp_path, capsys):
    for name, grey in (("f1.png", 10), ("f2.png", 0), ("f10.jpg", 30)):
        Image.new("RGB", (32, 64), (grey,) * 3).save(tmp_path / name)
    (tmp_path / "f3.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("left alone")
    film = pose_film.read(tmp_path, _of_grey)
    assert film.is_known.tolist() == [True, False, False, True]
    assert film.keypoints[[0, 3], 0, 0].tolist() == [10, 30]
    assert "f2.png: no person found" in film.faults[0]
    assert "f3.png" in film.faults[1]
    assert "is no picture" in film.faults[1]
    assert film.frame_size == (64, 32)
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("pose 1/4 ")
    assert last.startswith("pose 4/4 ")


def test_every_kind_of_picture_is_a_frame(tmp_path):
    for suffix in picture_files.SUFFIXES:
        Image.new("RGB", (32, 64), (9, 9, 9)).save(tmp_path / f"a{suffix}")
    Image.new("RGB", (64, 32), (9, 9, 9)).save(tmp_path / "b.PNG")
    film = pose_film.read(tmp_path, _of_grey)
    assert len(film.keypoints) == len(picture_files.SUFFIXES) + 1
    assert film.frame_size == (64, 32)


def test_a_number_in_a_name_is_one_that_counts(tmp_path):
    for name in ("10.png", "\u0663.png", "\u00b27.png"):  # An Arabic 3; squared, 7.
        Image.new("RGB", (32, 64), (9, 9, 9)).save(tmp_path / name)
    files = sorted(tmp_path.iterdir(), key=pose_film._by_name)
    assert [file.stem for file in files] == ["\u0663", "10", "\u00b27"]


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(input_error.InputError, match="has no frames"):
        pose_film.read(tmp_path, _never)


def test_a_film_is_estimated_frame_by_frame(tmp_path, capsys):
    frames = [np.full((40, 32, 3), grey, np.uint8) for grey in (10, 0, 30)]
    film_writer.write_film(tmp_path / "a.gif", frames, 12.5)
    film = pose_film.read(tmp_path / "a.gif", _of_grey)
    assert film.frames_per_second == pytest.approx(12.5)
    assert film.keypoints[[0, 2], 0, 0].tolist() == [10, 30]
    (fault,) = film.faults
    assert "a.gif, frame 2: no person found" in fault
    assert film.frame_size == (40, 32)
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("pose 1 ")
    assert last.startswith("pose 3/3  took")


def test_a_film_of_nobody_is_refused(tmp_path):
    frames = [np.full((32, 32, 3), grey, np.uint8) for grey in (10, 20)]
    film_writer.write_film(tmp_path / "a.gif", frames, 12.5)
    with pytest.raises(input_error.InputError, match=r"frame 1: no person.*1 more"):
        pose_film.read(tmp_path / "a.gif", lambda picture: None)
    with pytest.raises(input_error.InputError, match="no film"):
        pose_film.read(tmp_path / "b.gif", _never)


def _of_grey(picture):
    """A figure that stands at the picture's grey level; nobody in black."""
    grey = float(np.round(picture.mean()))
    if not grey:
        return None
    keypoints = np.ones((18, 3), np.float32)
    keypoints[:, 0] = grey
    keypoints[:, 1] = np.linspace(0, 60, 18)
    return pose_estimate.PoseEstimate(keypoints, 0.9)


def _never(picture):
    raise AssertionError("Nothing is to be estimated.")


def _poses(count):
    poses = np.ones((count, 18, 3), np.float32)
    poses[..., :2] = np.random.default_rng(0).uniform(0, 60, (count, 18, 2))
    return poses
