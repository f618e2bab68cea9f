"""The 3D body: its proportions, and where a pose puts its frames and joints.

Lengths are fractions of the standing height. Axes: x to the person's left, y up,
z to the front.
"""

import dataclasses
import math

import numpy as np

from keras_posegan.data.synthetic_people import frame
from keras_posegan.data.synthetic_people import pose as pose_lib
from keras_posegan.pose import skeleton


@dataclasses.dataclass(frozen=True)
class Body:
    """Proportions of one person, in fractions of the standing height.

    Args:
        shoulder: half the distance of the shoulder joints.
        hip: half the distance of the hip joints.
        waist_height: from the hips up to the waist.
        chest_height: from the waist up to the shoulders.
        upper_arm, forearm, thigh, shin: lengths of the bones.
        head: size of the head over the average one.
        girth: thickness of trunk and limbs over the average one.
        feminine: 0 to 1; a narrower waist and wider hips.
    """

    shoulder: float = 0.108
    hip: float = 0.052
    waist_height: float = 0.095
    chest_height: float = 0.2
    upper_arm: float = 0.168
    forearm: float = 0.142
    thigh: float = 0.24
    shin: float = 0.235
    head: float = 1.0
    girth: float = 1.0
    feminine: float = 0.0


def sample_body(rng: np.random.Generator, feminine: float) -> Body:
    """Draws proportions: `feminine` (0 to 1) shifts shoulders, hips and girth."""
    legs = rng.normal(1.0, 0.03)
    trunk = rng.normal(1.0, 0.03)
    arms = rng.normal(1.0, 0.03)
    girth = float(np.clip(rng.lognormal(0.0, 0.13), 0.82, 1.35))
    broad = 1 + 0.35 * (girth - 1)
    return Body(
        shoulder=broad * (rng.normal(0.106, 0.004) - 0.013 * feminine),
        hip=broad * rng.normal(0.052, 0.002),
        waist_height=trunk * 0.095,
        chest_height=trunk * 0.2,
        upper_arm=arms * 0.168,
        forearm=arms * 0.142,
        thigh=legs * 0.24,
        shin=legs * 0.235,
        head=rng.normal(1.09, 0.03),
        girth=girth,
        feminine=feminine,
    )


