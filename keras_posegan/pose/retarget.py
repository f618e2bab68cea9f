"""Gives one person's pose to another: the angles of one, the lengths of the other."""

import numpy as np

from keras_posegan import input_error
from keras_posegan.pose import skeleton, smoothing

# The joint from which each joint is reached; the neck is reached from nowhere.
_PARENT = {end: start for start, end in skeleton.LIMBS}
# (start, end) of each limb's bone, right and left.
_LIMB_BONES = tuple(
    ((start, end), (skeleton.FLIP[start], skeleton.FLIP[end]))
    for start, end in (
        (skeleton.RIGHT_SHOULDER, skeleton.RIGHT_ELBOW),
        (skeleton.RIGHT_ELBOW, skeleton.RIGHT_WRIST),
        (skeleton.RIGHT_HIP, skeleton.RIGHT_KNEE),
        (skeleton.RIGHT_KNEE, skeleton.RIGHT_ANKLE),
    )
)
# People's limbs differ by less; more comes from limbs that point at the camera.
_LEAST_RATIO, _LARGEST_RATIO = 0.75, 4 / 3


def fit_poses(
    source_keypoints: np.ndarray,
    target_keypoints: np.ndarray,
    trend_frames: float = 0.0,
) -> np.ndarray:
    """Fits poses of somebody to the body and the place of somebody else.

    - The trunk (neck to the middle of the hips) gets the source's length; shoulders,
      hips and head, whose widths depend on where the person looks, are scaled
      with it. In a film the target's trunk is that of its trend over time, so
      that somebody who comes nearer stays as large.
    - Upper arms, lower arms, thighs and shins get the source's lengths, the longer of
      right and left on both sides: each bone keeps its direction, and is to the
      source's length as it is to the target's (the longer side's; in a film, the
      median over the frames, which of one person's film and picture are alike, where
      a higher percentile is not). The ratio of the two lengths, over that of the
      trunks, is kept within 0.75 and 1.33, as a limb that points at the camera looks
      short.
    - The neck goes where the source's is. In a film it moves as far about this place
      as the target's does about its trend: bobbing and jumps stay, a walk through the
      picture becomes one on the spot.

    Args:
        source_keypoints: (18, 3): x, y, visible; shows neck and a hip.
        target_keypoints: (frames, 18, 3), consecutive poses of one person, of which
            one shows neck and a hip.
        trend_frames: standard deviation, in frames, of the Gaussian weights of the
            trend, a local straight line. 0 takes every frame for itself.

    Returns:
        float32 (frames, 18, 3); visible is as the target's.

    Raises:
        InputError: if the source, or every target, lacks the neck or both hips.
    """
    source = np.asarray(source_keypoints, np.float64)[None]
    targets = np.asarray(target_keypoints, np.float64)
    source_neck, source_trunk = _trunk(source, "the source")
    neck, trunk = _trunk(targets, "the target")
    trend = smoothing.smooth(neck, trend_frames, degree=1)
    trunk = np.maximum(smoothing.smooth(trunk, trend_frames, degree=1), 1.0)
    scale = (source_trunk / trunk)[:, None]

    ratios = np.ones(skeleton.NUM_JOINTS)
    for sides in _LIMB_BONES:
        wanted = _typical_length(source, sides, source_trunk)
        received = _typical_length(targets, sides, trunk)
        if wanted and received:
            ratio = np.clip(wanted / received, _LEAST_RATIO, _LARGEST_RATIO)
            ratios[[end for _, end in sides]] = ratio

    visible = targets[..., 2] > 0
    fitted = np.zeros_like(targets)
    fitted[..., 2] = visible
    place = source_neck + scale * (neck - trend)
    for frame in range(len(targets)):
        for joint in _OUTWARD:
            if not visible[frame, joint]:
                continue
            # Over missing joints to the next one inward, at last the neck.
            parent, ratio = _PARENT.get(joint), ratios[joint]
            while parent is not None and not visible[frame, parent]:
                parent, ratio = _PARENT.get(parent), 1.0
            if parent is None:
                start, new_start = neck[frame], place[frame]
            else:
                start, new_start = targets[frame, parent, :2], fitted[frame, parent, :2]
            bone = targets[frame, joint, :2] - start
            fitted[frame, joint, :2] = new_start + ratio * scale[frame] * bone
    return fitted.astype(np.float32)


def _trunk(figures, whose):
    """Neck (frames, 2) and trunk length (frames,), interpolated where not seen."""
    hips = figures[:, [skeleton.RIGHT_HIP, skeleton.LEFT_HIP]]
    seen_hips = hips[..., 2:] > 0
    seen = (figures[:, skeleton.NECK, 2] > 0) & seen_hips.any(axis=(1, 2))
    if not seen.any():
        raise input_error.InputError(
            f"{whose} shows no neck (both shoulders) with a hip, by which --fit_pose "
            "measures."
        )
    neck = figures[seen, skeleton.NECK, :2]
    hips = np.where(seen_hips, hips[..., :2], 0.0)[seen].sum(axis=1)
    hips /= seen_hips[seen].sum(axis=1)
    length = np.maximum(np.linalg.norm(hips - neck, axis=-1), 1.0)
    frames = np.arange(len(figures))
    known = np.flatnonzero(seen)
    neck = np.stack([np.interp(frames, known, neck[:, axis]) for axis in (0, 1)], -1)
    return neck, np.interp(frames, known, length)


def _typical_length(figures, sides, trunk):
    """The longer side's bone over the trunk; 0 if never visible."""
    lengths = np.zeros((len(figures), 2))
    for side, (start, end) in enumerate(sides):
        visible = (figures[:, start, 2] > 0) & (figures[:, end, 2] > 0)
        bones = figures[visible, end, :2] - figures[visible, start, :2]
        lengths[visible, side] = np.linalg.norm(bones, axis=-1)
    longer = (lengths.max(axis=1) / trunk)[lengths.any(axis=1)]
    return np.median(longer) if len(longer) else 0.0


def _outward():
    """All joints, each after the one it is reached from."""
    order = [skeleton.NECK]
    for start in order:
        order += [end for end, parent in _PARENT.items() if parent == start]
    return tuple(order)


_OUTWARD = _outward()
