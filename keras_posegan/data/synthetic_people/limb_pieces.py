"""The pieces of arms and legs, their sleeves and shoes."""

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import frame as frame_lib
from keras_posegan.data.synthetic_people import piece, textures

_F = frame_lib.Frame
_LIMB = ((0, 1.0), (1, 1.0))


def arm_pieces(
    body: body_lib.Body, look: appearance_lib.Appearance, side: int
) -> list[piece.Piece]:
    """Upper arm, forearm, hand, and a short sleeve.

    Args:
        body: the proportions.
        look: what the person wears.
        side: 0 (right) or 1 (left).

    Returns:
        The pieces.
    """
    upper, lower, hand = (
        _F.RIGHT_UPPER_ARM + side,
        _F.RIGHT_FOREARM + side,
        _F.RIGHT_HAND + side,
    )
    thick = (0.6 + 0.4 * body.girth) * (1 - 0.12 * body.feminine)
    skin = textures.plain(look.skin)
    fist = textures.shade(skin, 1 - 0.25 * (textures.ROWS > 0.8))
    long = look.sleeves == "long"
    wide = 1.22 if long else 1.0
    elbow = -body.upper_arm

    def sleeve(top, bottom):
        return textures.cloth(look.top, (top, bottom), 0.036)

    found = [
        piece.Piece(
            "upper_arm",
            (upper, upper, upper),
            (0, -0.008, 0),
            (0, elbow, 0),
            (0.0345 * thick * wide, 0.0355 * thick * wide),
            ((0, 0.92 if long else 0.98), (0.35, 0.96), (1, 0.8)),
            (0.7, 1),
            sleeve(0.0, -elbow) if long or look.sleeves == "short" else skin,
        ),
        piece.Piece(
            "forearm",
            (lower, lower, lower),
            (0, 0, 0),
            (0, -body.forearm, 0),
            (0.0275 * thick * wide, 0.0285 * thick * wide),
            ((0, 0.98), (0.25, 1.0), (1, 0.86 if long else 0.64)),
            (1, 0.2 if long else 1),
            sleeve(-elbow, -elbow + body.forearm) if long else skin,
        ),
        piece.Piece(
            "hand",
            (hand, hand, hand),
            (0, 0, 0),
            (0, -0.078, 0.004),
            (0.0145, 0.0235),
            ((0, 0.66), (0.35, 1.0), (0.75, 0.85), (1, 0.55)),
            (0.5, 0.9),
            fist,
        ),
        piece.Piece(
            "thumb",
            (hand, hand, hand),
            (0, -0.015, 0.014),
            (0, -0.048, 0.032),
            (0.008, 0.008),
            _LIMB,
            (1, 1),
            fist,
        ),
    ]
    if look.sleeves == "short":
        # The arm below the sleeve is bare.
        bare = textures.ROWS[:, 0] > 0.5
        found[0].texture[bare] = look.skin
        found.append(
            piece.Piece(
                "sleeve",
                (upper, upper, upper),
                (0, -0.008, 0),
                (0, elbow * 0.58, 0),
                (0.042 * thick, 0.043 * thick),
                ((0, 0.92), (1, 1.03)),
                (0.6, 0),
                sleeve(0.0, -elbow * 0.58),
            )
        )
    return found


def leg_pieces(
    body: body_lib.Body, look: appearance_lib.Appearance, side: int
) -> list[piece.Piece]:
    """Thigh, shin, foot, and the leg of shorts.

    Args:
        body: the proportions.
        look: what the person wears.
        side: 0 (right) or 1 (left).

    Returns:
        The pieces.
    """
    thigh, shin, foot = (
        _F.RIGHT_THIGH + side,
        _F.RIGHT_SHIN + side,
        _F.RIGHT_FOOT + side,
    )
    thick = 0.5 + 0.5 * body.girth
    skin = textures.plain(look.skin)
    covered = look.bottom_kind in ("trousers", "slim")
    loose = look.bottom_kind == "trousers"
    # The inner side lies in the other leg's shadow.
    inner = np.cos(textures.FROM_FRONT + (1 if side == 0 else -1) * -np.pi / 2)
    dim = 1 - 0.2 * np.maximum(inner, 0) ** 2

    def leg(top, bottom):
        return textures.cloth(look.bottom, (top, bottom), 0.05)

    upper = leg(0.3, 0.3 + body.thigh) if covered else skin.copy()
    lower = leg(0.3 + body.thigh, 0.3 + body.thigh + body.shin) if covered else skin
    lower = lower.copy()
    if not covered:
        textures.paint(lower, textures.ROWS > 0.86, look.sock)
    found = [
        piece.Piece(
            "thigh",
            (thigh, thigh, thigh),
            (0, -0.012, 0),
            (0, -body.thigh, 0),
            (0.055 * thick, 0.06 * thick),
            ((0, 1.0), (0.5, 0.92 if loose else 0.86), (1, 0.8 if loose else 0.66)),
            (0.5, 1),
            textures.shade(upper, dim),
        ),
        piece.Piece(
            "shin",
            (shin, shin, shin),
            (0, 0, 0),
            (0, -body.shin - (0.016 if loose else -0.002), 0),
            (0.039 * thick, 0.041 * thick),
            ((0, 1.12), (0.4, 1.06), (1, 0.98))
            if loose
            else ((0, 0.95), (0.28, 1.0), (0.65, 0.76), (1, 0.56)),
            (1, 0 if loose else 0.6),
            textures.shade(lower, dim),
        ),
        _shoe(look, foot),
    ]
    if look.bottom_kind == "shorts":
        found.append(
            piece.Piece(
                "shorts",
                (thigh, thigh, thigh),
                (0, -0.012, 0),
                (0, -body.thigh * look.bottom_length, 0),
                (0.061 * thick, 0.068 * thick),
                ((0, 0.96), (1, 1.0)),
                (0.45, 0),
                textures.shade(leg(0.3, 0.5), dim),
            )
        )
    return found


def _shoe(look, foot):
    """A shoe, heel to toe; its ellipse stands upright, so column 48 is the sole."""
    texture = textures.plain(look.shoe)
    below = np.abs(textures.FROM_FRONT) > 2.0
    textures.paint(texture, below & (textures.ROWS > -1), look.sole)
    lace = (np.abs(textures.FROM_FRONT) < 0.5) & (np.abs(textures.ROWS - 0.5) < 0.16)
    textures.paint(texture, lace, look.sole)
    return piece.Piece(
        "shoe",
        (foot, foot, foot),
        (0, -0.014, -0.026),
        (0, -0.027, 0.098),
        (0.0275, 0.026),
        ((0, 0.95), (0.2, 1.0), (0.55, 0.85), (0.8, 0.9), (1, 0.6)),
        (0.8, 0.9),
        texture,
        second_axis=1,
    )
