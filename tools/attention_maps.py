"""Attention of chosen points as pictures: the paper's figure 3."""

import keras
import numpy as np
import tensorflow as tf
from matplotlib import figure

from keras_posegan.layers import self_attention_2d
from keras_posegan.models import pixels
from keras_posegan.pose import skeleton

# Points to draw from: joints of the target pose, and a corner of the background.
_JOINTS = (skeleton.NECK, skeleton.RIGHT_WRIST, skeleton.LEFT_KNEE)
_ROWS = 3


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
    layers = [
        layer
        for layer in generator.layers
        if isinstance(layer, self_attention_2d.SelfAttention2D)
    ]
    if not layers:
        return None
    count = min(_ROWS, len(generated))
    inputs = {
        "source_image": pixels.to_network_range(samples["source_image"][:count]),
        "source_keypoints": tf.constant(samples["source_keypoints"][:count]),
        "target_keypoints": tf.constant(samples["target_keypoints"][:count]),
    }
    columns = 2 + len(_JOINTS)
    drawing = figure.Figure(figsize=(1.6 * columns, 3.3 * count * len(layers)))
    axes = drawing.subplots(count * len(layers), columns, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    features = keras.Model(generator.inputs, [layer.input for layer in layers])
    for number, (layer, maps) in enumerate(
        zip(layers, keras.tree.flatten(features(inputs, training=False)), strict=True)
    ):
        for sample in range(count):
            row = axes[number * count + sample]
            row[0].imshow(generated[sample])
            row[0].set_title(f"{layer.name}\ngenerated", fontsize=8)
            points = _query_points(samples["target_keypoints"][sample])
            for axis, (name, point) in zip(row[1:], points, strict=False):
                weights = _attention(layer, maps[sample], point, generated.shape[1:3])
                height, width = generated.shape[1:3]
                axis.imshow(generated[sample], alpha=0.35)
                axis.imshow(
                    weights,
                    cmap="inferno",
                    alpha=0.7,
                    extent=(-0.5, width - 0.5, height - 0.5, -0.5),
                    interpolation="nearest",
                )
                axis.plot(*point, "+", color="cyan", markersize=10)
                axis.set_title(name, fontsize=8)
    drawing.tight_layout()
    return drawing


def _query_points(keypoints):
    """(name, (x, y)) of the points to draw from."""
    joints = [
        (skeleton.JOINT_NAMES[joint].replace("_", " "), keypoints[joint, :2])
        for joint in _JOINTS
        if keypoints[joint, 2]
    ]
    return [*joints, ("background", np.float32([4.0, 4.0]))]


def _attention(layer, features, point, image_size):
    """The attention (h, w) of the position of a map that a picture's point lies in."""
    height, width = features.shape[:2]
    scale = np.array([width / image_size[1], height / image_size[0]])
    x, y = np.floor((np.asarray(point) + 0.5) * scale).astype(int)
    x, y = np.clip(x, 0, width - 1), np.clip(y, 0, height - 1)
    rows = layer.attention(features[None], [y * width + x])
    return rows.numpy().reshape(height, width)
