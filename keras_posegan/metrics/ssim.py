"""Structural similarity, with the settings all papers of this field share."""

import numpy as np

from keras_posegan.metrics import picture_pairs

_SIGMA = 1.5
_RADIUS = 5  # scikit-image truncates at 3.5 sigma.
_K1, _K2 = 0.01, 0.03


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
        Wang et al., "Image quality assessment", IEEE TIP 2004. Equal to
        scikit-image's `structural_similarity` with `gaussian_weights=True,
        sigma=1.5, use_sample_covariance=False, channel_axis=-1` and that R: the
        evaluation of Siarohin et al., arXiv 1801.00055.
    """
    reference, generated = picture_pairs.checked_pair(reference, generated)
    if min(reference.shape[1:3]) < 2 * _RADIUS + 1:
        raise ValueError(
            f"`reference` must be at least {2 * _RADIUS + 1} pixels high and wide. "
            f"Received: {reference.shape}"
        )
    return np.array(
        [_picture_ssim(x, y) for x, y in zip(reference, generated, strict=True)],
        dtype=np.float64,
    )


def _picture_ssim(reference, generated) -> float:
    """The similarity of one pair of (H, W, C) pictures."""
    data_range = float(generated.max()) - float(generated.min())
    if data_range == 0.0:
        return float(np.array_equal(reference, generated))
    c1, c2 = (_K1 * data_range) ** 2, (_K2 * data_range) ** 2
    x = reference.transpose(2, 0, 1).astype(np.float64)
    y = generated.transpose(2, 0, 1).astype(np.float64)
    down, across = _window_matrix(x.shape[1]), _window_matrix(x.shape[2]).T
    mean_x, mean_y, mean_xx, mean_yy, mean_xy = (
        down @ maps @ across for maps in (x, y, x * x, y * y, x * y)
    )
    variances = mean_xx - mean_x**2 + mean_yy - mean_y**2
    covariance = mean_xy - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variances + c2)
    return float((luminance * structure).mean())


def _window_matrix(size: int) -> np.ndarray:
    """(size - 10, size): row i weighs positions i .. i + 10 by the window.

    Two matrix products blur a picture several times faster than a convolution
    in NumPy, and need no SciPy.
    """
    offsets = np.arange(size) - np.arange(_RADIUS, size - _RADIUS)[:, np.newaxis]
    weights = np.exp(-0.5 * (offsets / _SIGMA) ** 2) * (np.abs(offsets) <= _RADIUS)
    return weights / weights.sum(axis=1, keepdims=True)
