"""The pieces of a person: which swept ellipses body, hair, clothes and bags are."""

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import frame as frame_lib
from keras_posegan.data.synthetic_people import (
    head_pieces,
    limb_pieces,
    piece,
    textures,
)

_F = frame_lib.Frame
_LIMB = ((0, 1.0), (1, 1.0))


def pieces(
    body: body_lib.Body, appearance: appearance_lib.Appearance
) -> list[piece.Piece]:
    """Everything there is of a person.

    Args:
        body: the proportions.
        appearance: what the person wears.

    Returns:
        The pieces; their order does not matter for the picture.
    """
    found = _trunk(body, appearance) + head_pieces.head_pieces(body, appearance)
    for side in (0, 1):
        found += limb_pieces.arm_pieces(body, appearance, side)
        found += limb_pieces.leg_pieces(body, appearance, side)
    if appearance.bottom_kind == "skirt":
        found.append(_skirt(body, appearance))
    return found + _bag(body, appearance)


def _trunk(body, look):
    """Pelvis, chest, neck, and the hem of a shirt worn out."""
    girth, woman = body.girth, body.feminine
    thick = 0.063 * girth
    hips = 0.086 * girth * (1 + 0.06 * woman)
    chest = (0.099 - 0.01 * woman) * (0.55 + 0.45 * girth)
    waist = (0.86 - 0.12 * woman) * (1 + 0.35 * (girth - 1))
    bottom = textures.cloth(look.bottom, (0.31, 0.17), 0.09)
    if not look.tucked:
        shirt = textures.cloth(look.top, (0.33, 0.19), 0.09)
        rows = textures.ROWS[:, 0] > 0.45
        bottom[rows] = shirt[rows]
    elif look.bottom is not look.top:
        textures.paint(bottom, textures.ROWS > 0.9, (0.12, 0.09, 0.07))
    found = [
        piece.Piece(
            "pelvis",
            (_F.PELVIS, _F.PELVIS, _F.PELVIS),
            (0, -0.045, -0.004),
            (0, body.waist_height, 0),
            (hips, thick * 1.04),
            ((0, 0.6), (0.15, 0.86), (0.3, 0.98), (0.5, 1.0), (1, waist)),
            (0.5, 0),
            bottom,
        ),
        piece.Piece(
            "chest",
            (_F.PELVIS, _F.CHEST, _F.CHEST),
            (0, body.waist_height - 0.012, 0),
            (0, 0.048, -0.008),
            (chest, thick),
            (
                (0, waist * hips / chest),
                (0.35, 0.94),
                (0.65, 1.0),
                (0.79, 1.02),
                (0.86, 0.86),
                (0.93, 0.56),
                (1, 0.36),
            ),
            (0, 0.2),
            textures.chest(look, (body.chest_height, -0.03), 0.085),
        ),
        piece.Piece(
            "neck",
            (_F.CHEST, _F.HEAD, _F.CHEST),
            (0, -0.01, -0.006),
            (0, -0.045, -0.012),
            (0.032 * (0.6 + 0.4 * girth), 0.033),
            _LIMB,
            (0, 0),
            textures.shade(textures.plain(look.skin), 0.9 - 0.2 * textures.ROWS**2),
        ),
    ]
    if not look.tucked:
        found.append(
            piece.Piece(
                "hem",
                (_F.PELVIS, _F.PELVIS, _F.PELVIS),
                (0, body.waist_height, 0),
                (0, -0.022, 0),
                (hips * 1.08, thick * 1.22),
                ((0, waist), (0.6, 1.0), (1, 1.03)),
                (0, 0),
                textures.cloth(look.top, (0.2, 0.2 + body.waist_height), 0.09),
                bias=0.03,
            )
        )
    return found


def _skirt(body, look):
    """From the waist down to the hem, around both thighs."""
    long = look.bottom_length
    return piece.Piece(
        "skirt",
        (_F.PELVIS, _F.SKIRT, _F.SKIRT),
        (0, 0.05, 0),
        (0, body.thigh * (1 - long), 0),
        (0.105 * (0.5 + 0.5 * body.girth), 0.088 * (0.5 + 0.5 * body.girth)),
        ((0, 0.76), (0.35, 0.92), (1, 1.12)),
        (0, 0),
        textures.cloth(look.bottom, (0.23, 0.3 + body.thigh * long), 0.1),
        bias=0.025,
    )


def _bag(body, look):
    """What is carried on the back, at the hip or in the hand."""
    texture = textures.plain(look.bag_colour)
    dark = tuple(0.6 * np.float32(look.bag_colour))
    textures.paint(texture, np.abs(textures.ROWS - 0.62) < 0.04, dark)
    sign = (-1, 1)[look.bag_side]
    chest, pelvis = (_F.CHEST,) * 3, (_F.PELVIS,) * 3
    if look.bag == "backpack":
        box = ((0, 0.86), (0.12, 1.0), (0.8, 0.96), (1, 0.7))
        depth = -0.062 * body.girth - 0.04
        place = (0, -0.2, depth), (0, 0.005, depth + 0.012), (0.078, 0.05)
        return [piece.Piece("bag", chest, *place, box, (0.3, 0.6), texture)]
    if look.bag == "shoulder":
        side = sign * (0.09 * body.girth + 0.02)
        place = (side, 0.055, 0.01), (side * 1.06, -0.055, 0.01), (0.026, 0.068)
        return [piece.Piece("bag", pelvis, *place, _LIMB, (0.25, 0.25), texture)]
    if look.bag == "handbag":
        carry = (_F.RIGHT_CARRY + look.bag_side,) * 3
        place = (0, -0.045, 0), (0, -0.15, 0), (0.028, 0.06)
        strap = (0, 0.005, 0), (0, -0.05, 0), (0.008, 0.03)
        return [
            piece.Piece("bag", carry, *place, ((0, 0.8), (1, 1)), (0.2, 0.2), texture),
            piece.Piece("bag", carry, *strap, _LIMB, (0, 0), textures.plain(dark)),
        ]
    return []
