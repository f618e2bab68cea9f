"""Spectral normalisation of a convolution: its kernel W counts as W / σ(W)."""

import keras
import tensorflow as tf

_SMALLEST_NORM = 1e-12


def spectral_norm(kernel, left_vector, output_axis: int, training: bool):
    """Estimates a kernel's largest singular value σ from `left_vector`.

    With W the kernel as a matrix (output channels, everything else), u the left
    vector and n(x) = x / |x|, one step of the power method gives

        v = n(Wᵀ u)

    and then, in training, u' = n(W v), σ = u'ᵀ W v, and u' is stored; otherwise
    σ = uᵀ W v and nothing is stored. u and v count as constants: dσ/dW = u vᵀ. The
    kernel itself is never assigned.

    σ is an estimate from below, exact once u has converged: one step per training
    call suffices because the kernel changes slowly, but W / σ of a new layer has a
    norm somewhat above 1. Of a kernel of zeros it is 1e-12, and u stays as it was.

    Args:
        kernel: tensor or variable, rank >= 2, floating.
        left_vector: float32 `keras.Variable` of shape (output channels,), |u| = 1.
        output_axis: which axis of the kernel counts its output channels: -1 in a
            convolution, -2 in a transposed one (Keras keeps its kernel as
            height, width, out, in).
        training: whether u is advanced.

    Returns: a float32 scalar >= 1e-12.

    Reference:
        Miyato et al., "Spectral normalization for generative adversarial
        networks", arXiv 1802.05957, algorithm 1. Unlike Keras's and TensorFlow
        Addons' layers the kernel is left alone, and a transposed kernel is
        flattened on its output axis.
    """
    kernel = tf.convert_to_tensor(kernel)
    # (taps, rows, columns), a view: a transposition would copy the kernel.
    matrices = tf.reshape(kernel, (-1, *kernel.shape[-2:]))
    matrices = tf.stop_gradient(tf.cast(matrices, tf.float32))
    u = tf.convert_to_tensor(left_vector.value)
    v = _normalize(_times(matrices, u, output_axis))
    product = _sum_times(matrices, v, output_axis)  # W v
    if training:
        # Where W v is zero there is no direction to go on with.
        found = tf.norm(product) > _SMALLEST_NORM
        u = tf.where(found, _normalize(product), u)
        left_vector.assign(u)
    sigma = tf.maximum(tf.tensordot(u, product, 1), _SMALLEST_NORM)
    return _differentiable(sigma, kernel, *((u, v) if output_axis == -2 else (v, u)))


@tf.custom_gradient
def _differentiable(sigma, kernel, rows, columns):
    """σ as a function of W: dσ/dW = u vᵀ.

    `rows` and `columns` are u and v in the order of the kernel's last two axes.
    """

    def gradient(upstream):
        outer = (upstream * rows)[..., :, None] * columns[..., None, :]
        return None, tf.cast(tf.reshape(outer, kernel.shape), kernel.dtype), None, None

    return tf.identity(sigma), gradient


@tf.custom_gradient
def divide(outputs, sigma):
    """What a convolution by W gives, over σ: what one by W / σ gives.

    So no copy of the kernel is made, nor kept for the backward pass; deep maps are
    a hundred times smaller than their kernels. With y = outputs / σ,
    dL/dσ = -<dL/dy, y> / σ: y is all that is kept. Computed in float32 at least.
    """
    dtype = tf.float32 if outputs.dtype.size < 4 else outputs.dtype
    scale = tf.cast(1.0 / sigma, dtype)
    quotients = tf.cast(tf.cast(outputs, dtype) * scale, outputs.dtype)

    def gradient(upstream):
        upstream = tf.cast(upstream, dtype)
        share = tf.reduce_sum(upstream * tf.cast(quotients, dtype))
        sigma_gradient = -tf.cast(share * scale, sigma.dtype)
        return tf.cast(upstream * scale, outputs.dtype), sigma_gradient

    return quotients, gradient


def _times(matrices, u, output_axis: int):
    """Wᵀ u: u (output channels,) to (taps, input channels)."""
    if output_axis == -2:
        row = tf.broadcast_to(u, (matrices.shape[0], 1, u.shape[0]))
        return tf.matmul(row, matrices)[:, 0]
    return tf.linalg.matvec(matrices, u)


def _sum_times(matrices, v, output_axis: int):
    """W v: (taps, input channels) to (output channels,)."""
    products = tf.linalg.matvec(matrices, v, transpose_a=output_axis == -1)
    return tf.reduce_sum(products, axis=0)


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


def _normalize(vector):
    """The vector over its length; zero stays zero."""
    return vector / tf.maximum(tf.norm(vector), _SMALLEST_NORM)
