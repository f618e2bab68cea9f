"""Keypoints that the tests of the geometry share: golden, random and nasty ones."""

import pathlib

import numpy as np

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "pose_parts.npz"


def from_field(joints_yx):
    """DGAN's integer (y, x) with -1 for missing to (x, y, visible)."""
    visible = (joints_yx != -1).all(axis=-1, keepdims=True)
    return np.concatenate([joints_yx[..., ::-1], visible], axis=-1).astype("float32")


def nasty(seed, count):
    """Figures in which anything can be wrong with any joint."""
    generator = np.random.default_rng(seed)
    shape = (count, 18)
    scale = generator.choice([0.0, 1e-20, 0.3, 40.0, 9e3, 1e30], size=(count, 1, 1))
    points = generator.normal(size=(*shape, 2)) * scale + generator.choice(
        [0.0, 30.0, -9e3], size=(count, 1, 1)
    )
    whole = generator.random(count) < 0.3
    points[whole] = np.round(points[whole])
    in_line = generator.random(count) < 0.3
    points[in_line, :, 0] = points[in_line, :1, 0]
    # Some joints fall together with another joint of the same figure.
    twins = generator.integers(0, 18, size=shape)
    same = generator.random(shape) < generator.choice([0.0, 0.3, 1.0], size=(count, 1))
    points = np.where(
        same[..., None], np.take_along_axis(points, twins[..., None], axis=1), points
    )
    odd = generator.choice([np.nan, np.inf, -np.inf, 3e38, -1.0], size=points.shape)
    is_odd = generator.random(points.shape) < generator.choice(
        [0.0, 0.1], size=(count, 1, 1)
    )
    points = np.where(is_odd, odd, points)
    share = generator.choice([0.0, 0.5, 0.9, 1.0], size=(count, 1))
    visible = (generator.random(shape) < share).astype("float64")
    visible = np.where(generator.random(shape) < 0.01, np.nan, visible)
    # An estimator may leave anything behind where it saw nothing.
    unseen = (visible == 0.0) & (generator.random(shape) < 0.5)
    points[unseen] = np.nan
    with np.errstate(over="ignore"):
        return np.concatenate([points, visible[..., None]], axis=-1).astype("float32")
