"""Pictures in rows, with words above them, as one picture."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Small pictures are enlarged by a whole factor, at most to this height: each of
# their pixels stays a square.
_HEIGHT = 256
_MARGIN = 16
_GAP = 6
_HEADING_SIZE = 17
_TITLE_SIZE = 14
_SMALLEST_SIZE = 7
_LINE_HEIGHT = 1.4  # Of the size of the letters.
_ABOVE_HEADING = 10
_PAPER = (255, 255, 255)
_INK = (34, 34, 34)

Cell = tuple[str, np.ndarray]


def picture_sheet(rows: Sequence[tuple[str, Sequence[Cell]]]) -> np.ndarray:
    """Puts pictures in rows.

    A title that is wider than its picture is set in smaller letters, and cut off if
    that is not enough: no two texts touch.

    Args:
        rows: of each row a heading above it, and its cells: a title and a picture,
            uint8 (H, W, 3), all of one size. Empty words take no room.

    Returns:
        uint8 (height, width, 3).

    Raises:
        ValueError: if there is no picture, or one is of another size or type.
    """
    pictures = [picture for _, cells in rows for _, picture in cells]
    if not pictures:
        raise ValueError(f"`rows` must hold a picture. Received: {rows!r}")
    shape = pictures[0].shape
    for picture in pictures:
        if picture.shape != shape or picture.dtype != np.uint8 or shape[2:] != (3,):
            raise ValueError(
                "Pictures must be uint8 (H, W, 3) of one size. "
                f"Received: {picture.dtype} {picture.shape} beside {shape}"
            )
    scale = max(1, _HEIGHT // shape[0])
    height, width = scale * shape[0], scale * shape[1]
    columns = max(len(cells) for _, cells in rows)
    sheet_width = 2 * _MARGIN + columns * (width + _GAP) - _GAP
    sheet_height = 2 * _MARGIN + sum(
        sum(_text_heights(heading, cells)) + height + _GAP for heading, cells in rows
    )
    sheet = Image.new("RGB", (sheet_width, sheet_height), _PAPER)
    canvas = ImageDraw.Draw(sheet)
    top = _MARGIN
    for heading, cells in rows:
        heading_height, title_height = _text_heights(heading, cells)
        _write(
            canvas,
            (_MARGIN, top + _ABOVE_HEADING),
            heading,
            _HEADING_SIZE,
            sheet_width - 2 * _MARGIN,
        )
        top += heading_height
        for column, (title, picture) in enumerate(cells):
            left = _MARGIN + column * (width + _GAP)
            _write(canvas, (left, top), title, _TITLE_SIZE, width)
            enlarged = picture.repeat(scale, axis=0).repeat(scale, axis=1)
            sheet.paste(Image.fromarray(enlarged), (left, top + title_height))
        top += title_height + height + _GAP
    return np.array(sheet)


def _text_heights(heading, cells):
    """Pixels above a row for its heading and for its titles."""
    has_title = any(title for title, _ in cells)
    return (
        _ABOVE_HEADING + round(_LINE_HEIGHT * _HEADING_SIZE) if heading else 0,
        round(_LINE_HEIGHT * _TITLE_SIZE) if has_title else 0,
    )


def _write(canvas, place, text, size, width):
    """Writes one line that is no wider than `width`."""
    font = ImageFont.load_default(size)
    while font.getlength(text) > width:
        if size > _SMALLEST_SIZE:
            size -= 1
            font = ImageFont.load_default(size)
        else:
            text = text[:-1]
    canvas.text(place, text, fill=_INK, font=font)
