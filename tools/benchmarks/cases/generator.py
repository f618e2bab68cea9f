"""The generator alone, forward and backward, as in training."""

import functools

import tensorflow as tf

from keras_posegan.models import pixels
from tools.benchmarks import candidate, people, straightforward
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import networks


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {
        "straightforward": functools.partial(_straightforward, size),
        **{
            precision: functools.partial(_project, size, precision)
            for precision in networks.PRECISIONS
        },
    }


def _straightforward(size):
    generator = straightforward.straightforward(networks.generator_of(size))
    return _candidate(generator, size, "float32")


def _project(size, precision):
    return _candidate(networks.generator_of(size, precision), size, precision)


def _candidate(generator, size, precision):
    batch = people.batch(size)
    del batch["target_image"]
    batch["source_image"] = pixels.to_network_range(batch["source_image"])
    upstream = tf.random.normal(batch["source_image"].shape)

    def forward_and_backward(batch, upstream):
        with tf.GradientTape() as tape:
            generated = generator(batch, training=True)
        return tape.gradient(generated, generator.trainable_variables, upstream)

    return candidate.traced(
        forward_and_backward, batch, upstream, precision=networks.short(precision)
    )
