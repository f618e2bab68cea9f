"""Self-attention on the generator's largest map, forward and backward."""

import functools

import tensorflow as tf

from keras_posegan.layers import self_attention_2d
from tools.benchmarks import candidate, straightforward
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import networks

_FILTERS = 128


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    whole = straightforward.WholeAttention
    return {
        "straightforward": functools.partial(_build, size, whole, "float32"),
        **{
            precision: functools.partial(
                _build, size, self_attention_2d.SelfAttention2D, precision
            )
            for precision in networks.PRECISIONS
        },
    }


def _build(size, kind, precision):
    layer = kind(reduction=min(8, size.filters(_FILTERS)), dtype=precision)
    shape = (size.batch_size, *size.image_size, size.filters(_FILTERS))
    layer.build(shape)
    layer.gamma.assign(0.5)
    features, upstream = (
        tf.cast(tf.random.normal(shape), layer.compute_dtype) for _ in range(2)
    )

    def forward_and_backward(features, upstream):
        with tf.GradientTape() as tape:
            tape.watch(features)
            outputs = layer(features)
        sources = [features, *layer.trainable_variables]
        return outputs, tape.gradient(outputs, sources, upstream)

    return candidate.traced(
        forward_and_backward, features, upstream, precision=networks.short(precision)
    )
