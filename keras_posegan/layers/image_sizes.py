"""What the layers that know their picture's size accept as one."""


def checked(image_size) -> tuple[int, int]:
    """The (height, width) as a tuple; ValueError unless both are positive ints."""
    is_size = (
        isinstance(image_size, tuple | list)
        and len(image_size) == 2
        and all(isinstance(size, int) and size >= 1 for size in image_size)
    )
    if not is_size:
        raise ValueError(
            "`image_size` must be (height, width), both positive ints. "
            f"Received: image_size={image_size}"
        )
    return tuple(image_size)
