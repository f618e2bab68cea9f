"""Structural similarity over large windows of one weight."""

import numpy as np
import skimage.metrics

from keras_posegan.metrics import picture_pairs

_WINDOW = 51


def uniform_ssim(reference, generated) -> np.ndarray:
    """Structural similarity in 51x51 windows of each pair of pictures (1 = equal).

    The formula of `ssim`, but with every pixel of a window weighing the same, with
    variances and covariances divided by 51^2 - 1, and with a data range R of 255
    whatever the pictures hold. Such large windows forgive much: do not compare with
    `ssim`.

    Args:
        reference: uint8 (B, H, W, C), the real pictures; H and W >= 51.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,), each in [-1, 1].

    Raises:
        ValueError: if an argument is not uint8, not four-dimensional or smaller
            than the window, or the shapes differ.

    Reference:
        scikit-image with the settings of `Reconstruction_Metrics` in the evaluation
        of Ren et al., arXiv 2003.00696 (data range 1 on pictures in [0, 1]). There
        pictures are float32; here float64.
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    if min(reference.shape[1:3]) < _WINDOW:
        raise ValueError(
            f"`reference` must be at least {_WINDOW} pixels high and wide. "
            f"Received: {reference.shape}"
        )
    values = [
        skimage.metrics.structural_similarity(
            x, y, win_size=_WINDOW, data_range=255, channel_axis=-1
        )
        for x, y in zip(reference, generated, strict=True)
    ]
    return np.array(values, dtype=np.float64)
