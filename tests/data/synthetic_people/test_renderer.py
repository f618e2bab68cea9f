"""Tests that what is drawn and what is annotated are one and the same body."""

import dataclasses

import numpy as np
import pytest

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import (
    body,
    cloth,
    figure,
    motions,
    person,
    pose,
    renderer,
    studio,
)
from keras_posegan.pose import skeleton

SIZE = (128, 64)
SKIN = (0.1, 0.9, 0.1)  # Nothing else in these pictures is as green ...
CLOTH = (0.9, 0.1, 0.9)  # ... or as pink.


@pytest.fixture(scope="module")
def cameras():
    quiet = studio.Studio(SIZE, seed=0)
    return [
        dataclasses.replace(
            camera,
            tint=np.ones(3, np.float32),
            scene=np.full_like(camera.scene, 0.5),
            grain=np.zeros_like(camera.grain),
        )
        for camera in quiet.cameras
    ]


def dressed(**changes):
    """A person in pink whose skin is green."""
    plain = cloth.Cloth("plain", CLOTH, CLOTH)
    appearance = appearance_lib.Appearance(
        skin=SKIN,
        hair=(0.0, 0.0, 0.0),
        hair_style="cropped",
        beard=False,
        hat=None,
        top=plain,
        sleeves="short",
        tucked=True,
        inner=None,
        logo=None,
        bottom_kind="trousers",
        bottom=plain,
        bottom_length=0.9,
        shoe=(0.2, 0.2, 0.9),
        sole=(0.2, 0.2, 0.9),
        sock=SKIN,
        bag="none",
        bag_colour=(1.0, 1.0, 0.0),
        bag_side=0,
    )
    appearance = dataclasses.replace(appearance, **changes)
    shape = body.Body()
    return person.Person(shape, appearance, figure.dress(shape, appearance))


def taken(who, camera, yaw, seed=0, stance=None):
    stance = pose.Pose() if stance is None else stance
    return renderer.render(who, stance, yaw, camera, SIZE, np.random.default_rng(seed))


def share_of(image, colour):
    """How much of a picture has the hue of a colour."""
    pixels = image.reshape(-1, 3) / np.maximum(image.reshape(-1, 3).max(1), 1)[:, None]
    wanted = np.array(colour) / max(colour)
    return float(np.mean(np.abs(pixels - wanted).max(1) < 0.3))


SPREAD = pose.Pose(arms=((0.0, 0.6, 0.0, 0.2),) * 2, legs=((0.0, 0.25, 0.0, 0.0),) * 2)


def check_hues(image, keypoints, joints, colour):
    seen = 0
    for joint in joints:
        x, y, visible = keypoints[joint]
        if visible:
            seen += 1
            here = image[round(float(y)), round(float(x))]
            assert share_of(here[None, None], colour) == 1, (joint, here)
    return seen


@pytest.mark.parametrize("number", range(6))
def test_joints_lie_on_the_limbs_they_name(cameras, number):
    wrists = knees = 0
    for seed in range(6):
        image, keypoints = taken(
            dressed(), cameras[number], 0.3, seed=seed, stance=SPREAD
        )
        wrists += check_hues(
            image,
            keypoints,
            (skeleton.RIGHT_WRIST, skeleton.LEFT_WRIST, skeleton.RIGHT_ELBOW),
            SKIN,
        )
        knees += check_hues(
            image,
            keypoints,
            (skeleton.RIGHT_KNEE, skeleton.LEFT_KNEE, *skeleton.TORSO),
            CLOTH,
        )
    assert wrists >= 6
    assert knees >= 20


def test_a_limb_is_centred_on_its_bone(cameras):
    # Of an arm held away from the body, the skin to the left and to the right of
    # the middle of the forearm is as wide, within a pixel.
    stance = pose.Pose(arms=((0.0, 0.15, 0.0, 0.0),) * 2)
    measured = 0
    for seed in range(8):
        image, keypoints = taken(dressed(), cameras[2], 0.0, seed, stance)
        elbow, wrist = keypoints[[skeleton.RIGHT_ELBOW, skeleton.RIGHT_WRIST]]
        if not elbow[2] == wrist[2] == 1 or wrist[0] < 6:
            continue
        measured += 1
        x, y = ((elbow + wrist) / 2)[:2]
        row = round(float(y))
        pixels = image[row, : round(float(keypoints[skeleton.NECK, 0]))].astype(float)
        centre = np.flatnonzero(pixels[:, 1] - pixels[:, 0] > 50).mean()
        slope = (wrist[0] - elbow[0]) / (wrist[1] - elbow[1])
        assert centre == pytest.approx(x + slope * (row - y), abs=0.7)
    assert measured >= 3


