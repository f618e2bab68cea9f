"""Attention of chosen points as pictures: the paper's figure 3."""

from collections.abc import Sequence

import keras
import matplotlib
import numpy as np
import tensorflow as tf
from matplotlib import figure

from keras_posegan.layers import self_attention_2d
from keras_posegan.models import pixels
from keras_posegan.pose import skeleton

# Points that a report draws from: joints of the target pose.
_JOINTS = (skeleton.NECK, skeleton.RIGHT_WRIST, skeleton.LEFT_KNEE)
_ROWS = 3
_CROSS_COLOR = (0, 255, 255)
_DIMMED = 0.5  # Brightness of the picture where there is no attention.

# A name and (x, y) in pixels of the picture.
Point = tuple[str, Sequence[float]]


def attention_layers(generator: keras.Model) -> list[keras.layers.Layer]:
    """The self-attention layers of a generator, in its order."""
    return [
        layer
        for layer in generator.layers
        if isinstance(layer, self_attention_2d.SelfAttention2D)
    ]


def attention_rows(
    generator: keras.Model, sample: dict[str, np.ndarray], points: Sequence[Point]
) -> list[np.ndarray]:
    """Finds where chosen points of one generated picture look.

    Args:
        generator: see `build_generator`.
        sample: a batch of one pair, as the data pipeline feeds it.
        points: of the generated picture.

    Returns:
        For each attention layer float32 (P, h, w): for each point the row b[v, u] of
        eq. 5 whose v is the position that the point lies in. Each row sums to 1.
        With key pooling k, h and w are those of the map divided by k.
    """
    layers = attention_layers(generator)
    if not layers:
        return []
    features = keras.Model(generator.inputs, [layer.input for layer in layers])
    maps = features(
        {
            "source_image": pixels.to_network_range(sample["source_image"]),
            "source_keypoints": tf.constant(sample["source_keypoints"]),
            "target_keypoints": tf.constant(sample["target_keypoints"]),
        },
        training=False,
    )
    image_size = sample["source_image"].shape[1:3]
    places = np.array([point for _, point in points])
    return [
        _attention(layer, features, places, image_size)
        for layer, features in zip(layers, keras.tree.flatten(maps), strict=True)
    ]


def joint_points(
    keypoints: np.ndarray, joints: Sequence[int] = range(skeleton.NUM_JOINTS)
) -> list[Point]:
    """The visible ones of some joints of a pose (18, 3) as points to draw from."""
    return [
        (skeleton.JOINT_NAMES[joint].replace("_", " "), keypoints[joint, :2])
        for joint in joints
        if keypoints[joint, 2]
    ]


def overlay(
    picture: np.ndarray, weights: np.ndarray, point: Sequence[float]
) -> np.ndarray:
    """Lays a row of attention over a picture, and a cross around its point.

    Args:
        picture: uint8 (H, W, 3).
        weights: (h, w), see `attention_rows`; h and w divide H and W. The largest
            of them covers the picture; colour and cover grow with the square root,
            since most rows have few large weights and many small ones.
        point: (x, y) in pixels of the picture; outside it there is no cross.

    Returns:
        uint8 (H, W, 3).
    """
    cover = np.sqrt(weights / weights.max())
    for axis in (0, 1):
        cover = cover.repeat(picture.shape[axis] // cover.shape[axis], axis)
    colors = 255 * matplotlib.colormaps["inferno"](cover)[..., :3]
    cover = cover[..., None]
    mixed = (1 - cover) * _DIMMED * picture + cover * colors
    return crosses(np.round(mixed).astype(np.uint8), [point])


def crosses(picture: np.ndarray, points: Sequence[Sequence[float]]) -> np.ndarray:
    """Draws a cross around each point (x, y); the point's own pixel stays as it is.

    Args:
        picture: uint8 (H, W, 3); not changed.
        points: in pixels of the picture.
    """
    picture = picture.copy()
    height, width = picture.shape[:2]
    for x, y in np.round(points).astype(int):
        for step in (-3, -2, -1, 1, 2, 3):
            for row, column in ((y, x + step), (y + step, x)):
                if 0 <= row < height and 0 <= column < width:
                    picture[row, column] = _CROSS_COLOR
    return picture


def plot(
    generator: keras.Model, samples: dict[str, np.ndarray], generated: np.ndarray
) -> figure.Figure | None:
    """Plots where each attention layer of a generator looks.

    A row for each of the first samples and each layer: the generated picture, then
    for each query point (neck, right wrist, left knee of the target pose where
    visible, and the top left corner) the row of the attention map, b[v, u] of eq.
    5, over the picture.

    Args:
        generator: see `build_generator`.
        samples: a batch of the data pipeline.
        generated: uint8 (B, H, W, 3), what the generator makes of it.

    Returns:
        The figure; None if the generator has no attention.
    """
    layers = attention_layers(generator)
    if not layers:
        return None
    count = min(_ROWS, len(generated))
    columns = 2 + len(_JOINTS)
    drawing = figure.Figure(figsize=(1.6 * columns, 3.3 * count * len(layers)))
    axes = drawing.subplots(count * len(layers), columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for sample, picture in enumerate(generated[:count]):
        points = joint_points(samples["target_keypoints"][sample], _JOINTS)
        points.append(("background", (4.0, 4.0)))
        one = {name: value[sample : sample + 1] for name, value in samples.items()}
        rows = attention_rows(generator, one, points)
        for number, (layer, maps) in enumerate(zip(layers, rows, strict=True)):
            row = axes[number * count + sample]
            row[0].imshow(picture)
            row[0].set_title(f"{layer.name}\ngenerated", fontsize=8)
            for axis, (name, point), weights in zip(
                row[1:], points, maps, strict=False
            ):
                axis.imshow(overlay(picture, weights, point))
                axis.set_title(name, fontsize=8)
    drawing.tight_layout()
    return drawing


def _attention(layer, features, points, image_size):
    """Rows (P, h, w) of the positions of a map (1, ...) that points (P, 2) lie in."""
    _, height, width, _ = features.shape
    scale = np.array([width / image_size[1], height / image_size[0]])
    x, y = np.floor((points + 0.5) * scale).astype(int).T
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    rows = layer.attention(features, y * width + x)
    pooling = layer.key_pooling
    return rows.numpy().reshape(-1, height // pooling, width // pooling)
