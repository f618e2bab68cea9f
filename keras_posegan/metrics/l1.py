"""The mean absolute difference of pictures, as the field reports it."""

import numpy as np

from keras_posegan.metrics import picture_pairs


def l1(reference, generated) -> np.ndarray:
    """Mean absolute difference of each pair of pictures, on the scale [-1, 1].

        mean over pixels and channels of |reference - generated| / 127.5

    Lower is better: 0 for equal pictures, 2 for black against white.

    Args:
        reference: uint8 (B, H, W, C), the real pictures.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,).

    Raises:
        ValueError: if an argument is not uint8 or not four-dimensional, or the
            shapes differ.

    Reference:
        The evaluation of Siarohin et al., "Deformable GANs", arXiv 1801.00055,
        which scales bytes to [-1, 1].
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    difference = reference.astype(np.float64) - generated
    return np.abs(difference).mean(axis=(1, 2, 3)) / 127.5
