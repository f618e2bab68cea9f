"""Tests of the keypoint files: every format, and every way to get one wrong."""

import json

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.pose import keypoint_files, keypoint_json, skeleton

HEADER = "name:keypoints_y:keypoints_x"
Y = list(range(10, 28))
X = list(range(40, 58))


def _csv(tmp_path, *rows, header=HEADER):
    path = tmp_path / "annotation.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def _row(name="a.jpg", y=Y, x=X):
    return f"{name}: {list(y)}: {list(x)}"


def _json(tmp_path, content):
    path = tmp_path / "figure.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


class TestAnnotations:
    def test_a_row_is_y_then_x_and_minus_one_is_missing(self, tmp_path):
        path = _csv(tmp_path, _row(y=[-1, *Y[1:]], x=[-1, *X[1:]]), _row("b.jpg"))
        names, keypoints = keypoint_files.read_annotations(path)
        assert names == ["a.jpg", "b.jpg"]
        assert keypoints.dtype == np.float32
        assert keypoints.shape == (2, 18, 3)
        np.testing.assert_array_equal(keypoints[0, 0], [0, 0, 0])
        np.testing.assert_array_equal(keypoints[0, 1], [41, 11, 1])
        np.testing.assert_array_equal(keypoints[1, 17], [57, 27, 1])

    def test_a_joint_with_one_coordinate_missing_is_missing(self, tmp_path):
        path = _csv(tmp_path, _row(y=[-1, *Y[1:]]))
        _, keypoints = keypoint_files.read_annotations(path)
        np.testing.assert_array_equal(keypoints[0, 0], [0, 0, 0])

    def test_a_file_without_rows_is_empty(self, tmp_path):
        names, keypoints = keypoint_files.read_annotations(_csv(tmp_path))
        assert names == []
        assert keypoints.shape == (0, 18, 3)

    def test_written_keypoints_are_read_back(self, tmp_path):
        generator = np.random.default_rng(0)
        keypoints = generator.uniform(-30, 200, size=(5, 18, 3))
        keypoints[..., 2] = generator.integers(0, 2, size=(5, 18))
        keypoints[0, 0] = [-1.0, -1.0, 1.0]  # Visible, and yet it looks missing.
        keypoints[keypoints[..., 2] == 0] = [np.nan, np.inf, 0.0]
        names = [f"{index}.jpg" for index in range(5)]
        path = tmp_path / "written.csv"
        keypoint_files.write_annotations(path, names, keypoints)
        read_names, read = keypoint_files.read_annotations(path)
        assert read_names == names
        np.testing.assert_array_equal(read[..., 2], keypoints[..., 2])
        visible = keypoints[..., 2] > 0
        np.testing.assert_allclose(read[visible], keypoints[visible], atol=2e-3)

    def test_the_fields_own_file_is_written_back_byte_for_byte(
        self, shared_dir, tmp_path
    ):
        path = shared_dir / "market1501/annotations/market-annotation-train.csv"
        names, keypoints = keypoint_files.read_annotations(path)
        assert keypoints.shape == (12_936, 18, 3)
        keypoint_files.write_annotations(tmp_path / "copy.csv", names, keypoints)
        assert (tmp_path / "copy.csv").read_bytes() == path.read_bytes()

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (_row(y=Y[:17]), "keypoints_y must have 18 joints. Received: 17"),
            (_row(x=[*X, 1]), "keypoints_x must have 18 joints. Received: 19"),
            (_row(x=["a", *X[1:]]), "keypoints_x must be a list of numbers"),
            (_row(x=["NaN", *X[1:]]).replace("'NaN'", "NaN"), "must be finite"),
            (_row(y=["1e999", *X[1:]]).replace("'1e999'", "1e999"), "must be finite"),
            (_row(x=[True, *X[1:]]).replace("True", "true"), "list of numbers"),
            ("a.jpg: 5: 6", "keypoints_y must be a list of numbers. Received: ' 5'"),
            ("a.jpg: [1, 2", "needs 3 fields"),
            (_row(name=" "), "no picture name"),
            (_row("first.jpg"), "'first.jpg' stands in an earlier row too"),
        ],
    )
    def test_a_malformed_row_is_named_by_file_and_line(self, tmp_path, row, message):
        path = _csv(tmp_path, _row("first.jpg"), "", row, _row("last.jpg"))
        with pytest.raises(input_error.InputError) as caught:
            keypoint_files.read_annotations(path)
        text = str(caught.value)
        assert text.startswith(f"{path}:4: ")
        assert message in text
        assert "\n" not in text

    def test_a_scan_reports_every_malformed_row_and_keeps_the_sound_ones(
        self, tmp_path
    ):
        path = _csv(tmp_path, _row("a"), "b: 1", _row("c", y=[]), _row("a"), _row("d"))
        names, keypoints, errors = keypoint_files.scan_annotations(path)
        assert names == ["a", "d"]
        assert len(keypoints) == 2
        assert [error.split(": ")[0] for error in errors] == [
            f"{path}:{line}" for line in (3, 4, 5)
        ]
        with pytest.raises(input_error.InputError, match="2 more malformed rows"):
            keypoint_files.read_annotations(path)

    @pytest.mark.parametrize("header", [_row(), "name,keypoints_y,keypoints_x", ""])
    def test_a_missing_header_is_an_error_at_line_1(self, tmp_path, header):
        path = _csv(tmp_path, _row("b.jpg"), header=header)
        with pytest.raises(input_error.InputError, match=f"{path}:1: needs the header"):
            keypoint_files.read_annotations(path)

    def test_unreadable_files_are_named(self, tmp_path):
        with pytest.raises(input_error.InputError, match="No such file"):
            keypoint_files.read_annotations(tmp_path / "absent.csv")
        with pytest.raises(input_error.InputError, match="Is a directory"):
            keypoint_files.read_annotations(tmp_path)
        (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00\x80")
        with pytest.raises(input_error.InputError, match="not a text file"):
            keypoint_files.read_annotations(tmp_path / "bytes.csv")

    def test_writing_needs_one_figure_a_name(self, tmp_path):
        with pytest.raises(ValueError, match=r"shape=\(2, 18, 3\)"):
            keypoint_files.write_annotations(
                tmp_path / "a.csv", ["a"], np.zeros((2, 18, 3))
            )
        with pytest.raises(ValueError, match="finite"):
            keypoint_files.write_annotations(
                tmp_path / "a.csv", ["a"], np.full((1, 18, 3), [np.nan, 1, 1])
            )


class TestCsvRow:
    def test_a_row_is_chosen_by_the_spec_before_the_pictures_name(self, tmp_path):
        path = _csv(tmp_path, _row("a.jpg"), _row("b.jpg", y=X, x=Y))
        chosen = keypoint_files.read_keypoints(f"{path}:b.jpg", "a.jpg")
        np.testing.assert_array_equal(chosen[0], [10, 40, 1])
        by_picture = keypoint_files.read_keypoints(path, "a.jpg")
        np.testing.assert_array_equal(by_picture[0], [40, 10, 1])

    def test_the_only_row_needs_no_name(self, tmp_path):
        keypoints = keypoint_files.read_keypoints(_csv(tmp_path, _row()))
        assert keypoints.shape == (18, 3)

    def test_one_of_many_rows_needs_a_name_that_exists(self, tmp_path):
        path = _csv(tmp_path, _row("a.jpg"), _row("b.jpg"))
        with pytest.raises(input_error.InputError, match="2 rows: name one"):
            keypoint_files.read_keypoints(path)
        with pytest.raises(input_error.InputError, match=r"no row for .*'c.jpg'"):
            keypoint_files.read_keypoints(f"{path}:c.jpg")


def _open_pose(joints=18, confidence=0.5, shift=0.0):
    triples = [(x + shift, x + 100.0, confidence) for x in range(joints)]
    return {"pose_keypoints_2d": [value for triple in triples for value in triple]}


def _coco(visible=2, shift=0.0):
    triples = [(x + shift, x + 100.0, visible) for x in range(17)]
    return {"keypoints": [value for triple in triples for value in triple]}


class TestOpenPose:
    def test_is_read_as_it_stands(self, tmp_path):
        person = _open_pose()
        person["pose_keypoints_2d"][3 * skeleton.NECK + 2] = 0.0
        keypoints = keypoint_files.read_keypoints(_json(tmp_path, {"people": [person]}))
        assert keypoints.dtype == np.float32
        np.testing.assert_array_equal(keypoints[5], [5, 105, 1])
        np.testing.assert_array_equal(keypoints[skeleton.NECK], [0, 0, 0])

    def test_of_several_people_the_most_confident_is_taken(self, tmp_path):
        people = [_open_pose(), _open_pose(confidence=0.9, shift=7), _open_pose()]
        path = _json(tmp_path, {"people": people})
        assert keypoint_files.read_keypoints(path)[0, 0] == 7.0

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({"people": [_open_pose(25)]}, "needs 18 joints .* Received: 25 joints"),
            ({"people": [_open_pose(17)]}, "Received: 17 joints"),
            ({"people": [{"pose_keypoints_2d": [1, 2]}]}, "Received: 2 numbers"),
            ({"people": []}, "no person"),
            ({"people": [{}]}, "needs `pose_keypoints_2d`"),
            ({"people": 3}, "`people` must be a list"),
            ({"people": [{"pose_keypoints_2d": "x"}]}, "must be a list"),
            ({"people": [{"pose_keypoints_2d": [None] * 54}]}, "finite numbers"),
        ],
    )
    def test_wrong_content_is_named(self, tmp_path, content, message):
        _assert_refused(_json(tmp_path, content), message)


