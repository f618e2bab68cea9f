"""The nearest-neighbour loss and its gradient, on features like VGG19's."""

import functools

import tensorflow as tf

from keras_posegan.losses import nearest_neighbor
from tools.benchmarks import candidate, straightforward
from tools.benchmarks import size as size_lib

_CHANNELS = 64


def builders(size: size_lib.Size, neighborhood: int):
    """Builds each candidate, by name."""
    return {
        name: functools.partial(_build, size, loss, neighborhood)
        for name, loss in (
            ("straightforward", straightforward.nearest_neighbor_loss),
            ("float32", nearest_neighbor.nearest_neighbor_loss),
        )
    }


def _build(size, loss, neighborhood):
    shape = (size.batch_size, *size.image_size, _CHANNELS)
    # As behind a ReLU.
    target, generated = (tf.nn.relu(tf.random.normal(shape)) for _ in range(2))

    def forward_and_backward(target, generated):
        with tf.GradientTape() as tape:
            tape.watch(generated)
            value = loss(target, generated, neighborhood=neighborhood)
        return value, tape.gradient(value, generated)

    return candidate.traced(forward_and_backward, target, generated)
