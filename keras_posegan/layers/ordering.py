"""Makes one computation wait for another, so that the two never share the memory."""

import tensorflow as tf


def after(tensors, *others):
    """The others as they are, but to be had only once the tensors are.

    What is computed from them is then computed later. A control dependency would say
    so to TensorFlow; TFLite's converter drops those. So a zero is added that is
    computed from each tensor's first number. (From one that is NaN, floats become NaN;
    integers, which may be indices, stay as they are.)

    Args:
        tensors: floats of any shape with at least one element; may be none.
        *others: tensors of numbers.

    Returns: a list as long as `others`.
    """
    for tensor in tensors:
        first = tf.reshape(tensor, (-1,))[0]
        others = [other + _zero(first, other.dtype) for other in others]
    return list(others)


def _zero(number, dtype):
    """A 0 that no optimizer knows to be one."""
    if dtype.is_floating:  # Of operations that TFLite's XNNPACK has.
        return tf.cast(tf.minimum(tf.abs(number), 0), dtype)
    return tf.cast(number > float("inf"), dtype)
