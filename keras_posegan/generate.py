"""Draws a person in another pose: python -m keras_posegan.generate --run_dir=..."""

import pathlib

from absl import flags

from keras_posegan import command_line, input_error, run_folder

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to draw with."
)
_SOURCE = flags.DEFINE_string("source", "", "Picture of the person.")
_KEYPOINTS = "OpenPose or COCO-17 JSON, or annotations as FILE.csv or FILE.csv:NAME."
_SOURCE_KEYPOINTS = flags.DEFINE_string(
    "source_keypoints", "", f"The person's pose in that picture: {_KEYPOINTS}"
)
_TARGET_KEYPOINTS = flags.DEFINE_string(
    "target_keypoints", "", f"The pose to draw: {_KEYPOINTS}"
)
_OUTPUT = flags.DEFINE_string("output", "", "Picture to write, for example out.png.")
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace --output if it exists.")


def main() -> None:
    """Writes the picture."""
    for flag in (_RUN_DIR, _SOURCE, _SOURCE_KEYPOINTS, _TARGET_KEYPOINTS, _OUTPUT):
        if not flag.value:
            raise input_error.InputError(f"--{flag.name} is missing.")
    output = pathlib.Path(_OUTPUT.value)
    if output.exists() and not _OVERWRITE.value:
        raise input_error.InputError(f"--output={output}: exists; see --overwrite.")
    run_folder.open_for_reading(_RUN_DIR.value)
    command_line.import_tensorflow()
    from keras_posegan import inference

    inference.generate_file(
        inference.TrainedGenerator(_RUN_DIR.value, _CHECKPOINT.value),
        pathlib.Path(_SOURCE.value),
        _SOURCE_KEYPOINTS.value,
        _TARGET_KEYPOINTS.value,
        output,
    )
    print(f"Wrote {output}")


if __name__ == "__main__":
    command_line.run(main)
