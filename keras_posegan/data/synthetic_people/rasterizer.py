"""Draws bodies made of swept ellipses into a depth buffer.

A part is an axis in space along which an ellipse of changing size is swept: a
limb, a sleeve, a head, a shoe. Seen from afar (no perspective) each point of the
picture meets it where, for the angle theta around the axis and the size w,

    across the axis:  lateral = w R cos(theta - phi)
    along the axis:   along = a + w (c1 q + c2 s),  q = lateral / (w R),
    towards the eye:  depth = z + slope a + w (d1 q + d2 s),  s = sqrt(1 - q^2)

so that one division and a few table look-ups a pixel give theta and a, that is
the texture's column and row, and the depth and the light.
"""

import numpy as np

from keras_posegan.data.synthetic_people import buffers as buffers_lib
from keras_posegan.data.synthetic_people import parts as parts_lib

TEXTURE_ROWS = 32  # Along the axis.
TEXTURE_COLUMNS = 64  # Around it: column 0 is the first axis, 16 the second.
TEXTURE_SIZE = TEXTURE_ROWS * TEXTURE_COLUMNS
PROFILE_SAMPLES = 33

_LENGTHS = 64  # Steps of the tables along a part, its caps included.
_ANGLES = 128  # Steps of the tables across a part.
_FAR = -1e9

_Q = np.linspace(-1, 1, _ANGLES, dtype=np.float32)
_S = np.sqrt(1 - _Q**2)
_ARC_COLUMNS = np.round(np.arccos(_Q) * (TEXTURE_COLUMNS / (2 * np.pi))).astype(
    np.int64
)
# Edges turned away from the eye are a little darker: folds, and the contrast
# between an arm and the trunk behind it.
_EDGE = 0.55 * np.sqrt(1 - 0.1 * _Q**2)
_PLACES = np.linspace(0, 1, _LENGTHS, dtype=np.float32)


def draw(
    parts: parts_lib.Parts,
    opaque: np.ndarray,
    light: np.ndarray,
    height: int,
    width: int,
) -> buffers_lib.Buffers:
    """Rasterises parts; nearer ones hide those behind.

    Args:
        parts: the geometry, one unit a pixel, y up, with y = 0 the centre of the
            top row and x = 0 that of the left column (so y is negative inside).
        opaque: (P * TEXTURE_SIZE,) bool, False where a texture has a hole.
        light: (3,) unit vector towards the light.
        height: of the picture, in pixels.
        width: of the picture, in pixels.

    Returns:
        The `Buffers`.
    """
    depth = np.full((height, width), _FAR, np.float32)
    texel = np.zeros((height, width), np.int32)
    shade = np.zeros((height, width), np.float32)
    tables = _tables(parts, light, height, width)
    for index, part in enumerate(zip(*tables, parts.cutout.tolist(), strict=True)):
        box, place, lookups, cutout = part
        top, bottom, left, right = box
        if top >= bottom or left >= right:
            continue
        along0, alongx, alongy, lateral0, lateralx, lateraly, *curve = place
        to_row, c1, c2, depth0, slope, d1, d2 = curve
        sizes, inverse_sizes, rows, columns, diffuse, cap_gain, cap_light = lookups

        x = np.arange(left, right, dtype=np.float32)
        y = np.arange(top, bottom, dtype=np.float32)[:, None]
        along = (along0 + alongy * y) + alongx * x
        step = (along * to_row).astype(np.intp)
        q = (lateral0 + lateraly * y) + lateralx * x
        q *= inverse_sizes.take(step, mode="clip")
        s = 1 - q * q
        seen = s > 0
        np.maximum(s, 0, out=s)
        np.sqrt(s, out=s)
        size = sizes.take(step, mode="clip")
        along -= size * (c1 * q + c2 * s)
        step = (along * to_row).astype(np.intp)
        angle = (q * (_ANGLES / 2 - 1) + _ANGLES / 2).astype(np.intp)
        column = columns.take(angle, mode="clip")
        column += rows.take(step, mode="clip")
        column += index * TEXTURE_SIZE
        near = size * (d1 * q + d2 * s)
        near += depth0 + slope * along
        seen &= near > depth[top:bottom, left:right]
        if cutout:
            seen &= opaque.take(column, mode="clip")
        bright = diffuse.take(angle, mode="clip") * cap_gain.take(step, mode="clip")
        bright += cap_light.take(step, mode="clip")
        np.copyto(depth[top:bottom, left:right], near, where=seen)
        np.copyto(texel[top:bottom, left:right], column, where=seen)
        np.copyto(shade[top:bottom, left:right], bright, where=seen)
    return buffers_lib.Buffers(depth, texel, shade)