class TestCoco:
    def test_joints_are_reordered_and_the_neck_is_between_the_shoulders(self, tmp_path):
        keypoints = keypoint_files.read_keypoints(_json(tmp_path, _coco()))
        order = (0, None, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
        for joint, coco in enumerate(order):
            x = 5.5 if coco is None else coco
            np.testing.assert_array_equal(keypoints[joint], [x, x + 100, 1])

    def test_without_a_shoulder_there_is_no_neck(self, tmp_path):
        person = _coco()
        person["keypoints"][3 * 6 + 2] = 0
        keypoints = keypoint_files.read_keypoints(_json(tmp_path, [person]))
        np.testing.assert_array_equal(keypoints[skeleton.NECK], [0, 0, 0])
        np.testing.assert_array_equal(keypoints[skeleton.RIGHT_SHOULDER], [0, 0, 0])

    def test_a_whole_file_heeds_pictures_and_joint_names(self, tmp_path):
        names = list(keypoint_json.COCO_JOINT_NAMES)
        names[0], names[9] = names[9], names[0]
        content = {
            "images": [
                {"id": 1, "file_name": "a.jpg"},
                {"id": 2, "file_name": "b.jpg"},
            ],
            "annotations": [
                {"image_id": 1, **_coco(shift=50)},
                {"image_id": 2, **_coco(visible=1)},
            ],
            "categories": [{"name": "person", "keypoints": names}],
        }
        path = _json(tmp_path, content)
        keypoints = keypoint_files.read_keypoints(path, "b.jpg")
        np.testing.assert_array_equal(keypoints[skeleton.NOSE], [9, 109, 1])
        assert keypoint_files.read_keypoints(path)[skeleton.NOSE, 0] == 59
        _assert_refused(path, "no picture 'c.jpg'", "c.jpg")
        content["categories"][0]["keypoints"][3] = "tail"
        _assert_refused(_json(tmp_path, content), "unknown joint 'tail'")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({"keypoints": [1, 2, 3] * 18}, "needs 17 joints .* Received: 18 joints"),
            ([], "no person"),
            ([3], "needs `keypoints`"),
            ({"annotations": {}}, "`annotations` must be a list"),
            ({"annotations": [], "categories": [1]}, "list of objects"),
        ],
    )
    def test_wrong_content_is_named(self, tmp_path, content, message):
        _assert_refused(_json(tmp_path, content), message)


