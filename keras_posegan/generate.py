"""Draws a person in another pose: python -m keras_posegan.generate --run_dir=..."""

import pathlib

from absl import flags

from keras_posegan import command_line, input_error, run_folder

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to draw with."
)
_SOURCE = flags.DEFINE_string(
    "source", "", "Picture of the person: of the run's size, or any photo."
)
_POSE = flags.DEFINE_string("pose", "", "Picture of somebody in the pose to draw.")
_KEYPOINTS = "OpenPose or COCO-17 JSON, or annotations as FILE.csv or FILE.csv:NAME."
_SOURCE_KEYPOINTS = flags.DEFINE_string(
    "source_keypoints",
    "",
    f"The person's pose in --source, if it is not to be estimated: {_KEYPOINTS}",
)
_TARGET_KEYPOINTS = flags.DEFINE_string(
    "target_keypoints",
    "",
    "The pose to draw, in pixels of --pose, or without it of the run's pictures: "
    + _KEYPOINTS,
)
_FIT_POSE = flags.DEFINE_bool(
    "fit_pose", False, "Keep the source's place and proportions in the new pose."
)
_PASTE_BACK = flags.DEFINE_bool(
    "paste_back", False, "Write the whole photo, with the new picture in its place."
)
_POSE_MODEL = flags.DEFINE_string(
    "pose_model", "", "MoveNet's .tflite file; default: that of tools.fetch_movenet."
)
_OUTPUT = flags.DEFINE_string("output", "", "Picture to write, for example out.png.")
_STRIP = flags.DEFINE_string(
    "strip", "", "Picture to write of source, target skeleton and result side by side."
)
_OVERWRITE = flags.DEFINE_bool(
    "overwrite", False, "Replace --output and --strip if they exist."
)


def main() -> None:
    """Writes the picture."""
    for flag in (_RUN_DIR, _SOURCE, _OUTPUT):
        if not flag.value:
            raise input_error.InputError(f"--{flag.name} is missing.")
    if not _POSE.value and not _TARGET_KEYPOINTS.value:
        raise input_error.InputError("--pose or --target_keypoints is missing.")
    from keras_posegan.data import person_photo, picture_files

    for flag in (_OUTPUT, _STRIP):
        if not flag.value:
            continue
        path = pathlib.Path(flag.value)
        if path.exists() and not _OVERWRITE.value:
            raise input_error.InputError(
                f"--{flag.name}={path}: exists; see --overwrite."
            )
        if path.suffix.lower() not in picture_files.SUFFIXES:
            raise input_error.InputError(
                f"--{flag.name}={path}: needs a name in "
                f"{', '.join(picture_files.SUFFIXES)}."
            )
        if not path.parent.is_dir():
            raise input_error.InputError(
                f"--{flag.name}={path}: no folder {path.parent}."
            )
    _, config = run_folder.open_for_reading(_RUN_DIR.value)
    from keras_posegan.pose import lazy_estimate, retarget

    size = config.data.image_size
    estimate = lazy_estimate.lazy_estimate(_POSE_MODEL.value)
    source = person_photo.read_person(
        _SOURCE.value, _SOURCE_KEYPOINTS.value, size, estimate
    )
    target = person_photo.read_pose(
        _POSE.value, _TARGET_KEYPOINTS.value, size, estimate
    )
    if _FIT_POSE.value:
        (target,) = retarget.fit_poses(source.keypoints, target[None])
    command_line.import_tensorflow()
    from keras_posegan import inference

    inference.write_pictures(
        inference.TrainedGenerator(_RUN_DIR.value, _CHECKPOINT.value),
        source,
        target,
        pathlib.Path(_OUTPUT.value),
        pathlib.Path(_STRIP.value) if _STRIP.value else None,
        _PASTE_BACK.value,
    )
    print(f"Wrote {_OUTPUT.value}")


if __name__ == "__main__":
    command_line.run(main)
