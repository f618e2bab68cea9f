"""The ten body parts of the deformable skip: where each comes from and goes to.

Parts, in order: whole body, head, right and left upper leg, right and left lower
leg, right and left upper arm, right and left lower arm. Each has an affine map from
the target picture to the source picture and a mask in the target picture.

What is taken over from DGAN as it is, so that both models see the same parts:

- A limb is a rectangle around its two joints whose width follows the figure, not the
  limb: `_HALF_WIDTH` of the shoulder-hip distance to either side.
- A rectangle is longer than its limb: `_EXTENSION` of it before its first joint and
  an own share after the second, of the length already extended.
- The head's mask is a square of whole pixels: centre and half side are truncated, and
  the last row and column are left out.
- A limb that the source does not show takes the source's opposite limb, unmirrored.
- A part with no counterpart at all has the map `NO_POINT`, which looks far outside
  the picture, where a warp finds zeros.
"""

import tensorflow as tf

from keras_posegan.pose import affine_fit, keypoint_tensors, skeleton

PART_NAMES = (
    "whole body",
    "head",
    "right upper leg",
    "left upper leg",
    "right lower leg",
    "left lower leg",
    "right upper arm",
    "left upper arm",
    "right lower arm",
    "left lower arm",
)
NUM_PARTS = len(PART_NAMES)
NO_POINT = (1.0, 0.0, 1000.0, 0.0, 1.0, 1000.0, 0.0, 0.0)

_LIMB_STARTS = (
    skeleton.RIGHT_HIP,
    skeleton.LEFT_HIP,
    skeleton.RIGHT_KNEE,
    skeleton.LEFT_KNEE,
    skeleton.RIGHT_SHOULDER,
    skeleton.LEFT_SHOULDER,
    skeleton.RIGHT_ELBOW,
    skeleton.LEFT_ELBOW,
)
_LIMB_ENDS = (
    skeleton.RIGHT_KNEE,
    skeleton.LEFT_KNEE,
    skeleton.RIGHT_ANKLE,
    skeleton.LEFT_ANKLE,
    skeleton.RIGHT_ELBOW,
    skeleton.LEFT_ELBOW,
    skeleton.RIGHT_WRIST,
    skeleton.LEFT_WRIST,
)
_OPPOSITE_LIMBS = (1, 0, 3, 2, 5, 4, 7, 6)
_SHOULDERS = (skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER)

# Shares of the shoulder-hip distance.
_HALF_WIDTH = 0.2
_HEAD_HALF_SIDE = 0.4
# Shares of a limb's length.
_EXTENSION = 0.1
_END_EXTENSIONS = (0.1, 0.1, 0.5, 0.5, 0.1, 0.1, 0.5, 0.5)

# A distance below this has no direction and no scale. Two different joints of a file
# in whole pixels are never this near.
_SMALLEST_PIXELS = 0.5
# A pixel's centre this near outside a rectangle lies on its edge, which counts.
_EDGE_PIXELS = 1e-3