class TestNamedJoints:
    def test_are_found_by_name(self, tmp_path):
        content = {
            "left_eye": [3, 4],
            "right_shoulder": [10, 20],
            "left_shoulder": [20, 20.5, 1],
            "nose": None,
            "left_wrist": [1, 1, 0],
        }
        keypoints = keypoint_files.read_keypoints(_json(tmp_path, content))
        expected = np.zeros((18, 3))
        expected[skeleton.LEFT_EYE] = [3, 4, 1]
        expected[skeleton.RIGHT_SHOULDER] = [10, 20, 1]
        expected[skeleton.LEFT_SHOULDER] = [20, 20.5, 1]
        expected[skeleton.NECK] = [15, 20.25, 1]
        np.testing.assert_array_equal(keypoints, expected)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({"nose": [1, 2], "tail": [1, 2]}, "unknown joint 'tail'. Known: nose,"),
            ({"nose": [1]}, r"joint 'nose' must be \[x, y\]"),
            ({"nose": "left"}, "joint 'nose' must be a list"),
            ({}, "needs OpenPose's"),
            (5, "needs OpenPose's"),
            ("[1, 2", "neither a keypoint CSV .* nor JSON"),
            ('{"nose": [NaN, 2]}', "finite"),
        ],
    )
    def test_wrong_content_is_named(self, tmp_path, content, message):
        _assert_refused(_json(tmp_path, content), message)


def test_a_missing_file_is_named(tmp_path):
    _assert_refused(tmp_path / "absent.json", "absent.json: No such file")
    _assert_refused(f"{tmp_path}/absent.csv:a.jpg", "absent.csv: No such file")


def _assert_refused(path, message, picture_name=None):
    with pytest.raises(input_error.InputError, match=message) as caught:
        keypoint_files.read_keypoints(path, picture_name)
    assert str(path).split(":")[0] in str(caught.value)
    assert "\n" not in str(caught.value)