def _tables(parts, light, height, width):
    """Per part: its box, the coefficients, and the look-up tables of `draw`."""
    count = len(parts.start)
    axis = parts.end - parts.start
    # The picture's y runs down.
    flip = np.float32((1, -1, 1))
    axis, first, second, start = (
        np.float32(v * flip) for v in (axis, parts.first, parts.second, parts.start)
    )
    light = np.float32(light)
    length = np.hypot(axis[:, 0], axis[:, 1])
    tiny = length < 0.5
    tangent = np.where(
        tiny[:, None],
        np.float32((0, 1)),
        axis[:, :2] / np.maximum(length, 1e-6)[:, None],
    )
    length = np.maximum(length, 0.5)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    first_t, second_t = (np.sum(v[:, :2] * tangent, 1) for v in (first, second))
    first_n, second_n = (np.sum(v[:, :2] * normal, 1) for v in (first, second))
    radius = np.maximum(np.hypot(first_n, second_n), 1e-3)
    phi = np.arctan2(second_n, first_n)
    cos, sin = np.cos(phi), np.sin(phi)
    d1 = cos * first[:, 2] + sin * second[:, 2]
    d2 = cos * second[:, 2] - sin * first[:, 2]
    sign = np.where(d2 < 0, np.float32(-1), np.float32(1))
    c1 = cos * first_t + sin * second_t
    c2 = sign * (cos * second_t - sin * first_t)
    d2 = sign * d2
    slope = axis[:, 2] / length

    # Along the axis, caps included.
    mean = np.sqrt(np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1))
    upright = length / np.maximum(np.linalg.norm(axis, axis=1), 0.5)
    oblique = np.hypot(first_t, second_t)
    ends = parts.profile[:, [0, -1]]
    cap = ends * np.hypot(oblique[:, None], parts.caps * (mean * upright)[:, None])
    cap = np.maximum(cap, 0.3)
    total = length + cap.sum(1)
    place = _PLACES * total[:, None] - cap[:, :1]
    inside = np.clip(place / length[:, None], 0, 1)
    exact = inside * (PROFILE_SAMPLES - 1)
    low = np.minimum(exact.astype(np.int64), PROFILE_SAMPLES - 2)
    part = np.arange(count)[:, None]
    share = exact - low
    sizes = (
        parts.profile[part, low] * (1 - share) + parts.profile[part, low + 1] * share
    )
    # Balls at the joints are lit like the limb, or the figure looks like a doll.
    tilt = np.clip(-np.gradient(sizes, axis=1) / (total[:, None] / _LENGTHS), -2, 2)
    tilt *= mean[:, None] * 0.8
    over = np.where(
        place < 0, -place / cap[:, :1], (place - length[:, None]) / cap[:, 1:]
    )
    over = np.clip(over, 0, 1)
    sizes *= np.sqrt(1 - over * over)
    sizes[:, [0, -1]] = 0
    inverse_sizes = 1 / np.maximum(sizes * radius[:, None], 1e-4)
    rows = (
        np.minimum((inside * TEXTURE_ROWS).astype(np.int64), TEXTURE_ROWS - 1)
        * TEXTURE_COLUMNS
    )

    # Around the axis.
    columns = (
        np.round(phi * (TEXTURE_COLUMNS / (2 * np.pi))).astype(np.int64)[:, None]
        + sign.astype(np.int64)[:, None] * _ARC_COLUMNS
    ) & (TEXTURE_COLUMNS - 1)
    towards = parts.normals @ light
    aspect = parts.aspect
    swing = (sign * sin)[:, None] * _S
    across = (cos[:, None] * _Q - swing) * aspect[:, 1:]
    swing = (sign * cos)[:, None] * _S
    forth = (sin[:, None] * _Q + swing) * aspect[:, :1]
    facing = (across * towards[:, :1] + forth * towards[:, 1:2]) / np.sqrt(
        across * across + forth * forth
    )
    diffuse = _EDGE * facing + 0.14 * _S
    cap_gain = 1 / np.sqrt(1 + tilt * tilt)
    cap_light = 0.58 + 0.55 * tilt * cap_gain * towards[:, 2:]

    # The picture's frame: `along` counts from the start of the first cap.
    along0 = cap[:, 0] - np.sum(start[:, :2] * tangent, 1)
    lateral0 = -np.sum(start[:, :2] * normal, 1)
    depth0 = start[:, 2] - slope * cap[:, 0]
    places = np.stack(
        [
            along0,
            tangent[:, 0],
            tangent[:, 1],
            lateral0,
            normal[:, 0],
            normal[:, 1],
            (_LENGTHS - 1) / total,
            c1,
            c2,
            depth0,
            slope,
            d1,
            d2,
        ],
        axis=1,
    )
    reach = sizes.max(1, keepdims=True) * radius[:, None] * np.abs(normal)
    low_end = start[:, :2] - tangent * cap[:, :1]
    high_end = start[:, :2] + tangent * (length + cap[:, 1])[:, None]
    low_xy = np.floor(np.minimum(low_end, high_end) - reach).astype(np.int64)
    high_xy = np.ceil(np.maximum(low_end, high_end) + reach).astype(np.int64) + 1
    boxes = np.stack(
        [
            np.clip(low_xy[:, 1], 0, height),
            np.clip(high_xy[:, 1], 0, height),
            np.clip(low_xy[:, 0], 0, width),
            np.clip(high_xy[:, 0], 0, width),
        ],
        axis=1,
    )
    lookups = zip(
        sizes.astype(np.float32),
        inverse_sizes.astype(np.float32),
        rows.astype(np.int32),
        columns.astype(np.int32),
        diffuse.astype(np.float32),
        cap_gain.astype(np.float32),
        cap_light.astype(np.float32),
        strict=True,
    )
    return boxes.tolist(), places.tolist(), lookups
