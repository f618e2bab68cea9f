"""What every classifier asks of the pictures it is given."""

import numpy as np


def checked_batch(pictures) -> np.ndarray:
    """Refuses anything but a batch of RGB pictures in bytes.

    Floats would have to be guessed to lie in [0, 1], [-1, 1] or [0, 255], and may
    hold NaN; each would give plausible probabilities that mean nothing.

    Args:
        pictures: uint8 (B, H, W, 3), B at least 1.

    Returns:
        The pictures as an array.

    Raises:
        ValueError: if they are not uint8, not of that shape, or none.
    """
    pictures = np.asarray(pictures)
    is_batch = pictures.ndim == 4 and pictures.shape[-1] == 3 and pictures.size
    if pictures.dtype != np.uint8 or not is_batch:
        raise ValueError(
            "`pictures` must be uint8 (B, H, W, 3). "
            f"Received: {pictures.dtype} {pictures.shape}"
        )
    return pictures
