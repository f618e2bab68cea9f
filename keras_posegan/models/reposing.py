"""One person in many poses: the appearance encoder apart from the rest."""

import keras
import tensorflow as tf


def split(generator: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Cuts a generator behind its appearance encoder, before the warps.

    Args:
        generator: see `build_generator`, folded or not. The parts share its layers.

    Returns:
        encoder: from `source_image` and `source_keypoints`, by name, to the list of
            appearance maps, (B, h, w, C) each.
        painter: from the list of those maps, the source's and the target's keypoints
            to the picture, (B, H, W, 3) in [-1, 1].

    Raises:
        ValueError: if `generator` has no appearance encoder.
    """
    maps = _appearance_maps(generator)
    if not maps:
        raise ValueError(
            f"`generator` must be of `build_generator`. Received: {generator.name!r}"
        )
    names = ("source_image", "source_keypoints", "target_keypoints")
    source_image, source, target = (generator.input[name] for name in names)
    encoder = keras.Model(
        {"source_image": source_image, "source_keypoints": source}, maps
    )
    # A list: in a dict Keras wants the maps to be named like their keys.
    painter = keras.Model([*maps, source, target], generator.output)
    return encoder, painter


def repose(encoder, painter, source_image, source_keypoints, target_keypoints):
    """Draws every person in T poses; each person is encoded once.

    Args:
        encoder, painter: see `split`.
        source_image: (B, H, W, 3) in [-1, 1].
        source_keypoints: float32 (B, 18, 3).
        target_keypoints: float32 (B, T, 18, 3).

    Returns:
        (B, T, H, W, 3) in [-1, 1].
    """
    maps = encoder(
        {"source_image": source_image, "source_keypoints": source_keypoints},
        training=False,
    )
    count = tf.shape(target_keypoints)[1]
    repeated = [tf.repeat(each, count, axis=0) for each in (*maps, source_keypoints)]
    flat_targets = tf.reshape(target_keypoints, (-1, *target_keypoints.shape[2:]))
    pictures = painter([*repeated, flat_targets], training=False)
    return tf.reshape(
        pictures, tf.concat([[-1, count], tf.shape(pictures)[1:]], axis=0)
    )


def _appearance_maps(generator):
    """The output of every level of the appearance encoder, shallowest first."""
    maps = {}
    for layer in generator.layers:
        if layer.name.startswith("appearance_"):
            # A level's norm comes after its convolution, and takes its place.
            maps[layer.name.removesuffix("_norm")] = layer.output
    return list(maps.values())
