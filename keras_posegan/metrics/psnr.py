"""Peak signal-to-noise ratio."""

import numpy as np

from keras_posegan.metrics import picture_pairs


def psnr(reference, generated) -> np.ndarray:
    """Peak signal-to-noise ratio of each pair of pictures, in decibels.

        10 log10(255^2 / mean over pixels and channels of (reference - generated)^2)

    Higher is better: 0 for black against white, infinite for equal pictures, and so
    is then a mean over pairs.

    Args:
        reference: uint8 (B, H, W, C), the real pictures.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,).

    Raises:
        ValueError: if an argument is not uint8 or not four-dimensional, or the
            shapes differ.

    Reference:
        scikit-image's `peak_signal_noise_ratio` with the full range of bytes, as the
        evaluation of Ren et al., arXiv 2003.00696, calls it.
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    difference = reference.astype(np.float64) - generated
    with np.errstate(divide="ignore"):  # Infinite for equal pictures.
        return 10 * np.log10(255**2 / np.square(difference).mean(axis=(1, 2, 3)))
