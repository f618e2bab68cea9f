"""What the rasterizer has drawn."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Buffers:
    """What is seen at each pixel of the fine grid.

    Args:
        depth: (H, W) float32, larger is nearer; -1e9 where nothing is.
        texel: (H, W) int32, index into the atlas; texel // TEXTURE_SIZE is the part.
        shade: (H, W) float32, light received, about 0.3 to 1.2.
    """

    depth: np.ndarray
    texel: np.ndarray
    shade: np.ndarray
