"""The mean absolute difference of pictures on the scale [0, 1]."""

import numpy as np

from keras_posegan.metrics import l1


def unit_l1(reference, generated) -> np.ndarray:
    """Mean absolute difference of each pair of pictures, on the scale [0, 1].

    Half of `l1`, whose scale is [-1, 1]: 0 for equal pictures, 1 for black against
    white.

    Args:
        reference: uint8 (B, H, W, C), the real pictures.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,).

    Raises:
        ValueError: if an argument is not uint8 or not four-dimensional, or the
            shapes differ.

    Reference:
        `compare_l1` of the evaluation of Ren et al., arXiv 2003.00696.
    """
    return l1.l1(reference, generated) / 2
