"""Moves a person of a photo: python -m keras_posegan.animate --run_dir=..."""

import pathlib

from absl import flags

from keras_posegan import command_line, input_error, progress_line, run_folder

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to draw with."
)
_SOURCE = flags.DEFINE_string(
    "source", "", "Picture of the person: of the run's size, or any photo."
)
_SOURCE_KEYPOINTS = flags.DEFINE_string(
    "source_keypoints",
    "",
    "The person's pose in --source, if it is not to be estimated: OpenPose or COCO-17 "
    "JSON, or annotations as FILE.csv or FILE.csv:NAME.",
)
_POSES = flags.DEFINE_string(
    "poses",
    "",
    "How they move: a film (GIF, WebP, or what ffmpeg reads), a folder of pictures or "
    "of OpenPose's JSON files, a list of poses as JSON, or annotations as CSV.",
)
_OUTPUT = flags.DEFINE_string("output", "", "Film to write: .gif, .webp or .mp4.")
_FIT_POSE = flags.DEFINE_bool(
    "fit_pose", True, "Keep the source's place and proportions in the new poses."
)
_SMOOTHING = flags.DEFINE_float(
    "smoothing",
    0.08,
    "Seconds over which the joints are smoothed (standard deviation); 0 for none.",
    lower_bound=0.0,
    upper_bound=10.0,
)
_RATE = flags.DEFINE_float(
    "frames_per_second",
    0.0,
    "How fast the poses follow each other; 0: as in the film, or 25.",
    lower_bound=0.0,
    upper_bound=1000.0,
)
_SCALE = flags.DEFINE_integer(
    "scale", 1, "Enlarge the pictures so many times.", lower_bound=1, upper_bound=16
)
_STRIP = flags.DEFINE_bool(
    "strip", False, "Show the source and the skeleton beside the moving person."
)
_POSE_MODEL = flags.DEFINE_string(
    "pose_model", "", "MoveNet's .tflite file; default: that of tools.fetch_movenet."
)
_BATCH_SIZE = flags.DEFINE_integer(
    "batch_size", 8, "Frames drawn at once.", lower_bound=1
)
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace --output if it exists.")
_COMMON_RATE = 25.0


def main() -> None:
    """Writes the film."""
    for flag in (_RUN_DIR, _SOURCE, _POSES, _OUTPUT):
        if not flag.value:
            raise input_error.InputError(f"--{flag.name} is missing.")
    output = pathlib.Path(_OUTPUT.value)
    if output.exists() and not _OVERWRITE.value:
        raise input_error.InputError(f"--output={output}: exists; see --overwrite.")
    from keras_posegan.animation import film_writer, pose_film, steady_poses
    from keras_posegan.data import person_photo
    from keras_posegan.pose import lazy_estimate

    film_writer.check_path(output)
    if 0 < _RATE.value < pose_film.SLOWEST:
        raise input_error.InputError(
            f"--frames_per_second={_RATE.value:g}: must be 0, or {pose_film.SLOWEST} "
            "to 1000."
        )
    _, config = run_folder.open_for_reading(_RUN_DIR.value)
    size = config.data.image_size
    estimate = lazy_estimate.lazy_estimate(_POSE_MODEL.value)
    source = person_photo.read_person(
        _SOURCE.value, _SOURCE_KEYPOINTS.value, size, estimate
    )
    film = pose_film.read(_POSES.value, estimate)
    rate = _RATE.value or film.frames_per_second or _COMMON_RATE
    if rate < pose_film.SLOWEST:
        raise input_error.InputError(
            f"--poses={_POSES.value}: has {rate:.2g} frames a second; say more with "
            "--frames_per_second."
        )
    fit_to = source.keypoints if _FIT_POSE.value else None
    poses = steady_poses.steady_poses(film, rate, _SMOOTHING.value, size, fit_to)
    command_line.import_tensorflow()
    from keras_posegan import inference

    generator = inference.TrainedGenerator(_RUN_DIR.value, _CHECKPOINT.value)
    progress = progress_line.ProgressLine("frame", len(poses))

    def frames():
        drawn = generator.repose(
            source.picture, source.keypoints, poses, _BATCH_SIZE.value
        )
        for pose, picture in zip(poses, drawn, strict=True):
            if _STRIP.value:
                picture = inference.side_by_side(source.picture, pose, picture)
            progress.advance()
            yield film_writer.enlarge(picture, _SCALE.value)

    film_writer.write_film(output, frames(), rate)
    print(f"Wrote {output}: {len(poses)} frames, {rate:.4g} a second")
    if film.faults:
        print("\n".join(film.faults))
        raise input_error.InputError(
            f"--poses={_POSES.value}: {len(film.faults)} of {len(poses)} frames had no "
            "pose (listed above) and got one from their neighbours."
        )


if __name__ == "__main__":
    command_line.run(main)
