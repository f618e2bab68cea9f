"""Paints cloth, skin, faces and hair onto the surface of swept parts.

A texture is (32, 64, 3): rows along the part from its start to its end, columns
around it, column 0 to the person's left, 16 in front, 32 right, 48 behind.
"""

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import cloth as cloth_lib
from keras_posegan.data.synthetic_people import rasterizer

ROWS = (np.arange(rasterizer.TEXTURE_ROWS)[:, None] + 0.5) / rasterizer.TEXTURE_ROWS
# Angle from the front, -pi to pi, positive towards the person's left.
FROM_FRONT = ((16 - np.arange(rasterizer.TEXTURE_COLUMNS)[None, :] + 32) % 64 - 32) * (
    2 * np.pi / rasterizer.TEXTURE_COLUMNS
)
SHAPE = (rasterizer.TEXTURE_ROWS, rasterizer.TEXTURE_COLUMNS, 3)


def plain(colour: cloth_lib.Colour) -> np.ndarray:
    """A texture of one colour."""
    return np.broadcast_to(np.asarray(colour, np.float32), SHAPE).copy()


def cloth(
    cloth: cloth_lib.Cloth, down: tuple[float, float], radius: float
) -> np.ndarray:
    """Cloth that runs on from part to part, with soft folds.

    Args:
        cloth: kind, colours and period.
        down: how far below the shoulders the texture's first and last row lie.
        radius: of the part, so that a period is as long around as along.

    Returns:
        The texture.
    """
    below = down[0] + (down[1] - down[0]) * ROWS
    around = FROM_FRONT * radius
    u, v = around / cloth.period, below / cloth.period
    if cloth.kind == "stripes":
        amount = (v % 1 < 0.5) + 0 * u
    elif cloth.kind == "pinstripes":
        amount = ((u + 0.25) % 1 < 0.5) + 0 * v
    elif cloth.kind == "checks":
        amount = 0.5 * (((u + 0.25) % 1 < 0.5) + 0.0) + 0.5 * (v % 1 < 0.5)
    elif cloth.kind == "dots":
        odd = np.floor(v) % 2
        amount = ((u + 0.5 * odd) % 1 - 0.5) ** 2 + (v % 1 - 0.5) ** 2 < 0.1
    elif cloth.kind == "block":
        amount = (below > 0.13) + 0 * u
    elif cloth.kind == "mottled":
        waves = np.sin(4 * u + 2.1 * v) + np.sin(3.3 * v - 2 * u) + np.sin(5 * v + u)
        amount = 0.6 * (waves > 0.4)
    else:
        amount = 0 * u + 0 * v
    amount = np.asarray(amount, np.float32)[..., None]
    folds = 1 + 0.05 * np.sin(below * 95 + 3 * np.sin(2 * FROM_FRONT))
    colours = (1 - amount) * np.float32(cloth.colour) + amount * np.float32(
        cloth.second
    )
    return colours * folds[..., None].astype(np.float32)


def paint(texture: np.ndarray, where: np.ndarray, colour: cloth_lib.Colour) -> None:
    """Colours part of a texture in place; `where` broadcasts to its pixels."""
    texture[np.broadcast_to(where, SHAPE[:2])] = colour


