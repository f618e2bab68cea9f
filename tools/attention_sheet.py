"""One pair's attention maps as a sheet of pictures."""

from collections.abc import Sequence

import keras
import numpy as np

from tools import attention_maps, picture_sheet

_COLUMNS = 10


def attention_sheet(
    generator: keras.Model,
    sample: dict[str, np.ndarray],
    generated: np.ndarray,
    points: Sequence[attention_maps.Point],
) -> np.ndarray | None:
    """Draws where chosen points of a generated picture look, layer by layer.

    Of each attention layer of the generator: the generated picture with every point
    marked, and for each point the row of the attention over that picture (the
    paper's figure 3). Brighter positions have more weight; each map has a scale of
    its own.

    Args:
        generator: see `build_generator`.
        sample: a batch of one pair, as the data pipeline feeds it.
        generated: uint8 (H, W, 3), what the generator makes of it.
        points: where to look from; at least one.

    Returns:
        uint8 (height, width, 3); None if the generator has no attention.

    Raises:
        ValueError: if there is no point.
    """
    if not points:
        raise ValueError("`points` must not be empty.")
    layers = attention_maps.attention_layers(generator)
    rows = []
    for layer, maps in zip(
        layers,
        attention_maps.attention_rows(generator, sample, points),
        strict=True,
    ):
        cells = [
            (
                "generated",
                attention_maps.crosses(generated, [point for _, point in points]),
            ),
            *(
                (name, attention_maps.overlay(generated, weights, point))
                for (name, point), weights in zip(points, maps, strict=True)
            ),
        ]
        height, width = layer.input.shape[1:3]
        heading = (
            f"{layer.name}: {height}x{width} positions, gamma {float(layer.gamma):.3g}"
        )
        for first in range(0, len(cells), _COLUMNS):
            rows.append((heading, cells[first : first + _COLUMNS]))
            heading = ""
    return picture_sheet.picture_sheet(rows) if rows else None
