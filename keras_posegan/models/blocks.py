"""What both networks are built of."""

import contextlib
from collections.abc import Iterator, Sequence

import keras


@contextlib.contextmanager
def precision(policy: str) -> Iterator[None]:
    """Builds the layers within under a dtype policy, such as "mixed_bfloat16".

    Weights are float32 under any. Layers of our own keep geometry, softmax and
    spectral norms in float32, and so do the losses; a network's output is float32.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def instance_norm(name: str) -> keras.layers.Layer:
    """Instance norm: group norm with one channel a group; learnt scale and centre."""
    return keras.layers.GroupNormalization(groups=-1, epsilon=1e-5, name=name)


def check_strides(attention_strides: Sequence[int], levels: Sequence[int]) -> None:
    """Raises ValueError where an attention stride names no level of a network."""
    for stride in attention_strides:
        if stride not in levels:
            raise ValueError(
                f"`attention_strides` must be among {list(levels)}, this network's "
                f"levels. Received: attention_strides={tuple(attention_strides)}"
            )