def shade(texture: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The texture darkened or lit by a factor that broadcasts to its pixels."""
    factor = np.broadcast_to(np.asarray(factor, np.float32), SHAPE[:2])
    return texture * factor[..., None]


def face(appearance: appearance_lib.Appearance) -> np.ndarray:
    """The head's texture, chin to crown: a face in front, hair all round."""
    skin = np.float32(appearance.skin)
    texture = plain(appearance.skin)
    angle = np.abs(FROM_FRONT)
    rows = ROWS
    flush = np.exp(-(((angle - 0.62) / 0.25) ** 2) - ((rows - 0.36) / 0.08) ** 2)
    texture += flush[..., None] * np.float32((0.05, -0.03, -0.03))
    texture = shade(texture, 1 - 0.22 * np.exp(-((rows / 0.12) ** 2)))
    if appearance.beard:
        chin = (rows < 0.3) & (angle < 1.4) | (np.abs(rows - 0.33) < 0.03) & (
            angle < 0.5
        )
        paint(texture, chin, tuple(0.6 * np.float32(appearance.hair) + 0.25 * skin))
    lips = tuple(np.clip(skin * (0.78, 0.48, 0.48), 0, 1))
    paint(texture, (np.abs(rows - 0.235) < 0.022) & (angle < 0.36), lips)
    shadow = tuple(skin * np.float32(0.72))
    paint(texture, (np.abs(rows - 0.36) < 0.017) & (angle < 0.2), shadow)
    socket = np.exp(-(((angle - 0.42) / 0.2) ** 2) - ((rows - 0.56) / 0.05) ** 2)
    texture = shade(texture, 1 - 0.22 * socket)
    eyes = (np.abs(rows - 0.545) < 0.035) & (np.abs(angle - 0.41) < 0.16)
    paint(texture, eyes, (0.1, 0.08, 0.08))
    brow = tuple(0.75 * np.float32(appearance.hair) + 0.1 * skin)
    paint(texture, (np.abs(rows - 0.625) < 0.02) & (np.abs(angle - 0.44) < 0.22), brow)
    if appearance.hair_style != "bald":
        hair = plain_hair(appearance)
        covered = np.broadcast_to(
            (rows > 0.8) | (angle > 1.75) & (rows > 0.3), SHAPE[:2]
        )
        texture[covered] = hair[covered]
    return texture


def plain_hair(appearance: appearance_lib.Appearance) -> np.ndarray:
    """Strands of hair: streaks along the part, lighter at the crown."""
    streaks = 1 + 0.16 * np.sin(FROM_FRONT * 17) * np.sin(FROM_FRONT * 5 + 1)
    gloss = 1 + 0.35 * np.exp(-(((ROWS - 0.72) / 0.12) ** 2))
    return shade(plain(appearance.hair), streaks * gloss) + np.float32(0.015)


def chest(
    appearance: appearance_lib.Appearance, down: tuple[float, float], radius: float
) -> np.ndarray:
    """The trunk from the waist (row 0) up: neckline, logo, jacket, straps."""
    texture = cloth(appearance.top, down, radius)
    angle = np.abs(FROM_FRONT)
    across = np.sin(FROM_FRONT)  # -1 to 1, positive to the left, both sides.
    front = angle < np.pi / 2
    if appearance.inner is not None:
        opening = front & (np.abs(across) < 0.1 + 0.28 * ROWS)
        paint(texture, opening, appearance.inner)
        edge = front & (np.abs(np.abs(across) - 0.1 - 0.28 * ROWS) < 0.06)
        paint(texture, edge, tuple(0.6 * np.float32(appearance.top.colour)))
    if appearance.logo is not None:
        disc = ((across / 0.55) ** 2 + ((ROWS - 0.6) / 0.2) ** 2) < 1
        hole = ((across / 0.25) ** 2 + ((ROWS - 0.62) / 0.09) ** 2) < 1
        paint(texture, front & disc, appearance.logo)
        paint(texture, front & hole, appearance.top.colour)
    neckline = 0.86 + 0.1 * np.minimum(angle, 1.5)
    if appearance.sleeves == "none":
        neckline = neckline - 0.07
    paint(texture, neckline < ROWS, appearance.skin)
    collar = np.abs(ROWS - neckline) < 0.03
    paint(texture, collar, tuple(0.75 * np.float32(appearance.top.colour)))
    bag = tuple(0.8 * np.float32(appearance.bag_colour))
    if appearance.bag == "backpack":
        strap = front & (np.abs(np.abs(across) - 0.62) < 0.11) & (ROWS > 0.3)
        paint(texture, strap, bag)
    if appearance.bag == "shoulder":
        # From the shoulder of the other side down to the bag.
        lean = (1, -1)[appearance.bag_side]
        strap = np.abs(lean * across - 1.6 * (ROWS - 0.52)) < 0.14
        paint(texture, strap, bag)
    # The arms and the chin keep the light off the sides and the neck.
    sides = 1 - 0.16 * np.exp(-(((angle - np.pi / 2) / 0.45) ** 2))
    return shade(texture, sides)
