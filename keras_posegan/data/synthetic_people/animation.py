"""Keypoints of somebody who walks on the spot before a fixed camera."""

import numpy as np

from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import frame as frame_lib
from keras_posegan.data.synthetic_people import motions
from keras_posegan.data.synthetic_people import view as view_lib
from keras_posegan.pose import skeleton


def walk_cycle(
    frames: int,
    yaw: float,
    image_size: tuple[int, int] = (128, 64),
    pitch: float = 0.15,
    body: body_lib.Body | None = None,
    cycles: int = 1,
    turns: int = 0,
) -> np.ndarray:
    """Gait cycles, smooth and closed: after the last frame comes the first.

    Args:
        frames: int >= 1, of all cycles together.
        yaw: radians the walker is turned; 0 comes towards the camera, pi/2 goes
            to the picture's right.
        image_size: (height, width) in pixels.
        pitch: radians the camera looks down.
        body: the proportions; None for the average ones.
        cycles: double steps.
        turns: how often the walker turns round meanwhile, to their left.

    Returns:
        (frames, 18, 3) float32 keypoints. Joints of the face on the far side of
        the head, and joints outside the picture, are not visible.

    Raises:
        ValueError: if `frames` < 1.
    """
    if frames < 1:
        raise ValueError(f"`frames` must be at least 1. Received: frames={frames}")
    body = body_lib.Body() if body is None else body
    shares = np.arange(frames) / frames
    placed = [
        body_lib.place(body, motions.walk(2 * np.pi * cycles * share))
        for share in shares
    ]
    heads = np.stack([origins[frame_lib.Frame.HEAD] for _, origins, _ in placed])
    # (frames, 19, 3): the middle of the head last.
    points = np.stack([joints for _, _, joints in placed])
    points = np.concatenate([points, heads[:, None]], axis=1)
    points = points @ _turns_to_the_left(2 * np.pi * turns * shares)
    every_joint = points[:, :-1].reshape(-1, 3)
    view = view_lib.frame_person(every_joint, yaw, pitch, 1.1, image_size)
    limits = np.array(image_size[::-1]) - 0.5
    keypoints = np.zeros((frames, skeleton.NUM_JOINTS, 3), np.float32)
    for frame in range(frames):
        *projected, middle = view.project(points[frame])
        projected = np.array(projected)
        seen = np.all((projected[:, :2] >= -0.5) & (projected[:, :2] < limits), axis=1)
        face = list(skeleton.FACE)
        seen[face] &= projected[face, 2] > middle[2] - 0.02 * view.scale[2]
        keypoints[frame, seen, :2] = projected[seen, :2]
        keypoints[frame, :, 2] = seen
    return keypoints


def _turns_to_the_left(angles):
    """(N, 3, 3): rows of points times these are turned about the vertical."""
    matrices = np.zeros((len(angles), 3, 3))
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(angles)
    matrices[:, 0, 2] = -np.sin(angles)
    matrices[:, 2, 0] = np.sin(angles)
    matrices[:, 1, 1] = 1.0
    return matrices
