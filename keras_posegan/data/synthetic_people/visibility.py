"""Which joints a pose estimator would find in a picture."""

import numpy as np

from keras_posegan.pose import skeleton

# Depth, in fractions of the person's height, that may lie over a joint which is
# still seen: its own limb and cloth.
_OWN_DEPTH = np.full(skeleton.NUM_JOINTS, 0.06)
_OWN_DEPTH[list(skeleton.FACE)] = 0.03
_OWN_DEPTH[[skeleton.RIGHT_EAR, skeleton.LEFT_EAR]] = 0.045
_OWN_DEPTH[[skeleton.NECK, *skeleton.TORSO]] = 0.1

# How often a hidden joint is missed. Estimators guess hips and shoulders from the
# outline of the trunk; nobody guesses a nose from behind.
_MISS_HIDDEN = np.full(skeleton.NUM_JOINTS, 0.6)
_MISS_HIDDEN[list(skeleton.FACE)] = 0.97
_MISS_HIDDEN[[skeleton.RIGHT_EAR, skeleton.LEFT_EAR]] = 0.8
_MISS_HIDDEN[[skeleton.NECK, *skeleton.TORSO]] = 0.07
_MISS_HIDDEN[[skeleton.RIGHT_KNEE, skeleton.LEFT_KNEE]] = 0.25
_MISS_HIDDEN[[skeleton.RIGHT_ANKLE, skeleton.LEFT_ANKLE]] = 0.35
_MISS_BEHIND_OBSTACLE = 0.8
# Hands and feet are small, blurred, and easily lost even in plain sight.
_MISS_SEEN = np.full(skeleton.NUM_JOINTS, 0.02)
_MISS_SEEN[[skeleton.RIGHT_WRIST, skeleton.LEFT_WRIST]] = 0.06
_MISS_SEEN[[skeleton.RIGHT_ANKLE, skeleton.LEFT_ANKLE]] = 0.04
_MISS_SEEN[[skeleton.NECK, *skeleton.TORSO]] = 0.005


def estimator_sees(
    points: np.ndarray,
    height: float,
    depth: np.ndarray,
    fine: int,
    obstacle: np.ndarray | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """Decides joint by joint whether it is found or missing.

    Args:
        points: (18, 3), x, y and depth of the joints in pixels.
        height: of the person in pixels.
        depth: (fine * H, fine * W), what was drawn, in fine pixels.
        fine: fine pixels per pixel.
        obstacle: (H, W, 4) of `scenery.draw_obstacle`, or None.
        rng: draws what is missed.

    Returns:
        (18,) bool; a joint outside the picture is never seen.
    """
    rows, columns = depth.shape[0] // fine, depth.shape[1] // fine
    x, y = np.floor(points[:, :2].T + 0.5).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
    x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    over = depth[fine * y, fine * x] / fine - points[:, 2]
    hidden = over > _OWN_DEPTH * height
    miss = np.where(hidden, _MISS_HIDDEN, _MISS_SEEN)
    if obstacle is not None:
        behind = obstacle[y, x, 3] > 0.5
        miss = np.where(behind, np.maximum(miss, _MISS_BEHIND_OBSTACLE), miss)
    return inside & (rng.random(len(points)) >= miss)
