"""What a part of a figure may be fastened to."""

import enum


class Frame(enum.IntEnum):
    """The moving frames that parts of a figure are fastened to."""

    PELVIS = 0  # Origin between the hips.
    CHEST = 1  # Origin between the shoulders.
    HEAD = 2  # Origin in the middle of the head.
    RIGHT_UPPER_ARM = 3
    LEFT_UPPER_ARM = 4
    RIGHT_FOREARM = 5
    LEFT_FOREARM = 6
    RIGHT_HAND = 7
    LEFT_HAND = 8
    RIGHT_THIGH = 9
    LEFT_THIGH = 10
    RIGHT_SHIN = 11
    LEFT_SHIN = 12
    RIGHT_FOOT = 13
    LEFT_FOOT = 14
    SKIRT = 15  # Between the knees; x and z are stretched as the legs part.
    RIGHT_CARRY = 16  # At the hand, upright: what hangs from it.
    LEFT_CARRY = 17
