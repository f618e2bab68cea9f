"""Tests of the pose estimator, with a stand-in for MoveNet and with MoveNet itself."""

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import market1501
from keras_posegan.pose import (
    keypoint_files,
    keypoint_json,
    movenet,
    pose_estimator,
    skeleton,
)
from tests.pose import stand_in_movenet
from tools import pose_accuracy, pose_scenes

SIZE = (128, 64)
PERSON = (16, 10, 48, 120)
COCO = keypoint_json.COCO_JOINT_NAMES


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return stand_in_movenet.write(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.fixture
def estimator(model):
    return pose_estimator.PoseEstimator(model)


def _scores(**by_name):
    scores = stand_in_movenet.SCORES.copy()
    for name, score in by_name.items():
        scores[COCO.index(name)] = score
    return scores


def _expected(rectangle):
    """The 18 joints, x and y, by their names."""
    coco = stand_in_movenet.joints(rectangle)
    places = {name: coco[row] for row, name in enumerate(COCO)}
    places["neck"] = (places["right_shoulder"] + places["left_shoulder"]) / 2
    return np.array([places[name] for name in skeleton.JOINT_NAMES])


def test_joints_are_those_of_the_skeleton_in_pixels_of_the_picture(estimator):
    estimate = estimator.estimate(stand_in_movenet.picture(SIZE, PERSON))
    assert estimate.keypoints.dtype == np.float32
    assert estimate.keypoints.shape == (18, 3)
    np.testing.assert_array_equal(estimate.keypoints[:, 2], np.ones(18))
    np.testing.assert_allclose(estimate.keypoints[:, :2], _expected(PERSON), atol=0.05)
    assert estimate.score == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_models_of_other_input_types_are_run_too(tmp_path, dtype):
    path = stand_in_movenet.write(tmp_path / "model.tflite", dtype=dtype)
    estimate = pose_estimator.PoseEstimator(path).estimate(
        stand_in_movenet.picture(SIZE, PERSON)
    )
    np.testing.assert_allclose(estimate.keypoints[:, :2], _expected(PERSON), atol=0.05)


def test_a_wide_picture_is_padded_above_and_below(estimator):
    person = (100, 5, 140, 75)
    estimate = estimator.estimate(stand_in_movenet.picture((80, 200), person))
    np.testing.assert_allclose(estimate.keypoints[:, :2], _expected(person), atol=0.3)


@pytest.mark.parametrize(
    "box", [(100, 30, 164, 158), (90.5, 20.2, 180.7, 150.1), (60, 30, 210, 158)]
)
def test_a_box_says_where_to_look(estimator, box):
    person = (116, 40, 148, 150)
    picture = stand_in_movenet.picture((200, 200), person)
    picture[:100, :50, :2] = 255  # Another one.
    estimate = estimator.estimate(picture, box)
    np.testing.assert_allclose(estimate.keypoints[:, :2], _expected(person), atol=0.3)
    together = estimator.estimate(picture)
    assert np.abs(together.keypoints[:, :2] - _expected(person)).max() > 10


def test_a_box_may_reach_out_of_the_picture(estimator):
    estimate = estimator.estimate(
        stand_in_movenet.picture(SIZE, PERSON), (-20, -40, 84, 140)
    )
    np.testing.assert_allclose(estimate.keypoints[:, :2], _expected(PERSON), atol=0.3)


def test_a_small_person_gets_a_closer_look(model):
    person = (400, 300, 460, 430)
    picture = stand_in_movenet.picture((480, 640), person)
    far, near, nearest = (
        pose_estimator.PoseEstimator(model, looks=looks).locate(picture)
        for looks in (1, 2, 3)
    )
    assert far[1] < 0.3
    assert near[1] > 0.85
    assert nearest[1] >= near[1]
    np.testing.assert_allclose(nearest[0][:, :2], _expected(person), atol=0.2)
    (estimate,) = pose_estimator.PoseEstimator(model).estimate_batch([picture])
    np.testing.assert_array_equal(
        estimate.keypoints[:, :2], nearest[0][:, :2].astype(np.float32)
    )


def test_a_closer_look_that_shows_less_is_forgotten(model):
    # Blue everywhere but in the padding, which the closer look leaves out.
    picture = stand_in_movenet.picture((480, 640), (300, 150, 380, 310), blue=255)
    located = [
        pose_estimator.PoseEstimator(model, looks=looks).locate(picture)
        for looks in (1, 3)
    ]
    np.testing.assert_array_equal(located[0][0], located[1][0])


def test_a_person_who_fills_the_picture_is_looked_at_once(estimator, monkeypatch):
    looks = []
    look = estimator._look
    monkeypatch.setattr(
        estimator, "_look", lambda *given: (looks.append(given), look(*given))[1]
    )
    estimator.estimate(stand_in_movenet.picture(SIZE, PERSON))
    assert len(looks) == 1
    estimator.estimate(stand_in_movenet.picture((480, 640), (300, 150, 380, 310)))
    assert len(looks) == 1 + 2  # A third look would be no closer.


def test_where_nothing_is_found_no_closer_look_fails(model):
    estimator = pose_estimator.PoseEstimator(model, person_threshold=0)
    picture = np.zeros((50, 40, 3), np.uint8)
    assert np.isfinite(estimator.locate(picture)[0]).all()


def test_a_point_is_not_looked_at_forever(tmp_path):
    path = stand_in_movenet.write(
        tmp_path / "model.tflite", offsets=np.zeros((17, 2)), scores=np.full(17, 0.9)
    )
    estimator = pose_estimator.PoseEstimator(path, looks=9)
    picture = stand_in_movenet.picture((300, 300), (140, 100, 160, 200))
    joints, _ = estimator.locate(picture)
    np.testing.assert_allclose(joints[:, :2], [[149.5, 149.5]] * 18, atol=0.3)


def test_joints_outside_the_picture_are_not_visible(tmp_path):
    offsets = stand_in_movenet.OFFSETS.copy()
    offsets[COCO.index("left_wrist")] = (3.5, 0)
    offsets[COCO.index("right_ankle")] = (0, 1.9)
    path = stand_in_movenet.write(tmp_path / "model.tflite", offsets=offsets)
    keypoints = (
        pose_estimator.PoseEstimator(path)
        .estimate(stand_in_movenet.picture(SIZE, PERSON))
        .keypoints
    )
    seen = dict(zip(skeleton.JOINT_NAMES, keypoints, strict=True))
    hidden = {name for name, joint in seen.items() if not joint[2]}
    assert hidden == {"left_wrist"}
    np.testing.assert_array_equal(seen["left_wrist"], np.zeros(3))
    # 64.5 + 31.75 * 1.9 = 124.8 lies in the picture, of which 127 is the last row.
    assert seen["right_ankle"][1] == pytest.approx(124.8, abs=0.1)


def test_uncertain_joints_are_not_visible_and_take_the_neck_along(tmp_path):
    path = stand_in_movenet.write(
        tmp_path / "model.tflite", scores=_scores(left_shoulder=0.5, right_knee=0.3)
    )
    picture = stand_in_movenet.picture(SIZE, PERSON)

    def hidden(**thresholds):
        estimate = pose_estimator.PoseEstimator(path, **thresholds).estimate(picture)
        visible = estimate.keypoints[:, 2]
        return {skeleton.JOINT_NAMES[j] for j in range(18) if not visible[j]}

    assert hidden(joint_threshold=0.25) == set()
    assert hidden(joint_threshold=0.4) == {"right_knee"}
    assert hidden(joint_threshold=0.6) == {"right_knee", "left_shoulder", "neck"}


def test_the_face_has_its_own_threshold_and_a_back_has_no_face(tmp_path):
    turned = stand_in_movenet.OFFSETS * [[-1, 1]]
    face = {f"{side}_{part}" for side in ("left", "right") for part in ("eye", "ear")}
    visible = {}
    for way, offsets in (("front", stand_in_movenet.OFFSETS), ("back", turned)):
        path = stand_in_movenet.write(
            tmp_path / f"{way}.tflite",
            offsets=offsets,
            scores=_scores(**dict.fromkeys([*face, "nose"], 0.6)),
        )
        keypoints = (
            pose_estimator.PoseEstimator(path)
            .estimate(stand_in_movenet.picture(SIZE, PERSON))
            .keypoints
        )
        names = np.array(skeleton.JOINT_NAMES)[keypoints[:, 2] > 0]
        visible[way] = set(names) & {*face, "nose"}
    assert visible == {
        "front": {*face, "nose"},
        "back": {"left_ear", "right_ear"},
    }


def test_nobody_is_none(model, estimator):
    pictures = [
        stand_in_movenet.picture(SIZE, PERSON, green) for green in (255, 110, 120)
    ]
    assert [estimate is None for estimate in estimator.estimate_batch(pictures)] == [
        False,
        True,  # 110 / 255 * 0.9 is under 0.4 ...
        False,  # ... and 120 / 255 * 0.9 is over it.
    ]
    strict = pose_estimator.PoseEstimator(model, person_threshold=0.95)
    assert strict.estimate(pictures[0]) is None


def test_somebody_of_whom_no_joint_is_visible_is_nobody(tmp_path):
    faceless = dict.fromkeys(COCO[:5], 0.0)
    path = stand_in_movenet.write(tmp_path / "m.tflite", scores=_scores(**faceless))
    picture = stand_in_movenet.picture(SIZE, PERSON)
    for threshold, is_none in ((0.8, False), (0.95, True)):  # The body's are 0.9.
        estimator = pose_estimator.PoseEstimator(path, joint_threshold=threshold)
        assert (estimator.estimate(picture) is None) == is_none


def test_six_sure_joints_are_a_person(tmp_path):
    shown = dict.fromkeys(
        ["nose", "left_eye", "right_eye", "left_ear", "left_shoulder"], 0.9
    )
    scores = dict.fromkeys(COCO, 0.01)
    for names, person in (
        (shown, True),
        ({name: shown[name] for name in ("nose", "left_eye")}, False),
    ):
        path = stand_in_movenet.write(
            tmp_path / "model.tflite", scores=_scores(**(scores | names))
        )
        estimate = pose_estimator.PoseEstimator(path).estimate(
            stand_in_movenet.picture(SIZE, PERSON)
        )
        assert (estimate is not None) == person


@pytest.mark.parametrize(
    ("picture", "box", "message"),
    [
        (np.zeros((8, 8, 3), np.float32), None, "`picture`.*float32"),
        (np.zeros((8, 8), np.uint8), None, "`picture`"),
        (np.zeros((8, 8, 4), np.uint8), None, "`picture`"),
        (np.zeros((8, 8, 3), np.uint8), (5, 0, 5, 8), "`box`"),
        (np.zeros((8, 8, 3), np.uint8), (0, 8, 5, 0), "`box`"),
    ],
)
def test_a_programmers_mistake_is_a_value_error(estimator, picture, box, message):
    with pytest.raises(ValueError, match=message):
        estimator.estimate(picture, box)


@pytest.mark.parametrize(
    "arguments",
    [
        {"joint_threshold": -0.1},
        {"face_threshold": 1.1},
        {"person_threshold": 2},
        {"threads": 0},
        {"looks": 0},
    ],
)
def test_impossible_settings_are_value_errors(model, arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}`"):
        pose_estimator.PoseEstimator(model, **arguments)


def test_the_default_model_lies_in_the_users_cache(model, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(input_error.InputError, match=r"tools\.fetch_movenet") as caught:
        pose_estimator.PoseEstimator()
    path = tmp_path / "keras_posegan" / "movenet_lightning.tflite"
    assert str(path) in str(caught.value)
    path.parent.mkdir()
    path.write_bytes(model.read_bytes())
    assert pose_estimator.PoseEstimator().estimate(
        stand_in_movenet.picture(SIZE, PERSON)
    )
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert str(movenet.default_path()) == (
        "/home/somebody/.cache/keras_posegan/movenet_lightning.tflite"
    )


@pytest.fixture(scope="module")
def real():
    if not movenet.default_path().is_file():
        pytest.skip(f"no MoveNet at {movenet.default_path()}: tools.fetch_movenet")
    return pose_estimator.PoseEstimator()


def _read(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_real_poses_agree_with_openpose_on_the_test_part(real, shared_dir):
    people = market1501.load(shared_dir / "market1501" / "mini", "test")
    located = np.stack([real.locate(_read(path))[0] for path in people.paths])
    (joints,) = pose_accuracy.joint_curve(located, people.keypoints, (0.3,))
    assert joints["median"] <= 2.5
    assert joints["near"] >= 0.91  # Of the rest more than half are left for right.
    assert joints["recall"] >= 0.96
    (face,) = pose_accuracy.face_curve(located, people.keypoints, (0.5,))
    assert face["precision"] >= 0.8
    assert face["recall"] >= 0.85


def test_real_poses_of_small_people_are_found(real, shared_dir):
    people = market1501.load(shared_dir / "market1501" / "mini", "test")
    pictures = [_read(path) for path in people.paths[::4]]
    distances = []
    for photo, pose, scale in pose_scenes.photos(
        pictures, people.keypoints[::4], share=0.2
    ):
        joints, _ = real.locate(photo)
        both = (joints[:, 2] >= 0.3) & (pose[:, 2] > 0)
        distances.extend(np.hypot(*(joints - pose)[both, :2].T) / scale)
    assert np.median(distances) < 3.0


def test_there_is_nobody_in_drawn_scenery_colour_and_noise(real):
    found = [
        real.estimate(picture) is not None
        for kind, picture in pose_scenes.empty_pictures(seed=1)
        if "480" not in kind  # The large ones take long.
    ]
    assert len(found) > 150
    assert np.mean(found) <= 0.01


def test_the_walk_is_as_it_was_annotated(real, shared_dir):
    walk = shared_dir / "walk"
    names, keypoints = keypoint_files.read_annotations(walk / "walk-annotation.csv")
    distances = []
    for name, pose in list(zip(names, keypoints, strict=True))[::8]:
        estimate = real.estimate(_read(walk / "frames" / name)).keypoints
        both = (estimate[:, 2] > 0) & (pose[:, 2] > 0)
        assert both.sum() >= 8
        distances.extend(np.hypot(*(estimate - pose)[both, :2].T))
    assert np.median(distances) < 2.0
