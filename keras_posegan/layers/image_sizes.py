"""What the layers that know their picture's size accept as one."""


def checked(image_size) -> tuple[int, int]:
    """The (height, width) as a tuple; ValueError unless both are positive ints."""
    if len(image_size) != 2 or not all(
        isinstance(size, int) and size >= 1 for size in image_size
    ):
        raise ValueError(
            "`image_size` must be (height, width), both positive ints. "
            f"Received: image_size={image_size}"
        )
    return tuple(image_size)
