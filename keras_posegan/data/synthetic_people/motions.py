"""What people do in front of a camera: walk, run, stand, and use their hands."""

import math

import numpy as np

from keras_posegan.data.synthetic_people import pose as pose_lib

_DEGREE = math.pi / 180

# (flexion, abduction, inward rotation, elbow) in degrees.
_AT_EASE = (0, 8, 5, 12)
_ON_HIP = (-12, 42, 78, 88)
_IN_POCKET = (-14, 14, 30, 34)
_CROSSED = (24, 12, 66, 102)
_PHONE_AT_EAR = (44, 30, 22, 142)
_PHONE_IN_HAND = (26, 8, 28, 98)
_WAVING = (4, 78, -88, 72)
_RAISED = (0, 148, -88, 14)
_FORWARD = (84, 6, 6, 8)
_SIDEWAYS = (4, 76, -20, 10)
_CARRYING = (10, 8, 16, 84)
_AT_STRAP = (22, 14, 34, 128)

# Right arm, left arm; mirrored half of the time.
_GESTURES = (
    (_AT_EASE, _AT_EASE),
    (_AT_EASE, _AT_EASE),
    (_ON_HIP, _ON_HIP),
    (_ON_HIP, _AT_EASE),
    (_IN_POCKET, _IN_POCKET),
    (_CROSSED, _CROSSED),
    (_PHONE_AT_EAR, _AT_EASE),
    (_PHONE_IN_HAND, _AT_EASE),
    (_PHONE_IN_HAND, _PHONE_IN_HAND),
    (_WAVING, _AT_EASE),
    (_WAVING, _ON_HIP),
    (_RAISED, _RAISED),
    (_RAISED, _AT_EASE),
    (_FORWARD, _AT_EASE),
    (_SIDEWAYS, _SIDEWAYS),
    (_CARRYING, _CARRYING),
    (_AT_STRAP, _AT_EASE),
    (_AT_STRAP, _AT_STRAP),
)


def walk(phase: float, stride: float = 1.0, run: float = 0.0) -> pose_lib.Pose:
    """One moment of a gait cycle.

    Args:
        phase: radians; at 0 the right heel strikes, at pi the left one. The pose
            is periodic in it.
        stride: length of the step over that of a common walk.
        run: 0 (walking) to 1 (running): knees and elbows bend more.

    Returns:
        The `Pose`; arms swing against the legs.
    """
    arms, legs = [], []
    for side_phase in (phase, phase + math.pi):
        swing = math.cos(side_phase)
        # The knee bends most when the leg, behind the body, starts to swing.
        bend = math.exp(2.2 * (math.cos(side_phase - 1.42 * math.pi) - 1))
        toe_off = math.exp(4 * (math.cos(side_phase - 1.08 * math.pi) - 1))
        heel_strike = math.exp(6 * (swing - 1))
        legs.append(
            (
                (6 + (25 + 10 * run) * stride * swing + 8 * bend) * _DEGREE,
                1.5 * _DEGREE,
                (6 + (52 + 40 * run) * stride * bend) * _DEGREE,
                (42 * toe_off - 16 * heel_strike) * stride * _DEGREE,
            )
        )
        arms.append(
            (
                (2 - (24 + 12 * run) * stride * swing) * _DEGREE,
                (7 + 3 * run) * _DEGREE,
                8 * _DEGREE,
                (20 - 9 * stride * swing + 68 * run) * _DEGREE,
            )
        )
    turn = 7 * stride * math.cos(phase) * _DEGREE
    return pose_lib.Pose(
        pelvis_turn=turn,
        chest_turn=-turn,
        lean=(3 + 7 * run) * _DEGREE,
        head_turn=turn,
        arms=tuple(arms),
        legs=tuple(legs),
    )


def sample_pose(rng: np.random.Generator) -> pose_lib.Pose:
    """Draws a pose: walking, walking with busy hands, standing, or running."""
    kind = rng.random()
    if kind < 0.62:
        run = max(0.0, rng.uniform(-4, 1))
        pose = walk(rng.uniform(0, 2 * math.pi), rng.uniform(0.6, 1.25), run)
        arms, legs = pose.arms, pose.legs
        if rng.random() < 0.3:
            arms = _keep_or_take(rng, arms, _sample_gesture(rng))
    else:
        pose = pose_lib.Pose()
        arms, legs = _sample_gesture(rng), _sample_stance(rng)
    look = rng.normal(0, 0.18) + (rng.normal(0, 0.5) if rng.random() < 0.2 else 0.0)
    return pose_lib.Pose(
        pelvis_turn=pose.pelvis_turn + rng.normal(0, 0.03),
        chest_turn=pose.chest_turn + rng.normal(0, 0.06),
        lean=pose.lean + rng.normal(0.02, 0.04),
        side_lean=rng.normal(0, 0.03),
        head_turn=float(np.clip(pose.head_turn + look, -1.1, 1.1)),
        head_pitch=rng.normal(0.08, 0.13),
        arms=tuple(tuple(a + rng.normal(0, 0.06) for a in arm) for arm in arms),
        legs=legs,
    )


def _sample_gesture(rng):
    """Both arms of a gesture, in radians."""
    arms = _GESTURES[rng.integers(len(_GESTURES))]
    if rng.random() < 0.5:
        arms = arms[::-1]
    return tuple(tuple(angle * _DEGREE for angle in arm) for arm in arms)


def _keep_or_take(rng, walking, gesture):
    """Walking arms of which one or both take up a gesture."""
    taken = rng.permutation([True, rng.random() < 0.5])
    return tuple(
        g if take else w for w, g, take in zip(walking, gesture, taken, strict=True)
    )


def _sample_stance(rng):
    """Legs of somebody who stands: straight, apart, one relaxed, or one raised."""
    legs = [[0.02, 0.05, 0.04, 0.0], [0.02, 0.05, 0.04, 0.0]]
    kind = rng.random()
    side = rng.integers(2)
    if kind < 0.35:
        apart = rng.uniform(0.02, 0.2)
        legs[0][1] = legs[1][1] = apart
    elif kind < 0.75:
        bend = rng.uniform(0.1, 0.4)
        legs[side] = [bend * 0.8, rng.uniform(0.05, 0.14), bend * 1.4, 0.0]
    elif kind < 0.9:
        step = rng.uniform(0.1, 0.3)
        legs[side] = [step, 0.05, 0.05, 0.0]
        legs[1 - side] = [-step, 0.05, 0.08, 0.25]
    else:
        lift = rng.uniform(0.5, 1.1)
        legs[side] = [lift, 0.08, lift * rng.uniform(1.0, 1.5), 0.3]
    return tuple(tuple(leg) for leg in legs)
