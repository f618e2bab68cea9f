"""Exports a run: python -m export.saved_model --run_dir=runs/demo --export_dir=..."""

import pathlib
import tempfile

from absl import flags

from keras_posegan import command_line, input_error, run_folder


def export_saved_model(
    run_dir: str, export_dir: str, checkpoint: str = "newest"
) -> pathlib.Path:
    """Writes a run's generator as a SavedModel.

    Its signatures take named inputs with any batch size; all geometry is inside:

        serving_default: image uint8 (B, H, W, 3), source_keypoints and
            target_keypoints float32 (B, 18, 3) -> generated_image uint8
        generate_float: the same, image float32 in [-1, 1] -> generated_image
            float32 in [-1, 1]

    The folder appears whole or not at all.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        export_dir: the folder to write.
        checkpoint: which of the run's, see `inference.TrainedGenerator`.

    Returns:
        The folder written.

    Raises:
        input_error.InputError: if the run cannot be read, or the folder exists.
    """
    target = pathlib.Path(export_dir)
    if not export_dir or target.exists():
        raise input_error.InputError(
            f"--export_dir={export_dir}: must name a folder that does not exist."
        )
    import tensorflow as tf

    from keras_posegan import inference

    trained = inference.TrainedGenerator(run_dir, checkpoint)
    height, width = trained.config.data.image_size
    keypoints = [
        tf.TensorSpec((None, 18, 3), tf.float32, name=f"{person}_keypoints")
        for person in ("source", "target")
    ]

    def picture(dtype):
        return tf.TensorSpec((None, height, width, 3), dtype, name="image")

    @tf.function(input_signature=[picture(tf.uint8), *keypoints])
    def generate_uint8(image, source_keypoints, target_keypoints):
        return {
            "generated_image": inference.generate_pictures(
                trained.generator, image, source_keypoints, target_keypoints
            )
        }

    @tf.function(input_signature=[picture(tf.float32), *keypoints])
    def generate_float(image, source_keypoints, target_keypoints):
        inputs = {
            "source_image": image,
            "source_keypoints": source_keypoints,
            "target_keypoints": target_keypoints,
        }
        return {"generated_image": trained.generator(inputs, training=False)}

    module = tf.Module()
    module.generator = trained.generator
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise input_error.InputError(f"--export_dir={export_dir}: {error}") from error
    # Written beside its place and moved there at the end: never seen half-written.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export_") as scratch:
        partial = pathlib.Path(scratch) / "saved_model"
        tf.saved_model.save(
            module,
            str(partial),
            signatures={
                "serving_default": generate_uint8,
                "generate_float": generate_float,
            },
        )
        partial.rename(target)
    return target


def main() -> None:
    """Exports the run that the flags name."""
    run_folder.open_for_reading(flags.FLAGS.run_dir)
    command_line.import_tensorflow()
    path = export_saved_model(
        flags.FLAGS.run_dir, flags.FLAGS.export_dir, flags.FLAGS.checkpoint
    )
    print(f"Wrote {path}")


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
    flags.DEFINE_string("export_dir", "", "SavedModel folder to write; a new one.")
    flags.DEFINE_enum(
        "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to export."
    )
    command_line.run(main)
