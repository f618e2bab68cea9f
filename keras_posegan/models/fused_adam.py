"""Adam in one operation a weight."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="keras_posegan")
class FusedAdam(keras.optimizers.Adam):
    """`keras.optimizers.Adam`, each weight updated by one fused operation.

    The same numbers up to rounding, the same variables. Keras's update makes ten
    passes over every weight and as many copies; with the paper's 64 million weights
    they cost as much as a twentieth of a step.

    Args: those of `keras.optimizers.Adam`; `amsgrad` is not supported.

    Raises:
        ValueError: if `amsgrad` is asked for.

    Example:
    >>> FusedAdam(2e-4, 0.5, 0.999).name
    'fused_adam'
    """

    def __init__(self, *args, name: str = "fused_adam", **kwargs):
        super().__init__(*args, name=name, **kwargs)
        if self.amsgrad:
            raise ValueError("`amsgrad` is not supported. Received: amsgrad=True")

    def update_step(self, gradient, variable, learning_rate):
        """Updates one weight and its two moments."""
        index = self._get_variable_index(variable)
        dtype = variable.dtype
        step = tf.cast(self.iterations.value + 1, dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=tf.pow(tf.cast(self.beta_1, dtype), step),
            beta2_power=tf.pow(tf.cast(self.beta_2, dtype), step),
            lr=tf.cast(learning_rate, dtype),
            beta1=tf.cast(self.beta_1, dtype),
            beta2=tf.cast(self.beta_2, dtype),
            epsilon=tf.cast(self.epsilon, dtype),
            grad=tf.cast(gradient, dtype),
        )