def part_transforms(source_keypoints, target_keypoints):
    """Finds the affine map of each part from the target to the source picture.

        (x, y) of the source = [[a0, a1], [b0, b1]] (x, y) of the target + (a2, b2)

    **Body and head** are ordinary least-squares fits: over the torso's joints that
    both figures show, and over the face joints and shoulders that both show. Where
    the joints lie nearly in line, `affine_fit.fit_affine` keeps the fit bounded. The
    body needs two common joints; the head needs two, one of them of the face.

    **Limbs** map rectangle to rectangle, which an affine map does exactly: along the
    limb by the ratio of the lengths, across it by the ratio of the two figures'
    shoulder-hip distances. (The rectangles' extensions cancel here; they show in
    `part_masks` alone.)

    Args:
        source_keypoints: float `(batch, 18, 3)`: x, y in pixels and visible. The
            coordinates of an invisible joint may be anything, NaN included.
        target_keypoints: as `source_keypoints`.

    Returns:
        float32 `(batch, 10, 8)`, finite for any input, each row
        `[a0, a1, a2, b0, b1, b2, 0, 0]` as
        `tf.raw_ops.ImageProjectiveTransformV3` takes it, or `NO_POINT`.

    Reference:
        Siarohin et al., "Deformable GANs for Pose-based Human Image Generation",
        CVPR 2018, section 3.2. Deviations: DGAN estimates body and head by
        skimage's homogeneous least squares, which weighs residuals unevenly; ours
        differ from it inside the mask by 0.1 px in the median (0.04 body, 0.2 head)
        and by several pixels for a few heads. DGAN drops a figure without all four
        torso joints; here its visible side gives the shoulder-hip distance, and a
        figure with neither side has no limbs.
    """
    source, source_visible = keypoint_tensors.split_keypoints(source_keypoints)
    target, target_visible = keypoint_tensors.split_keypoints(target_keypoints)
    common = source_visible * target_visible

    def fit(joints, found):
        matrix, offset = affine_fit.fit_affine(
            tf.gather(target, joints, axis=1),
            tf.gather(source, joints, axis=1),
            tf.gather(common, joints, axis=1),
        )
        return matrix[:, None], offset[:, None], found[:, None]

    torso_count = _count(common, skeleton.TORSO)
    face_count = _count(common, skeleton.FACE)
    head_count = face_count + _count(common, _SHOULDERS)
    body = fit(skeleton.TORSO, torso_count >= 2.0)
    head = fit(
        skeleton.FACE + _SHOULDERS,
        tf.logical_and(face_count >= 1.0, head_count >= 2.0),
    )
    limbs = _limb_transforms(source, source_visible, target, target_visible)

    parts = zip(body, head, limbs, strict=True)
    matrix, offset, found = (tf.concat(values, axis=1) for values in parts)
    rows = tf.concat([matrix, offset[..., None]], axis=-1)
    transforms = tf.concat(
        [rows[..., 0, :], rows[..., 1, :], tf.zeros_like(offset)], axis=-1
    )
    return tf.where(found[..., None], transforms, tf.constant(NO_POINT))


def part_masks(target_keypoints, image_size):
    """Draws where each part lies in the target picture.

    The body's mask is all ones. The head's is a square around the mean of the visible
    face joints, with half side 0.4 of the shoulder-hip distance. A limb's is its
    rectangle. A part that the target does not show has an empty mask.

    Args:
        target_keypoints: float `(batch, 18, 3)`: x, y in pixels and visible. The
            coordinates of an invisible joint may be anything, NaN included.
        image_size: `(height, width)` in pixels.

    Returns:
        float32 `(batch, height, width, 10)` in {0, 1}.

    Reference:
        Siarohin et al., CVPR 2018, section 3.2, with the numbers of their code.
    """
    height, width = image_size
    joints, visible = keypoint_tensors.split_keypoints(target_keypoints)
    scale, has_scale = _shoulder_hip_distance(joints, visible)
    # All pictures of coordinates below are (batch, height or 1, width or 1, part).
    x = tf.range(width, dtype=tf.float32)[None, None, :, None]
    y = tf.range(height, dtype=tf.float32)[None, :, None, None]

    face_visible = tf.gather(visible, skeleton.FACE, axis=1)
    face_count = tf.reduce_sum(face_visible, axis=1, keepdims=True)
    face_joints = tf.gather(joints, skeleton.FACE, axis=1)
    center = tf.reduce_sum(face_joints, axis=1) / tf.maximum(face_count, 1.0)
    center = _truncate(center)[:, None, None, :, None]
    half_side = _truncate(_HEAD_HALF_SIDE * scale)[:, None, None, None]
    has_head = tf.logical_and(face_count[:, 0] > 0.0, has_scale)
    head = tf.logical_and(
        _is_between(x, center[..., 0, :] - half_side, center[..., 0, :] + half_side),
        _is_between(y, center[..., 1, :] - half_side, center[..., 1, :] + half_side),
    )
    head = tf.logical_and(head, has_head[:, None, None, None])

    start, direction, length, found = _limbs(joints, visible)
    before = _EXTENSION
    after = tf.constant(_END_EXTENSIONS) * (1.0 + _EXTENSION)
    # Along the limb in its own unit from its start, and across it in pixels.
    from_x = x - start[:, None, None, :, 0]
    from_y = y - start[:, None, None, :, 1]
    direction = direction[:, None, None]
    along = from_x * direction[..., 0] + from_y * direction[..., 1]
    across = from_y * direction[..., 0] - from_x * direction[..., 1]
    length = length[:, None, None]
    half_width = _HALF_WIDTH * scale[:, None, None, None]
    inside = tf.logical_and(
        tf.logical_and(
            along >= -before * length - _EDGE_PIXELS,
            along <= (1.0 + after) * length + _EDGE_PIXELS,
        ),
        tf.abs(across) <= half_width + _EDGE_PIXELS,
    )
    found = tf.logical_and(found, has_scale[:, None])
    limbs = tf.logical_and(inside, found[:, None, None])

    body = tf.ones_like(limbs[..., :1])
    return tf.cast(tf.concat([body, head, limbs], axis=-1), tf.float32)


