"""Self-attention with the whole attention in memory."""

import tensorflow as tf

from keras_posegan.layers import self_attention_2d


class WholeAttention(self_attention_2d.SelfAttention2D):
    """Equations 5 and 6 with the N x N attention as one tensor."""

    def call(self, inputs):
        """See `SelfAttention2D`."""
        shape = tf.shape(inputs)
        x = tf.reshape(inputs, (shape[0], -1, inputs.shape[-1]))
        scores = tf.matmul(x @ self.query, x @ self.key, transpose_b=True)
        summary = tf.nn.softmax(scores) @ (x @ self.value)
        return inputs + tf.convert_to_tensor(self.gamma) * tf.reshape(summary, shape)
