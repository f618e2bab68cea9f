"""How many joints of generated people are where they should be: PCKh."""

import dataclasses

import numpy as np

_HEAD = (0, 1, 14, 15, 16, 17)  # Nose, neck, eyes, ears.
_SHARE = 0.5


@dataclasses.dataclass(frozen=True)
class Pckh:
    """What `pckh` counts.

    Args:
        people: of whom a target pose was given.
        people_without_head_box: who show fewer than two joints of the head.
        joints: visible in the targets of people with a head box.
        joints_without_head_box: visible in the targets of the others.
        right: how many of `joints` were found where they should be.
    """

    people: int
    people_without_head_box: int
    joints: int
    joints_without_head_box: int
    right: int

    @property
    def score(self) -> float:
        """The field's PCKh: the share of `joints` that are right; NaN without any."""
        return self.right / self.joints if self.joints else float("nan")

    @property
    def score_of_all_people(self) -> float:
        """As `score`, with all joints of people without a head box counted as wrong."""
        joints = self.joints + self.joints_without_head_box
        return self.right / joints if joints else float("nan")


def pckh(target_keypoints, found_keypoints) -> Pckh:
    """Counts the joints found within half a head of where they should be.

    A person's head box is the smallest upright box about the visible ones of nose,
    neck, eyes and ears of the *target*; there is one if two of them are visible. A
    joint that the target shows is right if it was found and

        |x_found - x_target| < box width / 2  and  |y_found - y_target| < box height / 2

    A joint that was not found is wrong. What was found beyond the target's joints
    does not matter. A box without width or height, as of a face from the side of
    which only nose and neck are seen in one column, lets no joint be right.

    **People without a head box** have no measure to be judged by. The field's code
    skips them without a word; so does `score`, to be the field's number, but here
    they are reported, and `score_of_all_people` counts their joints as wrong: where
    the two differ much, the score is one of the people who face the camera.

    Args:
        target_keypoints: (N, 18, 3): x, y and visible, in the order of
            `pose.skeleton`; what the generator was asked for.
        found_keypoints: of the same shape; what a pose estimator finds in the
            generated pictures. x and y of invisible joints are not looked at.

    Returns:
        The counts, and the scores as properties; higher is better, at most 1.

    Raises:
        ValueError: if an argument has another shape, or the shapes differ.

    Reference:
        Zhu et al., "Progressive Pose Attention Transfer", arXiv 1904.03349: their
        `calPCKH_market.py`, alike for fashion. PCKh of Andriluka et al., CVPR 2014,
        is another measure: a distance, against the diagonal of an annotated head.
    """
    target, found = np.asarray(target_keypoints), np.asarray(found_keypoints)
    for name, keypoints in (("target_keypoints", target), ("found_keypoints", found)):
        if keypoints.ndim != 3 or keypoints.shape[1:] != (18, 3):
            raise ValueError(
                f"`{name}` must be (N, 18, 3). Received: {keypoints.shape}"
            )
    if len(target) != len(found):
        raise ValueError(
            "`target_keypoints` and `found_keypoints` must be of as many people. "
            f"Received: {len(target)} and {len(found)}"
        )
    is_asked = target[..., 2] > 0
    has_box = is_asked[:, _HEAD].sum(axis=1) >= 2
    joints = is_asked & has_box[:, np.newaxis]
    # Unseen joints may hold anything, infinities too; NaN compares as false.
    with np.errstate(invalid="ignore"):
        distances = np.abs(found[..., :2].astype(np.float64) - target[..., :2])
    is_near = np.all(distances < _SHARE * _box_sizes(target)[:, np.newaxis], axis=-1)
    return Pckh(
        people=len(target),
        people_without_head_box=int((~has_box).sum()),
        joints=int(joints.sum()),
        joints_without_head_box=int(is_asked.sum() - joints.sum()),
        right=int((joints & (found[..., 2] > 0) & is_near).sum()),
    )


def _box_sizes(keypoints) -> np.ndarray:
    """Width and height (N, 2) of each head box; -inf for a head unseen."""
    head = keypoints[:, _HEAD].astype(np.float64)
    is_visible = head[..., 2:] > 0
    last = np.where(is_visible, head[..., :2], -np.inf).max(axis=1)
    first = np.where(is_visible, head[..., :2], np.inf).min(axis=1)
    return last - first
