"""The absolute difference of pictures as a share of their brightness."""

import numpy as np

from keras_posegan.metrics import picture_pairs


def relative_l1(reference, generated) -> np.ndarray:
    """Absolute difference of each pair of pictures over their total brightness.

        sum of |reference - generated| / sum of (reference + generated)

    over pixels and channels. Lower is better: 0 for equal pictures (two black ones
    too, where the formula is 0 / 0), 1 for black against anything. An error in a dark
    picture weighs more than in a bright one.

    Args:
        reference: uint8 (B, H, W, C), the real pictures.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,).

    Raises:
        ValueError: if an argument is not uint8 or not four-dimensional, or the
            shapes differ.

    Reference:
        What the evaluation of Ren et al., arXiv 2003.00696, calls MAE
        (`compare_mae`).
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    difference = np.abs(reference.astype(np.float64) - generated)
    brightness = reference.astype(np.float64) + generated
    total = brightness.sum(axis=(1, 2, 3))
    return difference.sum(axis=(1, 2, 3)) / np.where(total > 0, total, 1)
