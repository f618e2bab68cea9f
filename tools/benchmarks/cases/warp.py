"""The four deformable skips of the generator, forward and backward."""

import functools

import tensorflow as tf

from keras_posegan.layers import deformable_skip
from keras_posegan.pose import body_parts
from tools.benchmarks import candidate, people, straightforward
from tools.benchmarks import size as size_lib

_FILTERS = (64, 128, 256, 512)


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    tiled = straightforward.TiledSkip
    skip = deformable_skip.DeformableSkip
    return {
        "straightforward": functools.partial(_build, size, tiled, "projective"),
        "sparse": functools.partial(_build, size, skip, "sparse"),
        "projective": functools.partial(_build, size, skip, "projective"),
    }


def _build(size, kind, kernel):
    layer = kind(size.image_size, kernel=kernel)
    maps = [
        tf.random.normal(
            (
                size.batch_size,
                size.image_height >> level,
                size.image_width >> level,
                size.filters(filters),
            )
        )
        for level, filters in enumerate(_FILTERS)
    ]
    batch = people.batch(size)
    keypoints = batch["source_keypoints"], batch["target_keypoints"]
    transforms = body_parts.part_transforms(*keypoints)
    masks = body_parts.part_masks(keypoints[1], size.image_size)

    def forward_and_backward(maps, upstream, transforms, masks):
        with tf.GradientTape() as tape:
            tape.watch(maps)
            # Not the layer itself, which is built for one shape only.
            warped = [
                layer.call(features, transforms, masks, training=True)
                for features in maps
            ]
        return warped, tape.gradient(warped, maps, upstream)

    upstream = [tf.random.normal(features.shape) for features in maps]
    return candidate.traced(forward_and_backward, maps, upstream, transforms, masks)
