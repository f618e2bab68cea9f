"""A folder of pictures of people and what stands where in them."""

import dataclasses
import pathlib

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class AnnotatedPictures:
    """Pictures of one folder with one figure each.

    Args:
        folder: where the pictures lie.
        names: the pictures' file names, each once.
        keypoints: float32 `(pictures, 18, 3)`: x, y in pixels and visible.

    Raises:
        ValueError: if there is not one figure a name.
    """

    folder: pathlib.Path
    names: tuple[str, ...]
    keypoints: np.ndarray

    def __post_init__(self):
        if len(self.names) != len(self.keypoints):
            raise ValueError(
                "`names` and `keypoints` must have the same length. "
                f"Received: {len(self.names)} and {len(self.keypoints)}"
            )

    @property
    def paths(self) -> tuple[str, ...]:
        """The pictures' paths, in the order of `names`."""
        return tuple(str(self.folder / name) for name in self.names)
