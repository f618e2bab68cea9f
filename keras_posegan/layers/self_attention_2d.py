"""Self-attention over the positions of a feature map."""

import keras
import tensorflow as tf

from keras_posegan.layers import ordering


@keras.saving.register_keras_serializable(package="keras_posegan")
class SelfAttention2D(keras.layers.Layer):
    """Adds to every position a gated summary of all positions.

    For positions u, v of a map with N = H * W positions (paper, eq. 5 and 6):

        s[u, v] = (W_g x[u]) . (W_h x[v])       score, not scaled
        b[v, u] = softmax over u of s[u, v]     each row v sums to 1
        y[v]    = x[v] + gamma * sum over u of b[v, u] * (W_o x[u])

    `gamma` starts at 0, so a new layer is the identity and attention is
    phased in during training. Above N = 2 * `query_chunk` the N x N attention is
    never held whole: one example after the other, queries go through in chunks,
    and memory grows with N * query_chunk. Whole or not, the attention is computed
    again for the gradient instead of being kept. Scores and softmax are at least
    float32.

    The weights `key` (W_g transposed, (C, C // reduction)), `query` (W_h) and
    `value` (W_o, (C, C)) multiply from the right and have no biases.

    Args:
        reduction: int >= 1. W_g and W_h map to C // reduction channels
            (the paper's C-bar, whose value it leaves open; SAGAN uses 8).
        query_chunk: int >= 1. Rows of the attention computed at a time.
        key_pooling: int >= 1. Side of the squares of positions u that are
            max-pooled to one, keys and values each, as the authors' code of
            SAGAN does with 2; 1, the paper's formula, pools nothing.
        **kwargs: forwarded to `keras.layers.Layer`.

    Input shape: (batch, H, W, C), channels last; H, W and C known when built.
    Output shape: the input shape.

    Raises:
        ValueError: if `reduction`, `query_chunk` or `key_pooling` < 1, if C is
            smaller than `reduction`, if H, W or C is unknown, or if `key_pooling`
            does not divide H and W.

    Example:
    >>> layer = SelfAttention2D(reduction=8)
    >>> layer(np.zeros((2, 16, 8, 64), "float32")).shape
    TensorShape([2, 16, 8, 64])

    Reference:
        Horiuchi et al., MVA 2019, section 3.3. Zhang et al., "Self-Attention
        GAN", arXiv 1805.08318. The softmax row's gradient by its mean,
        rows * (g - sum(rows * g)), and sum(rows * g) = output . upstream:
        Dao et al., "FlashAttention", arXiv 2205.14135, appendix B.
    """

    def __init__(
        self,
        reduction: int = 8,
        query_chunk: int = 512,
        key_pooling: int = 1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if reduction < 1:
            raise ValueError(f"`reduction` must be >= 1. Received: {reduction=}")
        if query_chunk < 1:
            raise ValueError(f"`query_chunk` must be >= 1. Received: {query_chunk=}")
        if key_pooling < 1:
            raise ValueError(f"`key_pooling` must be >= 1. Received: {key_pooling=}")
        self.reduction = reduction
        self.query_chunk = query_chunk
        self.key_pooling = key_pooling
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        """Creates `key`, `query`, `value` and `gamma`."""
        if None in input_shape[1:]:
            raise ValueError(
                "Height, width and channels of the inputs must be known. "
                f"Received: input_shape={input_shape}"
            )
        _, height, width, channels = input_shape
        if height % self.key_pooling or width % self.key_pooling:
            raise ValueError(
                "`key_pooling` must divide height and width of the inputs. Received: "
                f"input_shape={input_shape}, key_pooling={self.key_pooling}"
            )
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
        queries = _at_least_float32(self._project(inputs, self.query))
        keys = _at_least_float32(self._pool(self._project(inputs, self.key)))
        values = self._pool(self._project(inputs, self.value))
        queries, keys, values = (_flatten(maps) for maps in (queries, keys, values))
        if queries.shape[1] <= 2 * self.query_chunk:
            summary = _attend(queries, keys, values)
        else:
            summary = _attend_in_chunks(queries, keys, values, self.query_chunk)
        summary = tf.reshape(summary, tf.shape(inputs))
        return inputs + tf.convert_to_tensor(self.gamma) * summary

    def attention(self, inputs, query_indices):
        """Rows of the attention: where each of the given positions looks.

        Args:
            inputs: what the layer is called with, (B, H, W, C).
            query_indices: ints (Q,), positions y * W + x.

        Returns: (B, Q, N); reshape it to (B, Q, H, W) to see it. Rows sum to 1.
            With `key_pooling` k it is (B, Q, N / k²), of (H / k, W / k) squares.
        """
        inputs = tf.cast(inputs, self.variable_dtype)
        queries = _flatten(self._project(inputs, self.query))
        keys = _flatten(self._pool(self._project(inputs, self.key)))
        return _softmax_rows(
            _at_least_float32(tf.gather(queries, query_indices, axis=1)),
            _at_least_float32(keys),
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
            "key_pooling": self.key_pooling,
        }

    def _project(self, inputs, weight):
        """Multiplies every position by a weight.

        As one product of matrices: the gradient of a batch of them would be one
        weight's gradient an example and row, added up afterwards.
        """
        _, height, width, channels = inputs.shape
        weight = tf.cast(weight, inputs.dtype)
        products = tf.matmul(tf.reshape(inputs, (-1, channels)), weight)
        return tf.reshape(products, (-1, height, width, weight.shape[1]))

    def _pool(self, maps):
        """The maximum of each square of positions."""
        if self.key_pooling == 1:
            return maps
        return tf.nn.max_pool2d(maps, self.key_pooling, self.key_pooling, "VALID")


@tf.custom_gradient
def _attend(queries, keys, values):
    """softmax(queries keysᵀ) values, of a batch or of one example."""
    outputs = tf.matmul(tf.cast(_softmax_rows(queries, keys), values.dtype), values)

    def gradient(upstream):
        query_gradient, *transposed = _gradients(
            queries, keys, values, outputs, upstream
        )
        return query_gradient, *map(tf.linalg.matrix_transpose, transposed)

    return outputs, gradient


def _attend_in_chunks(queries, keys, values, chunk):
    """`_attend` in bounded memory: example by example, `chunk` queries at a time.

    TensorFlow runs what does not depend on each other at the same time, and holds
    it all. So each chunk waits for the last one's results (`ordering.after`).
    """
    starts = range(0, queries.shape[1], chunk)

    def attend_example(example):
        queries, keys, values = example
        outputs = []
        for start in starts:
            some = queries[..., start : start + chunk, :]
            (some,) = ordering.after(outputs[-1:], some)
            rows = tf.cast(_softmax_rows(some, keys), values.dtype)
            outputs.append(tf.matmul(rows, values))
        return tf.concat(outputs, axis=-2)

    def gradient_of_example(example):
        queries, keys, values, outputs, upstream = example
        query_gradients = []
        totals = [tf.zeros_like(tf.transpose(x), keys.dtype) for x in (keys, values)]
        for start in starts:
            # Everything below is computed from these.
            those = (x[start : start + chunk] for x in (queries, outputs, upstream))
            some, some_outputs, some_upstream = ordering.after(totals, *those)
            query_gradient, *shares = _gradients(
                some, keys, values, some_outputs, some_upstream
            )
            query_gradients.append(query_gradient)
            totals = [
                total + tf.cast(share, total.dtype)
                for total, share in zip(totals, shares, strict=True)
            ]
        key_gradient, value_gradient = map(tf.transpose, totals)
        return [
            tf.concat(query_gradients, axis=0),
            key_gradient,
            tf.cast(value_gradient, values.dtype),
        ]

    def one_by_one(function, tensors, specs):
        return tf.map_fn(
            function, tensors, fn_output_signature=specs, parallel_iterations=1
        )

    inputs_specs = [
        tf.TensorSpec(x.shape[1:], x.dtype) for x in (queries, keys, values)
    ]
    output_spec = tf.TensorSpec((queries.shape[1], values.shape[2]), values.dtype)

    @tf.custom_gradient
    def attend(queries, keys, values):
        if queries.shape[0] == 1:
            outputs = attend_example((queries, keys, values))
        else:
            outputs = one_by_one(attend_example, (queries, keys, values), output_spec)

        def gradient(upstream):
            tensors = queries, keys, values, outputs, upstream
            return one_by_one(gradient_of_example, tensors, inputs_specs)

        return outputs, gradient

    return attend(queries, keys, values)


def _gradients(queries, keys, values, outputs, upstream):
    """Gradients of `_attend`: of queries, and transposed, of keys and values.

    (Transposed, the tall matrices on the right, products are a tenth faster.)
    """
    low = values.dtype
    rows = tf.cast(_softmax_rows(queries, keys), low)
    value_gradient = tf.matmul(upstream, rows, transpose_a=True)
    # The mean of a row's gradient under that row, from much smaller tensors. It is
    # taken off within the product, by one more channel.
    exact = (tf.cast(tensor, queries.dtype) for tensor in (outputs, upstream))
    mean = tf.reduce_sum(tf.multiply(*exact), axis=-1, keepdims=True)
    with_mean = tf.concat([upstream, tf.cast(-mean, low)], axis=-1)
    with_one = tf.concat([values, tf.ones_like(values[..., :1])], axis=-1)
    score_gradient = rows * tf.matmul(with_mean, with_one, transpose_b=True)
    query_gradient = tf.matmul(score_gradient, tf.cast(keys, low))
    key_gradient = tf.matmul(tf.cast(queries, low), score_gradient, transpose_a=True)
    return tf.cast(query_gradient, queries.dtype), key_gradient, value_gradient


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
