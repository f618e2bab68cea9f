"""Estimates the pose of a person in a picture with MoveNet."""

import os
from collections.abc import Iterable

import numpy as np
from PIL import Image

from keras_posegan.pose import face_scores, movenet, pose_estimate, skeleton

# Of each of the 18 joints its place among COCO's 17; the neck (0 here) has none.
_FROM_COCO = [0, 0, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3]
_SHOULDERS = [skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER]

_SUREST = 6  # Joints that a person shows at least, of head and shoulders' seven.

# The closer look. Tuned with tools.tune_pose_estimator.
_FOUND = 0.2  # Joints of this score and more say where the person is ...
_MARGIN = 1.3  # ... their extent times this is looked at ...
_CLOSER = 0.9  # ... if it is less than this of the square before.
_LEAST_JOINTS = 3
_LEAST_SIDE = 16  # Pixels.


class PoseEstimator:
    """MoveNet SinglePose Lightning: the pose of the one person a picture is about.

    The picture, or a box of it, is put in the middle of a black square and scaled to
    192x192. MoveNet gives COCO's 17 joints with a score each; those become the 18 of
    `skeleton`, the neck being the middle of the shoulders. Of a person who fills but
    a part of the square a closer look is taken, up to two times.

    MoveNet is made for one person: of several it takes one, mostly a large one near
    the middle, without a word. It finds joints in anything: `person_threshold` tells
    a person from an empty background, `face_threshold` a face from the back of a
    head (see `face_scores`).

    Not to be used by several threads at once.

    Args:
        model_path: the `.tflite` file; None for `movenet.default_path()`.
        threads: int >= 1, of the processor.
        joint_threshold: a joint is visible from this score on, in [0, 1].
        face_threshold: likewise for nose, eyes and ears, with corrected scores.
        person_threshold: there is a person from this mean score of the six surest
            joints on: a head and shoulders are a person too.
        looks: int >= 1, how many looks are taken at a picture at most.

    Raises:
        ValueError: if a threshold is outside [0, 1], or `threads` or `looks` below 1.
        InputError: if the file does not exist or is no such model.

    Reference:
        MoveNet's model card and tutorial (tensorflow.org/hub/tutorials/movenet), where
        the closer look follows the torso in a film; here the joints of one picture.
    """

    def __init__(
        self,
        model_path: str | os.PathLike | None = None,
        threads: int = 1,
        joint_threshold: float = 0.3,
        face_threshold: float = 0.5,
        person_threshold: float = 0.4,
        looks: int = 3,
    ):
        for name, threshold in (
            ("joint_threshold", joint_threshold),
            ("face_threshold", face_threshold),
            ("person_threshold", person_threshold),
        ):
            if not 0 <= threshold <= 1:
                raise ValueError(f"`{name}` must be in [0, 1]. Received: {threshold}")
        for name, count in (("threads", threads), ("looks", looks)):
            if count < 1:
                raise ValueError(f"`{name}` must be at least 1. Received: {count}")
        self._thresholds = np.full(skeleton.NUM_JOINTS, joint_threshold)
        self._thresholds[list(skeleton.FACE)] = face_threshold
        self._person_threshold = person_threshold
        self._looks = looks
        self._interpreter = movenet.load(model_path or movenet.default_path(), threads)
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def estimate(
        self,
        picture: np.ndarray,
        box: tuple[float, float, float, float] | None = None,
    ) -> pose_estimate.PoseEstimate | None:
        """Estimates one person's pose.

        Args:
            picture: uint8 (height, width, 3), RGB.
            box: (left, top, right, bottom) in pixels: where to look. Left and top
                belong to it, right and bottom do not; it may reach out of the
                picture. None for the whole picture.

        Returns:
            The pose, in pixels of the whole picture, or None if there is no person
            or none of their joints is visible.
            Joints outside the picture are not visible.

        Raises:
            ValueError: if `picture` has another type or shape, or `box` is empty.
        """
        joints, score = self.locate(picture, box)
        if score < self._person_threshold:
            return None
        height, width = picture.shape[:2]
        places, scores = joints[:, :2], face_scores.correct_face_scores(joints)
        inside = np.all((places >= -0.5) & (places < [width - 0.5, height - 0.5]), 1)
        visible = inside & (scores >= self._thresholds)
        visible[skeleton.NECK] = inside[skeleton.NECK] and visible[_SHOULDERS].all()
        if not visible.any():
            return None
        keypoints = np.where(visible[:, None], [[1, 1, 0]] * joints + [0, 0, 1], 0)
        return pose_estimate.PoseEstimate(keypoints.astype(np.float32), score)

    def estimate_batch(
        self, pictures: Iterable[np.ndarray]
    ) -> list[pose_estimate.PoseEstimate | None]:
        """`estimate` of each picture; their sizes may differ."""
        return [self.estimate(picture) for picture in pictures]

    def locate(
        self,
        picture: np.ndarray,
        box: tuple[float, float, float, float] | None = None,
    ) -> tuple[np.ndarray, float]:
        """What `estimate` knows before any threshold.

        Args:
            picture: see `estimate`.
            box: see `estimate`.

        Returns:
            `(joints, score)`: float64 (18, 3), x and y in pixels of the picture and
            MoveNet's score of the joint; and the mean score of the six joints that
            MoveNet is surest of.

        Raises:
            ValueError: see `estimate`.
        """
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise ValueError(
                "`picture` must be uint8 (height, width, 3). "
                f"Received: {picture.dtype} {picture.shape}"
            )
        if box is None:
            box = (0, 0, picture.shape[1], picture.shape[0])
        if not (box[0] < box[2] and box[1] < box[3]):
            raise ValueError(
                "`box` must be (left, top, right, bottom), left < right and top < "
                f"bottom. Received: {box}"
            )
        image = Image.fromarray(picture)
        coco, side = self._look(image, box)
        for _ in range(self._looks - 1):
            closer_box = _box_around(coco)
            if closer_box is None or closer_box[2] - closer_box[0] > _CLOSER * side:
                break
            closer, closer_side = self._look(image, closer_box)
            if _person_score(closer) < _person_score(coco):
                break
            coco, side = closer, closer_side
        joints = coco[_FROM_COCO]
        joints[skeleton.NECK, :2] = joints[_SHOULDERS, :2].mean(axis=0)
        joints[skeleton.NECK, 2] = joints[_SHOULDERS, 2].min()
        return joints, _person_score(coco)

    def _look(self, image, box):
        """COCO's joints, float64 (17, 3): x, y, score; and the square's side."""
        left, top, right, bottom = box
        side = int(np.ceil(max(right - left, bottom - top)))
        x, y = round((left + right - side) / 2), round((top + bottom - side) / 2)
        # Pillow's crop is black outside the picture.
        square = image.crop((x, y, x + side, y + side)).resize(
            (movenet.SIDE, movenet.SIDE), Image.Resampling.BILINEAR
        )
        pixels = np.asarray(square, self._input["dtype"])[None]
        self._interpreter.set_tensor(self._input["index"], pixels)
        self._interpreter.invoke()
        found = self._interpreter.get_tensor(self._output)[0, 0].astype(np.float64)
        # MoveNet measures from the square's edge; 0 here is a pixel's centre.
        places = found[:, 1::-1] * side + (x - 0.5, y - 0.5)
        return np.concatenate([places, found[:, 2:]], axis=1), side


def _person_score(coco):
    """How sure MoveNet is of a person, part of whom may be out of the picture."""
    return float(np.sort(coco[:, 2])[-_SUREST:].mean())


def _box_around(coco):
    """The square to look at more closely, or None if too little was found."""
    found = coco[coco[:, 2] >= _FOUND, :2]
    if len(found) < _LEAST_JOINTS:
        return None
    low, high = found.min(axis=0), found.max(axis=0)
    radius = max(_MARGIN * (high - low).max(), _LEAST_SIDE) / 2
    middle = (low + high + 1) / 2
    return (*(middle - radius), *(middle + radius))
