"""Where a person is cut out of a large picture, and how joints move with the cut."""

import dataclasses

import numpy as np

from keras_posegan.pose import skeleton

# Shares of the height from the highest joint to the lowest, so that the joints come
# to lie where they do in the medians of Market-1501's 5,338 whole figures: rows 9 to
# 115 of 128.
_ABOVE = 0.09
_BELOW = 0.12
_BESIDE = 0.05
# Heights from the neck over that of the trunk, likewise: head and feet of somebody
# whose face or ankles were not found.
_HEAD = 0.43
_FEET = 2.4


@dataclasses.dataclass(frozen=True)
class CropBox:
    """A rectangle of whole pixels; it may reach over the picture's edges.

    Args:
        left: column of the first pixel.
        top: row of the first pixel.
        width: in pixels.
        height: in pixels.
    """

    left: int
    top: int
    width: int
    height: int

    def to_crop(self, keypoints: np.ndarray, image_size: tuple[int, int]) -> np.ndarray:
        """Joints in pixels of the picture to pixels of the resized cut.

        Args:
            keypoints: (..., 18, 3): x, y, visible.
            image_size: (height, width) to which the cut is resized.

        Returns:
            float32 (..., 18, 3).
        """
        moved = np.array(keypoints, np.float64)
        scale = np.array(image_size[::-1]) / (self.width, self.height)
        # 0 is the centre of the first pixel: half a pixel to the corner and back.
        corner = moved[..., :2] + 0.5 - (self.left, self.top)
        moved[..., :2] = corner * scale - 0.5
        return moved.astype(np.float32)


def person_box(
    keypoints: np.ndarray,
    image_size: tuple[int, int],
    picture_size: tuple[int, int] | None = None,
) -> CropBox:
    """The cut around a person, of the shape of the generator's pictures.

    From the highest to the lowest visible joint, and 9 % of that more above and 12 %
    below; 5 % of it more than the widest joints to the left and to the right; the
    side that is then too short for the shape grows evenly on both ends. Where neck
    and hips are visible the figure is taken to reach at least 0.43 times their
    distance above the neck (a face not found) and 2.4 times below it (ankles not
    found), though not beyond the picture.

    Args:
        keypoints: (..., 18, 3), of one person in one picture or in several, whose
            box then covers all.
        image_size: (height, width) whose shape the box gets.
        picture_size: (height, width) of the picture; None if unknown.

    Returns:
        The `CropBox`.

    Raises:
        ValueError: if no joint is visible.
    """
    figures = np.asarray(keypoints, np.float64).reshape(-1, skeleton.NUM_JOINTS, 3)
    visible = figures[..., 2] > 0
    if not visible.any():
        raise ValueError("`keypoints` must show a joint.")
    left, top = figures[visible][:, :2].min(axis=0)
    right, bottom = figures[visible][:, :2].max(axis=0)
    last_row = np.inf if picture_size is None else picture_size[0] - 1
    for figure in figures:
        hips = figure[[skeleton.RIGHT_HIP, skeleton.LEFT_HIP]]
        if figure[skeleton.NECK, 2] > 0 and np.any(hips[:, 2] > 0):
            neck = figure[skeleton.NECK, 1]
            trunk = hips[hips[:, 2] > 0, 1].mean() - neck
            top = min(top, max(neck - _HEAD * trunk, 0))
            bottom = max(bottom, min(neck + _FEET * trunk, last_row))
    reach = max(bottom - top, 1.0)
    top, bottom = top - _ABOVE * reach, bottom + _BELOW * reach
    left, right = left - _BESIDE * reach, right + _BESIDE * reach
    shape = image_size[1] / image_size[0]
    height = max(bottom - top, (right - left) / shape)
    # From centres of pixels to corners.
    return CropBox(
        left=round((left + right - shape * height) / 2 + 0.5),
        top=round((top + bottom - height) / 2 + 0.5),
        width=max(round(shape * height), 1),
        height=max(round(height), 1),
    )


def lies_within(keypoints: np.ndarray, image_size: tuple[int, int]) -> bool:
    """Whether three quarters of the visible joints lie in a picture of this size.

    So are keypoints that come without their picture told apart: those in pixels of
    the generator's picture, and those of some larger photo.
    """
    points = keypoints[keypoints[..., 2] > 0][:, :2]
    inside = np.all((points > -0.5) & (points < np.array(image_size[::-1]) - 0.5), -1)
    return bool(inside.mean() >= 0.75) if len(points) else True
