"""The pieces of a person: which swept ellipses body, hair, clothes and bags are."""

import dataclasses

import numpy as np

from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import textures, wardrobe

_F = body_lib.Frame
_LIMB = ((0, 1.0), (1, 1.0))


@dataclasses.dataclass(frozen=True)
class Piece:
    """One swept ellipse; lengths in fractions of the person's height.

    Args:
        name: what it is.
        frames: the frames of the start, of the end, and of the ellipse's axes.
        start, end: of the axis, in the axes of their frames.
        radii: half axes of the ellipse where the profile is 1.
        profile: (place from 0 to 1, size) points, joined by straight lines.
        caps: roundness of both ends.
        texture: of `textures`.
        opaque: where the texture has no hole; None for nowhere a hole.
        bias: how far it is drawn before its place: cloth lies over what it covers,
            however the limbs beneath it swell.
        second_axis: 2, or 1 where the ellipse lies in the frame's x and y.
    """

    name: str
    frames: tuple
    start: tuple
    end: tuple
    radii: tuple
    profile: tuple
    caps: tuple
    texture: np.ndarray
    opaque: np.ndarray | None = None
    second_axis: int = 2
    bias: float = 0.0


def pieces(body: body_lib.Body, appearance: wardrobe.Appearance) -> list[Piece]:
    """Everything there is of a person.

    Args:
        body: the proportions.
        appearance: what the person wears.

    Returns:
        The pieces; their order does not matter for the picture.
    """
    found = _trunk(body, appearance) + _head(body, appearance)
    for side in (0, 1):
        found += _arm(body, appearance, side)
        found += _leg(body, appearance, side)
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
        Piece(
            "pelvis",
            (_F.PELVIS, _F.PELVIS, _F.PELVIS),
            (0, -0.055, -0.004),
            (0, body.waist_height, 0),
            (hips, thick * 1.04),
            ((0, 0.72), (0.25, 0.98), (0.5, 1.0), (1, waist)),
            (0.5, 0),
            bottom,
        ),
        Piece(
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
        Piece(
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
            Piece(
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


def _head(body, look):
    """Head, nose, ears, hair and cap."""
    size = body.head
    head = (_F.HEAD, _F.HEAD, _F.HEAD)
    skin = textures.plain(look.skin)

    def at(*place):
        return tuple(size * c for c in place)

    found = [
        Piece(
            "head",
            head,
            at(0, -0.074, 0.008),
            at(0, 0.072, -0.004),
            at(0.05, 0.059),
            (
                (0, 0.3),
                (0.05, 0.52),
                (0.14, 0.7),
                (0.3, 0.87),
                (0.5, 0.98),
                (0.65, 1.0),
                (0.8, 0.9),
                (0.9, 0.68),
                (0.96, 0.46),
                (1, 0.2),
            ),
            (0.5, 0.5),
            textures.face(look),
        ),
        Piece(
            "nose",
            head,
            at(0, 0.008, 0.056),
            at(0, -0.016, 0.062),
            at(0.009, 0.010),
            ((0, 0.5), (1, 1.0)),
            (1, 1),
            textures.shade(skin, 1.04),
        ),
    ]
    if look.hair_style in ("bald", "cropped", "short", "ponytail", "bun"):
        for x in (-0.05, 0.05):
            found.append(
                Piece(
                    "ear",
                    head,
                    at(x, 0.012, -0.006),
                    at(x, -0.016, -0.002),
                    at(0.006, 0.012),
                    _LIMB,
                    (0.8, 0.8),
                    textures.shade(skin, 0.92),
                )
            )
    if look.hair_style != "bald":
        found += _hair(look, head, at)
    if look.hat is not None:
        found += _cap(look, head, at)
    return found


def _hair(look, head, at):
    """A shell around the skull with the face cut out, and what hangs from it."""
    texture = textures.plain_hair(look)
    angle, rows = np.abs(textures.FROM_FRONT), textures.ROWS
    style = look.hair_style
    swell = {"cropped": 0.97, "short": 1.04}.get(style, 1.06)
    bottom = {"cropped": -0.02, "short": -0.035, "bob": -0.095, "long": -0.1}.get(
        style, -0.045
    )
    height = bottom + rows * (0.079 - bottom)
    # The hairline: high on the brow, down before the ears, low on the nape.
    if style in ("bob", "long"):
        line = np.where(angle < 0.85, 0.046 - 0.03 * angle, -1.0)
    else:
        line = np.where(angle < 1.05, 0.046, 0.012)
        line = np.where(angle > 1.75, -1.0, line)
    found = [
        Piece(
            "hair",
            head,
            at(0, bottom, -0.012),
            at(0, 0.079, -0.008),
            at(0.055 * swell, 0.064 * swell),
            (
                (0, 0.8 if style in ("bob", "long") else 0.74),
                (0.25, 0.96),
                (0.55, 1.0),
                (0.72, 0.93),
                (0.86, 0.74),
                (0.95, 0.48),
                (1, 0.25),
            ),
            (0.3, 0.5),
            texture,
            opaque=height > line,
        )
    ]
    if style == "long":
        found.append(
            Piece(
                "hair",
                (_F.HEAD, _F.CHEST, _F.CHEST),
                at(0, 0.0, -0.038),
                (0, -0.075, -0.062),
                (0.054, 0.026),
                ((0, 0.9), (0.5, 1.0), (1, 0.72)),
                (0.6, 0.5),
                texture,
            )
        )
    if style == "ponytail":
        found.append(
            Piece(
                "hair",
                head,
                at(0, 0.036, -0.066),
                at(0, -0.085, -0.092),
                at(0.019, 0.019),
                ((0, 0.7), (0.3, 1.0), (1, 0.5)),
                (1, 1),
                texture,
            )
        )
    if style == "bun":
        found.append(
            Piece(
                "hair",
                head,
                at(0, 0.05, -0.058),
                at(0, 0.062, -0.066),
                at(0.027, 0.027),
                _LIMB,
                (1, 1),
                texture,
            )
        )
    return found


def _cap(look, head, at):
    """A baseball cap: crown and peak."""
    texture = textures.plain(look.hat)
    return [
        Piece(
            "cap",
            head,
            at(0, 0.026, -0.008),
            at(0, 0.088, -0.008),
            at(0.059, 0.069),
            ((0, 1.0), (0.4, 0.97), (0.75, 0.74), (1, 0.3)),
            (0, 0.5),
            texture,
        ),
        Piece(
            "cap",
            head,
            at(0, 0.034, 0.04),
            at(0, 0.022, 0.1),
            at(0.046, 0.006),
            ((0, 1.0), (0.7, 0.9), (1, 0.55)),
            (0, 0.4),
            textures.shade(texture, 0.85),
            second_axis=1,
        ),
    ]


def _arm(body, look, side):
    """Upper arm, forearm, hand, and a short sleeve."""
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
        Piece(
            "upper_arm",
            (upper, upper, upper),
            (0, -0.008, 0),
            (0, elbow, 0),
            (0.0345 * thick * wide, 0.0355 * thick * wide),
            ((0, 0.98), (0.35, 0.96), (1, 0.8)),
            (0.7, 1),
            sleeve(0.0, -elbow) if long or look.sleeves == "short" else skin,
        ),
        Piece(
            "forearm",
            (lower, lower, lower),
            (0, 0, 0),
            (0, -body.forearm, 0),
            (0.0275 * thick * wide, 0.0285 * thick * wide),
            ((0, 0.98), (0.25, 1.0), (1, 0.86 if long else 0.64)),
            (1, 0.2 if long else 1),
            sleeve(-elbow, -elbow + body.forearm) if long else skin,
        ),
        Piece(
            "hand",
            (hand, hand, hand),
            (0, -body.forearm * 0, 0),
            (0, -0.078, 0.004),
            (0.0145, 0.0235),
            ((0, 0.66), (0.35, 1.0), (0.75, 0.85), (1, 0.55)),
            (0.5, 0.9),
            fist,
        ),
        Piece(
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
            Piece(
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


def _leg(body, look, side):
    """Thigh, shin, foot, and the leg of shorts."""
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
        Piece(
            "thigh",
            (thigh, thigh, thigh),
            (0, -0.012, 0),
            (0, -body.thigh, 0),
            (0.055 * thick, 0.06 * thick),
            ((0, 1.0), (0.5, 0.92 if loose else 0.86), (1, 0.8 if loose else 0.66)),
            (0.5, 1),
            textures.shade(upper, dim),
        ),
        Piece(
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
            Piece(
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
    return Piece(
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


def _skirt(body, look):
    """From the waist down to the hem, around both thighs."""
    long = look.bottom_length
    return Piece(
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
        return [Piece("bag", chest, *place, box, (0.3, 0.6), texture)]
    if look.bag == "shoulder":
        side = sign * (0.09 * body.girth + 0.02)
        place = (side, 0.055, 0.01), (side * 1.06, -0.055, 0.01), (0.026, 0.068)
        return [Piece("bag", pelvis, *place, _LIMB, (0.25, 0.25), texture)]
    if look.bag == "handbag":
        carry = (_F.RIGHT_CARRY + look.bag_side,) * 3
        place = (0, -0.045, 0), (0, -0.15, 0), (0.028, 0.06)
        strap = (0, 0.005, 0), (0, -0.05, 0), (0.008, 0.03)
        return [
            Piece("bag", carry, *place, ((0, 0.8), (1, 1)), (0.2, 0.2), texture),
            Piece("bag", carry, *strap, _LIMB, (0, 0), textures.plain(dark)),
        ]
    return []
