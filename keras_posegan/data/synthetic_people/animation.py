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
) -> np.ndarray:
    """One gait cycle, smooth and closed: after the last frame comes the first.

    Args:
        frames: int >= 1, steps of the cycle.
        yaw: radians the walker is turned; 0 comes towards the camera, pi/2 goes
            to the picture's right.
        image_size: (height, width) in pixels.
        pitch: radians the camera looks down.
        body: the proportions; None for the average ones.

    Returns:
        (frames, 18, 3) float32 keypoints. Joints of the face on the far side of
        the head, and joints outside the picture, are not visible.

    Raises:
        ValueError: if `frames` < 1.
    """
    if frames < 1:
        raise ValueError(f"`frames` must be at least 1. Received: frames={frames}")
    body = body_lib.Body() if body is None else body
    placed = [
        body_lib.place(body, motions.walk(2 * np.pi * frame / frames))
        for frame in range(frames)
    ]
    every_joint = np.concatenate([joints for _, _, joints in placed])
    view = view_lib.frame_person(every_joint, yaw, pitch, 1.1, image_size)
    limits = np.array(image_size[::-1]) - 0.5
    keypoints = np.zeros((frames, skeleton.NUM_JOINTS, 3), np.float32)
    for frame, (_, origins, joints) in enumerate(placed):
        points = view.project(joints)
        middle = view.project(origins[frame_lib.Frame.HEAD][None])[0]
        seen = np.all((points[:, :2] >= -0.5) & (points[:, :2] < limits), axis=1)
        face = list(skeleton.FACE)
        seen[face] &= points[face, 2] > middle[2] - 0.02 * view.scale[2]
        keypoints[frame, seen, :2] = points[seen, :2]
        keypoints[frame, :, 2] = seen
    return keypoints