def test_right_is_left_in_the_picture_of_somebody_who_faces_it(cameras):
    _, front = taken(dressed(), cameras[0], 0.0)
    _, back = taken(dressed(), cameras[0], np.pi)
    right, left = skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER
    assert front[right, 0] < front[left, 0]
    assert back[right, 0] > back[left, 0]


def test_a_logo_is_seen_in_front_alone(cameras):
    who = dressed(logo=(0.1, 0.9, 0.9))
    front, _ = taken(who, cameras[0], 0.0)
    back, _ = taken(who, cameras[0], np.pi)
    assert share_of(front, (0.1, 0.9, 0.9)) > 0.005
    assert share_of(back, (0.1, 0.9, 0.9)) == 0


def test_a_face_is_seen_in_front_and_a_backpack_behind(cameras):
    who = dressed(bag="backpack", hair_style="short")
    front, front_keypoints = taken(who, cameras[0], 0.0)
    back, back_keypoints = taken(who, cameras[0], np.pi)
    assert front_keypoints[skeleton.NOSE, 2] == 1
    assert back_keypoints[skeleton.NOSE, 2] == 0
    assert share_of(back, (1, 1, 0)) > 5 * share_of(front, (1, 1, 0))


@pytest.mark.parametrize(
    ("garment", "more"), [("shorts", True), ("skirt", True), ("slim", False)]
)
def test_short_garments_bare_the_legs(cameras, garment, more):
    long, _ = taken(dressed(), cameras[0], 0.0)
    other, _ = taken(dressed(bottom_kind=garment), cameras[0], 0.0)
    assert (share_of(other, SKIN) > 1.4 * share_of(long, SKIN)) is more


def test_joints_behind_an_obstacle_go_missing(cameras):
    wall = np.ones((*SIZE, 4), np.float32)
    missing = 0
    for seed in range(10):
        image, keypoints = renderer.render(
            dressed(),
            pose.Pose(),
            0.0,
            cameras[0],
            SIZE,
            np.random.default_rng(seed),
            wall,
        )
        assert image.min() > 200
        missing += np.sum(keypoints[:, 2] == 0)
    assert missing > 0.6 * 180


def test_crossed_legs_are_drawn_in_depth_order(cameras):
    # Seen from the right, the right leg covers the left one and its colour wins.
    who = dressed()
    atlas = who.figure.atlas.reshape(len(who.figure.names), -1, 3).copy()
    thighs = [i for i, name in enumerate(who.figure.names) if name == "thigh"]
    atlas[thighs[0]], atlas[thighs[1]] = (1, 0, 0), (0, 0, 1)
    painted = dataclasses.replace(who.figure, atlas=atlas.reshape(-1, 3))
    who = dataclasses.replace(who, figure=painted)
    from_right, _ = taken(who, cameras[0], np.pi / 2)
    from_left, _ = taken(who, cameras[0], -np.pi / 2)
    assert share_of(from_right, (1, 0, 0)) > 10 * share_of(from_right, (0, 0, 1))
    assert share_of(from_left, (0, 0, 1)) > 10 * share_of(from_left, (1, 0, 0))


def test_stripes_turn_with_the_body(cameras):
    striped = cloth.Cloth("block", CLOTH, (0.9, 0.9, 0.1))
    image, keypoints = taken(dressed(top=striped, bottom=striped), cameras[0], 0.0)
    neck, hip = keypoints[skeleton.NECK, 1], keypoints[skeleton.RIGHT_HIP, 1]
    middle = round(float(keypoints[skeleton.NECK, 0]))
    chest = image[round(float(0.8 * neck + 0.2 * hip)), middle]
    belly = image[round(float(0.25 * neck + 0.75 * hip)), middle]
    assert share_of(chest[None, None], CLOTH) == 1
    assert share_of(belly[None, None], (0.9, 0.9, 0.1)) == 1


def test_every_drawn_pose_gives_finite_joints():
    rng = np.random.default_rng(0)
    for _ in range(200):
        shape = body.sample_body(rng, rng.random())
        axes, origins, joints = body.place(shape, motions.sample_pose(rng))
        for values in (axes, origins, joints):
            assert np.isfinite(values).all()
        bone = joints[skeleton.RIGHT_KNEE] - joints[skeleton.RIGHT_HIP]
        assert np.linalg.norm(bone) == pytest.approx(shape.thigh)
        bone = joints[skeleton.LEFT_WRIST] - joints[skeleton.LEFT_ELBOW]
        assert np.linalg.norm(bone) == pytest.approx(shape.forearm)