def place(body: Body, pose: pose_lib.Pose) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward kinematics: bends a body into a pose.

    Args:
        body: the proportions.
        pose: the angles.

    Returns:
        axes: (18, 3, 3), per `Frame` the x, y and z axis as columns.
        origins: (18, 3), per `Frame`.
        joints: (18, 3) in the order of `pose.skeleton`. All in fractions of the
        height, the middle of the hips at 0.
    """
    axes = np.empty((len(frame.Frame), 3, 3))
    origins = np.zeros((len(frame.Frame), 3))
    pelvis = axes[frame.Frame.PELVIS] = _about_y(pose.pelvis_turn)
    chest = axes[frame.Frame.CHEST] = (
        _about_y(pose.chest_turn) @ _about_x(pose.lean) @ _about_z(-pose.side_lean)
    )
    waist = pelvis[:, 1] * body.waist_height
    neck = origins[frame.Frame.CHEST] = waist + chest[:, 1] * body.chest_height
    head = axes[frame.Frame.HEAD] = (
        chest @ _about_y(pose.head_turn) @ _about_x(pose.head_pitch)
    )
    size = body.head
    origins[frame.Frame.HEAD] = (
        neck + chest @ (0.0, 0.052, 0.004) + head @ (0.0, 0.062 * size, 0.012)
    )
    for side in (0, 1):
        sign = (-1, 1)[side]
        _place_arm(body, pose.arms[side], side, sign, axes, origins)
        _place_leg(body, pose.legs[side], side, sign, axes, origins)
    _place_skirt(body, axes, origins)

    joints = np.empty((skeleton.NUM_JOINTS, 3))
    joints[[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]] = origins[
        [3, 5, 7, 4, 6, 8, 9, 11, 13, 10, 12, 14]
    ]
    joints[skeleton.NECK] = (
        joints[skeleton.RIGHT_SHOULDER] + joints[skeleton.LEFT_SHOULDER]
    ) / 2
    joints[list(skeleton.FACE)] = origins[frame.Frame.HEAD] + size * (
        FACE_POINTS @ head.T
    )
    return axes, origins, joints


# Nose, eyes and ears in the head's frame, for a head of size 1.
FACE_POINTS = np.array(
    [
        [0.0, -0.014, 0.068],
        [-0.019, 0.008, 0.056],
        [0.019, 0.008, 0.056],
        [-0.05, -0.002, -0.004],
        [0.05, -0.002, -0.004],
    ]
)


def _place_arm(body, angles, side, sign, axes, origins):
    """Fills the frames of one arm."""
    flexion, abduction, inward, elbow = angles
    chest = axes[frame.Frame.CHEST]
    upper = (chest @ _about_z(sign * abduction) @ _about_x(-flexion)) @ _about_y(
        -sign * inward
    )
    # A raised arm lifts its shoulder and draws it in.
    raised = 0.5 * (1 + upper[:, 1] @ -chest[:, 1])
    shoulder = origins[frame.Frame.CHEST] + chest @ (
        sign * (body.shoulder - 0.012 * raised),
        0.028 * raised,
        0.0,
    )
    forearm = upper @ _about_x(-elbow)
    axes[frame.Frame.RIGHT_UPPER_ARM + side] = upper
    axes[frame.Frame.RIGHT_FOREARM + side] = forearm
    axes[frame.Frame.RIGHT_HAND + side] = forearm
    axes[frame.Frame.RIGHT_CARRY + side] = axes[frame.Frame.PELVIS]
    origins[frame.Frame.RIGHT_UPPER_ARM + side] = shoulder
    joint = origins[frame.Frame.RIGHT_FOREARM + side] = (
        shoulder - upper[:, 1] * body.upper_arm
    )
    wrist = origins[frame.Frame.RIGHT_HAND + side] = (
        joint - forearm[:, 1] * body.forearm
    )
    origins[frame.Frame.RIGHT_CARRY + side] = wrist - forearm[:, 1] * 0.07


def _place_leg(body, angles, side, sign, axes, origins):
    """Fills the frames of one leg."""
    flexion, abduction, knee, foot_pitch = angles
    pelvis = axes[frame.Frame.PELVIS]
    hip = origins[frame.Frame.RIGHT_THIGH + side] = pelvis[:, 0] * (sign * body.hip)
    outward = pelvis @ _about_z(sign * abduction)
    thigh = axes[frame.Frame.RIGHT_THIGH + side] = outward @ _about_x(-flexion)
    shin = axes[frame.Frame.RIGHT_SHIN + side] = outward @ _about_x(knee - flexion)
    axes[frame.Frame.RIGHT_FOOT + side] = (
        pelvis @ _about_y(sign * 0.14) @ _about_x(foot_pitch)
    )
    joint = origins[frame.Frame.RIGHT_SHIN + side] = hip - thigh[:, 1] * body.thigh
    origins[frame.Frame.RIGHT_FOOT + side] = joint - shin[:, 1] * body.shin


def _place_skirt(body, axes, origins):
    """Fills the skirt's frame: cloth spans both thighs."""
    pelvis = axes[frame.Frame.PELVIS]
    knees = origins[[frame.Frame.RIGHT_SHIN, frame.Frame.LEFT_SHIN]]
    apart = np.abs((knees[1] - knees[0]) @ pelvis)
    middle = origins[frame.Frame.SKIRT] = knees.mean(0)
    up = middle / -np.linalg.norm(middle)
    axes[frame.Frame.SKIRT] = np.stack(
        [
            pelvis[:, 0] * max(1.0, (apart[0] / 2 + 0.055) / 0.105),
            up,
            pelvis[:, 2] * max(1.0, (apart[2] / 2 + 0.055) / 0.085),
        ],
        axis=1,
    )


def _about_x(angle):
    """Turns y towards z."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array(((1.0, 0.0, 0.0), (0.0, c, -s), (0.0, s, c)))


def _about_y(angle):
    """Turns z towards x."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array(((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c)))


def _about_z(angle):
    """Turns x towards y."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0)))
