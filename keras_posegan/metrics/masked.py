"""Pictures with everything but the person blackened."""

import numpy as np


def masked(pictures, masks) -> np.ndarray:
    """Sets to 0 what lies outside the masks.

    A masked measure is the plain one of masked pictures: mask both the reference and
    the generated picture, each pair by the body mask of its target pose, and call
    `ssim`, `l1` or a classifier. So means run over the whole picture, black included,
    and a masked SSIM or L1 looks better the smaller the person.

    Args:
        pictures: uint8 (B, H, W, C).
        masks: bool (B, H, W), true where the picture is kept; see `pose.body_mask`.

    Returns:
        uint8 (B, H, W, C); the arguments are not changed.

    Raises:
        ValueError: if an argument has another type, or the shapes do not fit.

    Reference:
        The evaluation code of Siarohin et al., arXiv 1801.00055
        (`create_masked_image`), which reports masked SSIM and inception score so.
    """
    pictures, masks = np.asarray(pictures), np.asarray(masks)
    if pictures.dtype != np.uint8 or pictures.ndim != 4:
        raise ValueError(
            "`pictures` must be uint8 (B, H, W, C). "
            f"Received: {pictures.dtype} {pictures.shape}"
        )
    if masks.dtype != bool or masks.shape != pictures.shape[:3]:
        raise ValueError(
            f"`masks` must be bool {pictures.shape[:3]}. "
            f"Received: {masks.dtype} {masks.shape}"
        )
    return pictures * masks[..., np.newaxis]