def _limb_transforms(source, source_visible, target, target_visible):
    """`(matrix (B, 8, 2, 2), offset (B, 8, 2), found (B, 8))` of the limbs."""
    source_scale, has_source = _shoulder_hip_distance(source, source_visible)
    target_scale, has_target = _shoulder_hip_distance(target, target_visible)
    across_ratio = (source_scale / target_scale)[:, None, None, None]

    own = _limbs(source, source_visible)
    own_found = own[-1]
    source_start, source_direction, source_length, source_found = (
        tf.where(
            tf.reshape(own_found, [-1, 8] + [1] * (value.shape.rank - 2)),
            value,
            tf.gather(value, _OPPOSITE_LIMBS, axis=1),
        )
        for value in own
    )
    target_start, target_direction, target_length, target_found = _limbs(
        target, target_visible
    )
    along_ratio = (source_length / target_length)[..., None, None]
    matrix = along_ratio * _outer(source_direction, target_direction)
    matrix += across_ratio * _outer(
        _normal(source_direction), _normal(target_direction)
    )
    offset = source_start - affine_fit.apply_matrix(matrix, target_start)
    found = tf.logical_and(source_found, target_found)
    has_scales = tf.logical_and(has_source, has_target)
    return matrix, offset, tf.logical_and(found, has_scales[:, None])


def _limbs(joints, visible):
    """Start `(B, 8, 2)`, direction `(B, 8, 2)`, length and found `(B, 8)`."""
    start = tf.gather(joints, _LIMB_STARTS, axis=1)
    vector = tf.gather(joints, _LIMB_ENDS, axis=1) - start
    length = tf.sqrt(tf.reduce_sum(tf.square(vector), axis=-1))
    both = tf.gather(visible, _LIMB_STARTS, axis=1) * tf.gather(
        visible, _LIMB_ENDS, axis=1
    )
    found = tf.logical_and(both > 0.0, length >= _SMALLEST_PIXELS)
    # Any other number would do where there is no limb; it must only be finite.
    length = tf.where(found, length, 1.0)
    return start, vector / length[..., None], length, found


def _shoulder_hip_distance(joints, visible):
    """Root mean square over the visible sides, `(B,)`, and whether there is one."""
    hips = (skeleton.RIGHT_HIP, skeleton.LEFT_HIP)
    sides = tf.gather(joints, hips, axis=1) - tf.gather(joints, _SHOULDERS, axis=1)
    both = tf.gather(visible, hips, axis=1) * tf.gather(visible, _SHOULDERS, axis=1)
    squares = tf.reduce_sum(tf.square(sides), axis=-1) * both
    count = tf.maximum(tf.reduce_sum(both, axis=1), 1.0)
    distance = tf.sqrt(tf.reduce_sum(squares, axis=1) / count)
    found = distance >= _SMALLEST_PIXELS
    return tf.where(found, distance, 1.0), found


def _count(visible, joints):
    return tf.reduce_sum(tf.gather(visible, joints, axis=1), axis=1)


def _is_between(values, first, end):
    return tf.logical_and(values >= first, values < end)


def _truncate(values):
    return tf.cast(tf.cast(values, tf.int32), tf.float32)


def _normal(direction):
    return tf.stack([-direction[..., 1], direction[..., 0]], axis=-1)


def _outer(left, right):
    return left[..., :, None] * right[..., None, :]
