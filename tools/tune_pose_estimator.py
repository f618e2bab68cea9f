"""Prints what PoseEstimator's thresholds were chosen by.

    python -m tools.tune_pose_estimator --data_dir=../shared/market1501/mini

The data set has Market-1501's layout, and OpenPose's annotations. Thresholds are chosen
on its training part and checked on its test part.
"""

from absl import flags

from keras_posegan import command_line, input_error

_DATA_DIR = flags.DEFINE_string("data_dir", "", "Folder in Market-1501's layout.")

_JOINT = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_FACE = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
_PERSON = (0.15, 0.2, 0.25, 0.3, 0.33, 0.36, 0.4, 0.44, 0.5)
_SHARES = (0.75, 0.5, 0.35, 0.25, 0.18, 0.12)


def main() -> None:
    """Prints a table for each threshold, and one for the closer look."""
    if not _DATA_DIR.value:
        raise input_error.InputError("--data_dir is missing.")
    import numpy as np

    from keras_posegan.data import market1501, picture_files
    from keras_posegan.pose import pose_estimator
    from tools import pose_accuracy, pose_scenes

    estimator = pose_estimator.PoseEstimator()
    person_scores = {}
    for split in market1501.SPLITS:
        people = market1501.load(_DATA_DIR.value, split)
        pictures = [picture_files.read_any_picture(path) for path in people.paths]
        located = [estimator.locate(picture) for picture in pictures]
        joints = np.stack([each for each, _ in located])
        person_scores[split] = [score for _, score in located]
        person_scores[f"{split}, upper half"] = [
            estimator.locate(picture[: len(picture) // 2])[1] for picture in pictures
        ]
        print(f"\n{split}: {len(pictures)} pictures\njoint_threshold:")
        _print(pose_accuracy.joint_curve(joints, people.keypoints, _JOINT))
        print("face_threshold:")
        _print(pose_accuracy.face_curve(joints, people.keypoints, _FACE))
        print("face_threshold, if scores were not corrected:")
        _print(pose_accuracy.face_curve(joints, people.keypoints, _FACE, False))

    empty = {}
    for kind, picture in pose_scenes.empty_pictures():
        empty.setdefault(kind, []).append(estimator.locate(picture)[1])
    print("\nperson_threshold: share found")
    for kind, scores in (person_scores | empty).items():
        found = "  ".join(f"{np.mean(np.array(scores) >= t):.3f}" for t in _PERSON)
        print(
            f"  {kind:18} {len(scores):4}  {found}  {min(scores):.3f}-{max(scores):.3f}"
        )
    print(f"  {'threshold':18}       {'  '.join(f'{t:5}' for t in _PERSON)}")

    people = market1501.load(_DATA_DIR.value, "train")
    pictures = [picture_files.read_any_picture(path) for path in people.paths]
    print("\nTraining pictures in a photo of 640x480, in pixels of the picture:")
    for looks in (1, 2, 3):
        estimator = pose_estimator.PoseEstimator(looks=looks)
        for share in _SHARES:
            rows = []
            for photo, pose, scale in pose_scenes.photos(
                pictures, people.keypoints, share
            ):
                joints, _ = estimator.locate(photo)
                rows.append((joints / (scale, scale, 1), pose / (scale, scale, 1)))
            (row,) = pose_accuracy.joint_curve(
                *(np.stack(each) for each in zip(*rows, strict=True)), (0.3,)
            )
            print(f"  looks {looks}, {share:.2f} of the width:", end="")
            _print([row])


def _print(rows) -> None:
    for row in rows:
        print("  " + "  ".join(f"{name} {value:.3f}" for name, value in row.items()))


if __name__ == "__main__":
    command_line.run(main)
