"""The angles that put a body in a pose."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Pose:
    """Joint angles of a body, in radians; all zero is standing at attention.

    Pairs hold the right side first. Every angle of a limb is that of its own side,
    so equal values on both sides are a symmetrical pose.

    Args:
        pelvis_turn: the pelvis turned to the left.
        chest_turn: the chest turned to the left.
        lean: the trunk leaned forward.
        side_lean: the trunk leaned to the right.
        head_turn: the head turned to the left, over the chest.
        head_pitch: the head bowed.
        arms: (right, left), each (flexion, abduction, inward rotation, elbow):
            the upper arm forward, then outward, then turned inward about itself,
            and the bend of the elbow.
        legs: (right, left), each (flexion, abduction, knee, foot pitch): the foot
            pitch is over the ground, positive with the toes down.
    """

    pelvis_turn: float = 0.0
    chest_turn: float = 0.0
    lean: float = 0.0
    side_lean: float = 0.0
    head_turn: float = 0.0
    head_pitch: float = 0.0
    arms: tuple = ((0.0, 0.1, 0.0, 0.15), (0.0, 0.1, 0.0, 0.15))
    legs: tuple = ((0.0, 0.04, 0.0, 0.0), (0.0, 0.04, 0.0, 0.0))
