"""Spectral normalisation of a convolution's kernel: W / σ(W)."""

import keras
import tensorflow as tf

_SMALLEST_NORM = 1e-12


def normalized_kernel(kernel, left_vector, output_axis: int, training: bool):
    """Divides a kernel by its largest singular value, estimated from `left_vector`.

    With W the kernel as a matrix (output channels, everything else), u the left
    vector and n(x) = x / |x|, one step of the power method gives

        v = n(Wᵀ u)

    and then, in training, u' = n(W v), σ = u'ᵀ W v, and u' is stored; otherwise
    σ = uᵀ W v and nothing is stored. The result is W / σ. The gradient flows
    through σ, with u and v taken as constants: dσ/dW = u vᵀ. The kernel itself
    is never assigned.

    σ is computed in float32. It is an estimate from below, exact once u has
    converged: one step per training call suffices because the kernel changes
    slowly, but W / σ of a new layer has a norm somewhat above 1. A kernel of
    zeros stays zeros and leaves u as it was.

    Args:
        kernel: tensor or variable, rank >= 2, floating.
        left_vector: float32 `keras.Variable` of shape (output channels,), |u| = 1.
        output_axis: which axis of the kernel counts its output channels: -1 in a
            convolution, -2 in a transposed one (Keras keeps its kernel as
            height, width, out, in).
        training: whether u is advanced.

    Returns: the normalised kernel, of the kernel's shape and dtype.

    Reference:
        Miyato et al., "Spectral normalization for generative adversarial
        networks", arXiv 1802.05957, algorithm 1. Unlike Keras's and TensorFlow
        Addons' layers the kernel is left alone, and a transposed kernel is
        flattened on its output axis.
    """
    kernel = tf.convert_to_tensor(kernel)
    matrix = tf.cast(_flatten(kernel, output_axis), tf.float32)
    fixed_matrix = tf.stop_gradient(matrix)
    u = tf.convert_to_tensor(left_vector.value)
    v = _normalize(tf.linalg.matvec(fixed_matrix, u, transpose_a=True))
    if training:
        product = tf.linalg.matvec(fixed_matrix, v)
        # Where W v is zero there is no direction to go on with.
        found = tf.norm(product) > _SMALLEST_NORM
        u = tf.where(found, _normalize(product), u)
        left_vector.assign(u)
    sigma = tf.tensordot(u, tf.linalg.matvec(matrix, v), 1)
    return kernel / tf.cast(tf.maximum(sigma, _SMALLEST_NORM), kernel.dtype)


def add_left_vector(layer: keras.layers.Layer):
    """Gives a layer with `filters` output channels its vector u, a random direction."""

    def unit_vector(shape, dtype=None):
        return _normalize(keras.initializers.RandomNormal(stddev=1.0)(shape, dtype))

    return layer.add_weight(
        name="left_vector",
        shape=(layer.filters,),
        initializer=unit_vector,
        dtype="float32",
        trainable=False,
        # Replicas hold the same kernel, so each computes the same u.
        aggregation="only_first_replica",
    )


def add_bias_and_activate(layer: keras.layers.Layer, outputs):
    """What follows the convolution in a Keras convolution layer."""
    if layer.use_bias:
        # Not keras.ops.add: it guesses the bias's axis, wrongly where the width of
        # a channels-first map equals the number of filters.
        outputs = tf.nn.bias_add(
            outputs,
            tf.cast(layer.bias, layer.compute_dtype),
            data_format="NCHW" if layer.data_format == "channels_first" else "NHWC",
        )
    return outputs if layer.activation is None else layer.activation(outputs)


def _flatten(kernel, output_axis: int):
    """The kernel as a matrix (output channels, everything else)."""
    axes = list(range(kernel.shape.rank))
    axes.insert(0, axes.pop(output_axis))
    return tf.reshape(tf.transpose(kernel, axes), (kernel.shape[output_axis], -1))


def _normalize(vector):
    """The vector over its length; zero stays zero."""
    return vector / tf.maximum(tf.norm(vector), _SMALLEST_NORM)
