"""The head's pieces: skull and face, nose, ears, hair, cap."""

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import frame as frame_lib
from keras_posegan.data.synthetic_people import piece, textures

_F = frame_lib.Frame
_LIMB = ((0, 1.0), (1, 1.0))


def head_pieces(
    body: body_lib.Body, look: appearance_lib.Appearance
) -> list[piece.Piece]:
    """Head, nose, ears, hair and cap.

    Args:
        body: the proportions.
        look: what the person wears.

    Returns:
        The pieces.
    """
    size = body.head
    head = (_F.HEAD, _F.HEAD, _F.HEAD)
    skin = textures.plain(look.skin)

    def at(*place):
        return tuple(size * c for c in place)

    found = [
        piece.Piece(
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
        piece.Piece(
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
                piece.Piece(
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
        piece.Piece(
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
            piece.Piece(
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
            piece.Piece(
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
            piece.Piece(
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
        piece.Piece(
            "cap",
            head,
            at(0, 0.026, -0.008),
            at(0, 0.088, -0.008),
            at(0.059, 0.069),
            ((0, 1.0), (0.4, 0.97), (0.75, 0.74), (1, 0.3)),
            (0, 0.5),
            texture,
        ),
        piece.Piece(
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
