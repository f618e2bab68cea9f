"""Tests of the swept ellipses against spheres and cylinders in closed form."""

import numpy as np
import pytest

from keras_posegan.data.synthetic_people import parts as parts_lib
from keras_posegan.data.synthetic_people import rasterizer

LIGHT = np.array([0.0, 0.0, 1.0])


def part(start, end, first, second, cap):
    """One part of constant size."""
    axis = np.subtract(end, start)
    normals = np.array([first, second, axis], float)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return parts_lib.Parts(
        start=np.array([start], float),
        end=np.array([end], float),
        first=np.array([first], float),
        second=np.array([second], float),
        normals=(normals / lengths)[None],
        aspect=lengths[None, :2, 0],
        profile=np.ones((1, rasterizer.PROFILE_SAMPLES), np.float32),
        caps=np.array([[cap, cap]]),
        cutout=np.zeros(1, bool),
    )


def drawn(parts):
    opaque = np.ones(len(parts.start) * rasterizer.TEXTURE_SIZE, bool)
    return rasterizer.draw(parts, opaque, LIGHT, 100, 100)


def test_a_short_capsule_is_a_ball():
    start, end = (50.0, -49.9, 5.0), (50.0, -50.1, 5.0)
    buffers = drawn(part(start, end, (20, 0, 0), (0, 0, 20), 1.0))
    y, x = np.mgrid[:100, :100]
    square = (x - 50.0) ** 2 + (y - 50.0) ** 2
    ball = square < 400
    assert np.mean((buffers.depth > -1e8) != ball) < 0.006
    depth = 5 + np.sqrt(np.maximum(400 - square, 0))
    inner = square < 300
    assert np.abs(buffers.depth - depth)[inner].max() < 1.5


@pytest.mark.parametrize("angle", [0.0, 0.5, 1.5, 2.5, 4.0])
def test_an_upright_elliptic_cylinder_has_the_right_width_depth_and_columns(angle):
    c, s = np.cos(angle), np.sin(angle)
    first, second = np.array((c, 0, s)) * 24, np.array((-s, 0, c)) * 12
    start, end = (50.0, -20.0, 0.0), (50.0, -80.0, 0.0)
    buffers = drawn(part(start, end, tuple(first), tuple(second), 0.0))
    row = buffers.depth[50]
    theta = np.linspace(0, 2 * np.pi, 20000)
    points = np.outer(np.cos(theta), first) + np.outer(np.sin(theta), second)
    for x in range(100):
        near = np.abs(points[:, 0] + 50 - x) < 0.05
        if not near.any():
            assert row[x] < -1e8
            continue
        best = np.argmax(np.where(near, points[:, 2], -np.inf))
        reach = np.abs(points[:, 0]).max()
        if abs(x - 50) > reach - 1.5:
            continue
        assert row[x] == pytest.approx(points[best, 2], abs=0.3)
        column = buffers.texel[50, x] % rasterizer.TEXTURE_COLUMNS
        expected = theta[best] * rasterizer.TEXTURE_COLUMNS / (2 * np.pi)
        apart = (column - expected + 32) % 64 - 32
        assert abs(apart) < 2.2
    rows = buffers.texel[:, 50] // rasterizer.TEXTURE_COLUMNS
    assert rows[21] == 0
    assert rows[79] == rasterizer.TEXTURE_ROWS - 1
    assert (np.diff(rows[21:80]) >= 0).all()


def test_hems_seen_from_above_sag_in_the_middle():
    c, s = np.cos(0.4), np.sin(0.4)
    start, end = (50.0, -20.0, 20.0), (50.0, -20.0 - 60 * c, 20.0 - 60 * s)
    buffers = drawn(part(start, end, (20, 0, 0), (0, -20 * s, 20 * c), 0.0))
    rows = buffers.texel // rasterizer.TEXTURE_COLUMNS

    def height(x):
        """Where row 16, half way down, begins in column x."""
        seen = buffers.depth[:, x] > -1e8
        return np.flatnonzero(seen & (rows[:, x] >= 16))[0]

    # On the cylinder, the middle of the ring is 20 sin(0.4) lower than its axis,
    # and 16 of 20 pixels to the side still 12 sin(0.4).
    assert height(50) - height(34) == pytest.approx(8 * s, abs=1.6)
    assert height(50) - height(66) == pytest.approx(8 * s, abs=1.6)


def test_the_nearer_part_hides_the_other():
    ends = (50.0, -20.0), (50.0, -80.0)
    near, far = (
        part((*ends[0], z), (*ends[1], z), (9, 0, 0), (0, 0, 9), 0.0) for z in (30, -30)
    )
    for order in ((near, far), (far, near)):
        both = parts_lib.Parts(
            *(
                np.concatenate([getattr(p, name) for p in order])
                for name in parts_lib.Parts.__dataclass_fields__
            )
        )
        seen = drawn(both).texel[50, 50] // rasterizer.TEXTURE_SIZE
        assert order[seen] is near


def test_the_side_towards_the_light_is_brighter():
    body = part((50, -20, 0), (50, -80, 0), (20, 0, 0), (0, 0, 20), 0.0)
    opaque = np.ones(rasterizer.TEXTURE_SIZE, bool)
    light = np.array([0.8, 0.0, 0.6])
    shade = rasterizer.draw(body, opaque, light, 100, 100).shade[50]
    assert shade[64] > shade[50] > shade[36] > 0.1


def test_a_hole_in_the_texture_shows_what_is_behind():
    body = part((50, -20, 0), (50, -80, 0), (20, 0, 0), (0, 0, 20), 0.0)
    body = parts_lib.Parts(**{**vars(body), "cutout": np.ones(1, bool)})
    opaque = np.ones(rasterizer.TEXTURE_SIZE, bool)
    opaque[: rasterizer.TEXTURE_SIZE // 2] = False
    depth = rasterizer.draw(body, opaque, LIGHT, 100, 100).depth
    assert depth[30, 50] < -1e8 < depth[70, 50]


@pytest.mark.parametrize("tilt", np.linspace(0, np.pi, 9))
def test_a_part_at_any_tilt_is_finite_and_stays_in_its_place(tilt):
    # Also when it points straight at the eye.
    direction = np.array((0.0, np.cos(tilt), np.sin(tilt)))
    second = np.array((0.0, -np.sin(tilt), np.cos(tilt))) * 8
    start = np.array((50.0, -50.0, 0.0))
    buffers = drawn(part(start, start + 25 * direction, (8, 0, 0), tuple(second), 1))
    hit = buffers.depth > -1e8
    assert np.isfinite(buffers.depth).all()
    assert np.isfinite(buffers.shade).all()
    y, x = np.nonzero(hit)
    assert abs(x.mean() - 50) < 0.6
    assert abs(y.mean() - (50 - 12.5 * np.cos(tilt))) < 1.5
    assert hit.sum() == pytest.approx(np.pi * 64 + 16 * 25 * abs(np.cos(tilt)), rel=0.1)
