"""What both networks are built of."""

from collections.abc import Sequence

import keras


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
