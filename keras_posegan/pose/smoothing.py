"""Joints over time: gaps filled, trembling taken out."""

import functools
import itertools
import math

import numpy as np

_REACH = 4.0  # Standard deviations of the window, beyond which nothing weighs.


def smooth(values: np.ndarray, sigma_frames: float, degree: int = 2) -> np.ndarray:
    """Fits a polynomial around every frame and takes its value there.

    Least squares, weighted by a Gaussian over the frames before and after (Savitzky
    and Golay's filter with soft weights). All frames are known, so nothing lags; a
    parabola follows turning points, where a plain average would shrink the motion;
    at the ends the polynomial of the frames there is continued.

    Args:
        values: (frames, ...), of equal distance in time.
        sigma_frames: standard deviation of the weights; 0 leaves everything as it is.
        degree: of the polynomial.

    Returns:
        float64, as `values`.
    """
    values = np.array(values, np.float64)
    if sigma_frames <= 0:
        return values
    count = len(values)
    reach = max(math.ceil(_REACH * sigma_frames), degree)
    smoothed = np.empty_like(values)
    for frame in range(count):
        first, last = max(frame - reach, 0), min(frame + reach, count - 1)
        weights = _weights(frame - first, last - frame, sigma_frames, degree)
        smoothed[frame] = np.tensordot(weights, values[first : last + 1], axes=1)
    return smoothed


@functools.lru_cache(maxsize=1024)
def _weights(before: int, after: int, sigma: float, degree: int) -> np.ndarray:
    """What each frame of a window adds to the value at frame 0."""
    times = np.arange(-before, after + 1) / sigma
    root = np.exp(-0.25 * times**2)  # Of the Gaussian weight.
    powers = times[:, None] ** np.arange(min(degree, before + after) + 1)
    return np.linalg.pinv(powers * root[:, None])[0] * root


def fill_gaps(
    keypoints: np.ndarray, is_known: np.ndarray, longest_gap: float
) -> np.ndarray:
    """Gives joints that are missing for a while a place on the straight line.

    Frames of which nothing is known are filled first, however many: a joint goes
    straight from the last known frame before to the first one after, if both show
    it, and before the first and after the last known frame it stands still. Then
    every joint that is missing for at most `longest_gap` frames between two that show
    it. A joint that is missing for longer is hidden, as the face of somebody
    seen from behind, and stays missing.

    Args:
        keypoints: (frames, 18, 3): x, y, visible.
        is_known: bool (frames,); at least one is true.
        longest_gap: in frames.

    Returns:
        float64 (frames, 18, 3); what was known and visible is unchanged.
    """
    filled = np.array(keypoints, np.float64)
    filled[~np.asarray(is_known, bool)] = 0.0
    known = np.flatnonzero(is_known)
    filled[: known[0]] = filled[known[0]]
    filled[known[-1] + 1 :] = filled[known[-1]]
    for before, after in itertools.pairwise(known):
        both = (filled[before, :, 2] > 0) & (filled[after, :, 2] > 0)
        _connect(filled, before, after, both)
    for joint in range(filled.shape[1]):
        seen = np.flatnonzero(filled[:, joint, 2] > 0)
        for before, after in itertools.pairwise(seen):
            if after - before - 1 <= longest_gap:
                _connect(filled, before, after, joint)
    return filled


def _connect(keypoints, before, after, joints):
    """Puts joints on the straight line between two frames, in place."""
    start, end = keypoints[before, joints], keypoints[after, joints]
    for frame in range(before + 1, after):
        share = (frame - before) / (after - before)
        keypoints[frame, joints] = (1 - share) * start + share * end


def smooth_keypoints(keypoints: np.ndarray, sigma_frames: float) -> np.ndarray:
    """Smooths every joint over each stretch of time in which it is visible.

    Args:
        keypoints: (frames, 18, 3).
        sigma_frames: see `smooth`.

    Returns:
        float64 (frames, 18, 3), visible as before.
    """
    smoothed = np.array(keypoints, np.float64)
    for joint in range(smoothed.shape[1]):
        visible = np.concatenate([[False], smoothed[:, joint, 2] > 0, [False]])
        edges = np.flatnonzero(visible[1:] != visible[:-1])
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            stretch = smoothed[first:end, joint, :2]
            smoothed[first:end, joint, :2] = smooth(stretch, sigma_frames)
    return smoothed
