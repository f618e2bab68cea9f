"""Self-attention over the positions of a feature map."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="keras_posegan")
class SelfAttention2D(keras.layers.Layer):
    """Adds to every position a gated summary of all positions.

    For positions u, v of a map with N = H * W positions (paper, eq. 5 and 6):

        s[u, v] = (W_g x[u]) . (W_h x[v])       score, not scaled
        b[v, u] = softmax over u of s[u, v]     each row v sums to 1
        y[v]    = x[v] + gamma * sum over u of b[v, u] * (W_o x[u])

    `gamma` starts at 0, so a new layer is the identity and attention is
    phased in during training. The N x N attention is never held whole, unless
    N <= `query_chunk`: queries go through in chunks, whose attention is
    computed again for the gradient, and memory grows with N * query_chunk.
    Scores and softmax are at least float32.

    The weights `key` (W_g transposed, (C, C // reduction)), `query` (W_h) and
    `value` (W_o, (C, C)) multiply from the right and have no biases.

    Args:
        reduction: int >= 1. W_g and W_h map to C // reduction channels
            (the paper's C-bar, whose value it leaves open; SAGAN uses 8).
        query_chunk: int >= 1. Rows of the attention computed at a time.
        **kwargs: forwarded to `keras.layers.Layer`.

    Input shape: (batch, H, W, C), channels last; H, W and C known when built.
    Output shape: the input shape.

    Raises:
        ValueError: if `reduction` or `query_chunk` < 1, if C is smaller than
            `reduction`, or if H, W or C is unknown.

    Example:
    >>> layer = SelfAttention2D(reduction=8)
    >>> layer(np.zeros((2, 16, 8, 64), "float32")).shape
    TensorShape([2, 16, 8, 64])

    Reference:
        Horiuchi et al., MVA 2019, section 3.3. Zhang et al., "Self-Attention
        GAN", arXiv 1805.08318. Unlike the authors' code of the latter, keys
        and values are not max-pooled: this is the paper's formula.
    """

    def __init__(self, reduction: int = 8, query_chunk: int = 1024, **kwargs):
        super().__init__(**kwargs)
        if reduction < 1:
            raise ValueError(f"`reduction` must be >= 1. Received: {reduction=}")
        if query_chunk < 1:
            raise ValueError(f"`query_chunk` must be >= 1. Received: {query_chunk=}")
        self.reduction = reduction
        self.query_chunk = query_chunk
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        """Creates `key`, `query`, `value` and `gamma`."""
        if None in input_shape[1:]:
            raise ValueError(
                "Height, width and channels of the inputs must be known. "
                f"Received: input_shape={input_shape}"
            )
        channels = input_shape[-1]
        if channels < self.reduction:
            raise ValueError(
                "The inputs must have at least `reduction` channels. Received: "
                f"input_shape={input_shape}, reduction={self.reduction}"
            )
        small = (channels, channels // self.reduction)
        self.key = self.add_weight(name="key", shape=small)
        self.query = self.add_weight(name="query", shape=small)
        self.value = self.add_weight(name="value", shape=(channels, channels))
        self.gamma = self.add_weight(name="gamma", shape=(), initializer="zeros")

    def call(self, inputs):
        """See the class."""
        positions = _flatten(inputs)
        count = positions.shape[1]
        keys = _at_least_float32(tf.matmul(positions, self.key))
        queries = _at_least_float32(tf.matmul(positions, self.query))
        values = tf.matmul(positions, self.value)
        summaries = [
            _attend(queries[:, start : start + self.query_chunk], keys, values)
            for start in range(0, count, self.query_chunk)
        ]
        summary = tf.reshape(tf.concat(summaries, axis=1), tf.shape(inputs))
        return inputs + tf.convert_to_tensor(self.gamma) * summary

    def attention(self, inputs, query_indices):
        """Rows of the attention: where each of the given positions looks.

        Args:
            inputs: what the layer is called with, (B, H, W, C).
            query_indices: ints (Q,), positions y * W + x.

        Returns: (B, Q, N); reshape it to (B, Q, H, W) to see it. Rows sum to 1.
        """
        positions = _flatten(tf.cast(inputs, self.variable_dtype))
        chosen = tf.gather(positions, query_indices, axis=1)
        return _softmax_rows(
            _at_least_float32(tf.matmul(chosen, self.query)),
            _at_least_float32(tf.matmul(positions, self.key)),
        )

    def compute_output_shape(self, input_shape):
        """The input shape."""
        return input_shape

    def get_config(self):
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "reduction": self.reduction,
            "query_chunk": self.query_chunk,
        }


@tf.custom_gradient
def _attend(queries, keys, values):
    """softmax(queries keysᵀ) values; the gradient computes the softmax again."""

    def gradient(upstream):
        rows = _softmax_rows(queries, keys)
        exact_values = tf.cast(values, rows.dtype)
        upstream = tf.cast(upstream, rows.dtype)
        row_gradient = tf.matmul(upstream, exact_values, transpose_b=True)
        mean = tf.reduce_sum(row_gradient * rows, axis=-1, keepdims=True)
        score_gradient = rows * (row_gradient - mean)
        return (
            tf.matmul(score_gradient, keys),
            tf.matmul(score_gradient, queries, transpose_a=True),
            tf.cast(tf.matmul(rows, upstream, transpose_a=True), values.dtype),
        )

    rows = _softmax_rows(queries, keys)
    return tf.matmul(tf.cast(rows, values.dtype), values), gradient


def _softmax_rows(queries, keys):
    """b[v, u] for the given v and all u."""
    return tf.nn.softmax(tf.matmul(queries, keys, transpose_b=True), axis=-1)


def _flatten(inputs):
    """(B, H, W, C) to (B, N, C)."""
    _, height, width, channels = inputs.shape
    return tf.reshape(inputs, (-1, height * width, channels))


def _at_least_float32(tensor):
    """Scores are not scaled: half precision would lose whole units of them."""
    return tf.cast(tensor, tf.float32) if tensor.dtype.size < 4 else tensor
