"""Tests of sheets of pictures, and of what the words on them take up."""

import numpy as np
import pytest

from tools import picture_sheet

GREY = np.full((32, 16, 3), 90, np.uint8)
SCALE = 8  # 256 / 32.


def _columns_with_ink(sheet):
    """Columns in which anything dark is written, pictures of 90 apart."""
    return np.flatnonzero((sheet < 80).any(axis=(0, 2)))


def test_pictures_stand_in_rows_each_pixel_a_square():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (3, 32, 16, 3), dtype=np.uint8)
    sheet = picture_sheet.picture_sheet(
        [("", [("", pictures[0]), ("", pictures[1])]), ("", [("", pictures[2])])]
    )
    enlarged = np.kron(pictures, np.ones((1, SCALE, SCALE, 1), np.uint8))
    margin, gap = 16, 6
    height, width = 32 * SCALE, 16 * SCALE
    for row, column, expected in ((0, 0, 0), (0, 1, 1), (1, 0, 2)):
        top, left = margin + row * (height + gap), margin + column * (width + gap)
        np.testing.assert_array_equal(
            sheet[top : top + height, left : left + width], enlarged[expected]
        )
    assert sheet.shape[1] == 2 * margin + 2 * width + gap


def test_words_take_room_only_where_they_are():
    def height(heading, title):
        return len(picture_sheet.picture_sheet([(heading, [(title, GREY)])]))

    assert height("", "") < height("", "title") < height("heading", "title")
    assert height("", "") < height("heading", "") < height("heading", "title")


def test_no_title_leaves_its_column():
    # So long that it must be cut, too.
    for title in ("word", "many words of a title", "words and words " * 9):
        sheet = picture_sheet.picture_sheet([("", [("", GREY), (title, GREY)])])
        inked = _columns_with_ink(sheet)
        first = 16 + 16 * SCALE + 6
        assert first <= inked[0] <= first + 4
        assert inked[-1] < first + 16 * SCALE


def test_other_pictures_are_refused():
    with pytest.raises(ValueError, match="must hold a picture"):
        picture_sheet.picture_sheet([("", [])])
    for other in (GREY[:16], GREY.astype("float32")):
        with pytest.raises(ValueError, match="of one size"):
            picture_sheet.picture_sheet([("", [("", GREY), ("", other)])])
    with pytest.raises(ValueError, match="of one size"):
        picture_sheet.picture_sheet([("", [("", GREY[..., 0])])])
