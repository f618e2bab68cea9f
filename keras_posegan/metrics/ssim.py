"""Structural similarity, with the settings all papers of this field share."""

import numpy as np
import skimage.metrics

from keras_posegan.metrics import picture_pairs

_WINDOW = 11  # scikit-image truncates the Gaussian at 3.5 sigma.


def ssim(reference, generated) -> np.ndarray:
    """Structural similarity of each pair of pictures (1 = equal).

    With the means m, variances v and covariance c of both pictures x (reference)
    and y (generated) under a Gaussian window (sigma 1.5, 11x11) at every
    position whose window lies in the picture, per channel,

        (2 m_x m_y + C1) (2 c_xy + C2) / ((m_x^2 + m_y^2 + C1) (v_x + v_y + C2))
        C1 = (0.01 R)^2, C2 = (0.03 R)^2, R = generated.max() - generated.min()

    averaged over positions and channels. R is taken from the *generated* picture
    as a whole, so the measure is not symmetric, and a washed-out picture is
    judged more sharply. These are the settings that the reported numbers were
    computed with; do not compare with R = 255.

    A generated picture of a single value has R = 0, and the formula may be 0 / 0.
    Its covariance is 0, so its similarity is given as 0, or 1 if the reference
    is the same picture.

    Args:
        reference: uint8 (B, H, W, C), the real pictures; H and W >= 11.
        generated: uint8 of the same shape.

    Returns:
        float64 (B,), each in [-1, 1].

    Raises:
        ValueError: if an argument is not uint8, not four-dimensional or smaller
            than the window, or the shapes differ.

    Reference:
        Wang et al., "Image quality assessment", IEEE TIP 2004, as scikit-image
        computes it with the settings of the evaluation of Siarohin et al., arXiv
        1801.00055.
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    if min(reference.shape[1:3]) < _WINDOW:
        raise ValueError(
            f"`reference` must be at least {_WINDOW} pixels high and wide. "
            f"Received: {reference.shape}"
        )
    return np.array(
        [_picture_ssim(x, y) for x, y in zip(reference, generated, strict=True)],
        dtype=np.float64,
    )


def _picture_ssim(reference, generated) -> float:
    """The similarity of one pair of (H, W, C) pictures."""
    data_range = int(generated.max()) - int(generated.min())
    if data_range == 0:
        return float(np.array_equal(reference, generated))
    return skimage.metrics.structural_similarity(
        reference,
        generated,
        data_range=data_range,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        channel_axis=-1,
    )
