"""The field's mask of a person's body, for measures that leave the background out."""

import numpy as np
import skimage.draw
import skimage.morphology

from keras_posegan.pose import skeleton

_RADIUS = 4  # Pixels: half the width of a limb, and the radius of a joint.
_CLOSING = (5, 5)
_FARTHEST = 1e6  # Pixels; beyond, scikit-image's integers overflow.

# More than are drawn of a skeleton: with the trunk's outline, and from ear to ear.
_LIMBS = (
    (skeleton.NECK, skeleton.RIGHT_SHOULDER),
    (skeleton.NECK, skeleton.LEFT_SHOULDER),
    (skeleton.RIGHT_SHOULDER, skeleton.RIGHT_ELBOW),
    (skeleton.RIGHT_ELBOW, skeleton.RIGHT_WRIST),
    (skeleton.LEFT_SHOULDER, skeleton.LEFT_ELBOW),
    (skeleton.LEFT_ELBOW, skeleton.LEFT_WRIST),
    (skeleton.NECK, skeleton.RIGHT_HIP),
    (skeleton.RIGHT_HIP, skeleton.RIGHT_KNEE),
    (skeleton.RIGHT_KNEE, skeleton.RIGHT_ANKLE),
    (skeleton.NECK, skeleton.LEFT_HIP),
    (skeleton.LEFT_HIP, skeleton.LEFT_KNEE),
    (skeleton.LEFT_KNEE, skeleton.LEFT_ANKLE),
    (skeleton.NECK, skeleton.NOSE),
    (skeleton.NOSE, skeleton.RIGHT_EYE),
    (skeleton.RIGHT_EYE, skeleton.RIGHT_EAR),
    (skeleton.NOSE, skeleton.LEFT_EYE),
    (skeleton.LEFT_EYE, skeleton.LEFT_EAR),
    (skeleton.NECK, skeleton.RIGHT_EAR),
    (skeleton.NECK, skeleton.LEFT_EAR),
    (skeleton.RIGHT_HIP, skeleton.LEFT_HIP),
    (skeleton.LEFT_HIP, skeleton.LEFT_SHOULDER),
    (skeleton.RIGHT_HIP, skeleton.RIGHT_SHOULDER),
    (skeleton.RIGHT_EAR, skeleton.LEFT_EAR),
)


def body_mask(keypoints, image_size: tuple[int, int]) -> np.ndarray:
    """Marks the pixels of a person: limbs, joints, and what lies between them.

    The union of

    - a rectangle along each limb whose two joints are visible, from joint to joint,
      4 pixels to either side, edges included;
    - a disc about each visible joint: the pixels nearer than 4 pixels;

    closed by a square of 5x5 pixels: a pixel stays out if a square that covers it,
    with its centre in the picture, holds nothing of the union.

    Widths are in pixels of the picture whatever its size: they were chosen for
    128x64, and the field has no other. The mask of a pair is that of the *target*
    pose; both pictures are multiplied by it (see `metrics.masked`).

    Args:
        keypoints: (18, 3): x, y in pixels of the picture and visible in {0, 1}, in
            the order of `skeleton`. x and y of invisible joints are not looked at.
            Joints may lie outside the picture.
        image_size: (height, width) of the picture.

    Returns:
        bool (height, width); nowhere true if no joint is visible.

    Raises:
        ValueError: if `keypoints` has another shape, or a visible joint is at no
            finite place, or millions of pixels away.

    Reference:
        Ma et al., "Pose Guided Person Image Generation", arXiv 1705.09368, as the
        evaluation code of Siarohin et al., arXiv 1801.00055 (`produce_ma_mask`), and
        all who use it compute it. Deviations: two joints at one place have no limb
        between them, where that code divides by zero (their disc covers the place).
        And scikit-image: before 0.18 its polygons left out the pixels exactly on
        some of their edges. That code pins 0.13.1, whose masks are equal in a quarter
        of our golden poses and 0.6 % smaller on the whole; we take the edges in, as
        that code does with any scikit-image of today.
    """
    keypoints = np.asarray(keypoints, np.float64)
    if keypoints.shape != (skeleton.NUM_JOINTS, 3):
        raise ValueError(
            f"`keypoints` must be ({skeleton.NUM_JOINTS}, 3). "
            f"Received: {keypoints.shape}"
        )
    is_visible = keypoints[:, 2] > 0
    points = keypoints[:, 1::-1]  # Row and column, as scikit-image counts.
    for joint in np.flatnonzero(is_visible):
        if not np.all(np.abs(points[joint]) < _FARTHEST):  # Also where it is NaN.
            raise ValueError(
                "`keypoints` must have every visible joint at a place near the "
                f"picture. Received: {skeleton.JOINT_NAMES[joint]} at "
                f"{tuple(keypoints[joint, :2].tolist())}"
            )
    mask = np.zeros(image_size, bool)
    for start, end in _LIMBS:
        if is_visible[start] and is_visible[end]:
            _draw_limb(mask, points[start], points[end])
    for joint in np.flatnonzero(is_visible):
        mask[skimage.draw.disk(points[joint], _RADIUS, shape=image_size)] = True
    square = skimage.morphology.footprint_rectangle(_CLOSING)
    return skimage.morphology.closing(mask, square)


def _draw_limb(mask, start, end) -> None:
    """Fills the rectangle along the line from one point to another."""
    along = start - end
    length = np.linalg.norm(along)
    if length == 0:
        return
    across = _RADIUS * np.array([-along[1], along[0]]) / length
    corners = np.array([start + across, start - across, end - across, end + across])
    mask[skimage.draw.polygon(corners[:, 0], corners[:, 1], shape=mask.shape)] = True
