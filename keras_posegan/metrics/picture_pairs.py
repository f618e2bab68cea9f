"""What every measure of real against generated pictures asks of its arguments."""

import numpy as np


def checked_pair(reference, generated) -> tuple[np.ndarray, np.ndarray]:
    """Refuses anything but two batches of pictures of one shape.

    A float picture on another scale, or a batch that would broadcast, would give a
    plausible number that means nothing.

    Args:
        reference: uint8 (B, H, W, C).
        generated: uint8 of the same shape.

    Returns:
        Both as arrays.

    Raises:
        ValueError: if an argument is not uint8 or not four-dimensional, or the
            shapes differ.
    """
    reference, generated = np.asarray(reference), np.asarray(generated)
    for name, pictures in (("reference", reference), ("generated", generated)):
        if pictures.dtype != np.uint8 or pictures.ndim != 4:
            raise ValueError(
                f"`{name}` must be uint8 (B, H, W, C). "
                f"Received: {pictures.dtype} {pictures.shape}"
            )
    if reference.shape != generated.shape:
        raise ValueError(
            "`reference` and `generated` must have one shape. "
            f"Received: {reference.shape} and {generated.shape}"
        )
    return reference, generated
