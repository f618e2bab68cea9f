"""Exports a run: python -m export.saved_model --run_dir=runs/demo --export_dir=..."""

import pathlib

import numpy as np
from absl import flags

from export import versions
from keras_posegan import command_line, input_error, run_folder

MODEL_NAME = "posegan"


def export_saved_model(
    run_dir: str, export_dir: str, checkpoint: str = "newest", folded: bool = True
) -> pathlib.Path:
    """Writes a run's generator as the next version of a served model.

    The version is a SavedModel in a folder named by the next free number, as
    TensorFlow Serving wants it, with the signatures of `export.signatures` and warm-up
    requests for each. It appears whole or not at all: a server may watch the folder.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        export_dir: the model's folder, which holds its versions; made if missing.
        checkpoint: which of the run's, see `inference.TrainedGenerator`.
        folded: whether spectral norms are divided into plain kernels; without, σ is
            computed at every call, to the same pictures (for comparison).

    Returns:
        The version's folder.

    Raises:
        input_error.InputError: if the run cannot be read, or the folder not written.
    """
    import tensorflow as tf

    from export import signatures, warmup
    from keras_posegan import inference

    trained = inference.TrainedGenerator(run_dir, checkpoint, folded=folded)
    image_size = trained.config.data.image_size
    weights = [weight.value for weight in trained.generator.variables]
    if not all(np.isfinite(weight).all() for weight in weights):
        raise input_error.InputError(
            f"{run_dir}: the generator of step {trained.step} has NaN or infinite "
            "weights: its training diverged."
        )
    module = tf.Module()
    # TensorFlow's variables, not Keras's around them: of these the SavedModel would
    # hold two sets, and a server's loader restores the one that no signature reads.
    module.weights = weights

    def write(folder):
        functions = signatures.build(trained.generator, image_size)
        tf.saved_model.save(module, str(folder), signatures=functions)
        _declare_shapes(folder, signatures.input_shapes(image_size))
        warmup.write(folder, MODEL_NAME, image_size)

    return versions.write_next(export_dir, write)


def _declare_shapes(folder, shapes):
    """Tells clients the shapes of the inputs; the graph checks them itself."""
    from tensorflow.core.protobuf import saved_model_pb2

    path = folder / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    (graph,) = model.meta_graphs
    for signature, inputs in shapes.items():
        for name, shape in inputs.items():
            declared = graph.signature_def[signature].inputs[name].tensor_shape
            declared.unknown_rank = False
            for size in shape:
                declared.dim.add(size=-1 if size is None else size)
    path.write_bytes(model.SerializeToString(deterministic=True))


def main() -> None:
    """Exports the run that the flags name."""
    if not flags.FLAGS.export_dir:
        raise input_error.InputError("--export_dir is missing.")
    run_folder.open_for_reading(flags.FLAGS.run_dir)
    command_line.import_tensorflow()
    path = export_saved_model(
        flags.FLAGS.run_dir,
        flags.FLAGS.export_dir,
        flags.FLAGS.checkpoint,
        flags.FLAGS.folded,
    )
    print(f"Wrote {path}")


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
    flags.DEFINE_string(
        "export_dir", "", "The model's folder: the next version is written into it."
    )
    flags.DEFINE_enum(
        "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to export."
    )
    flags.DEFINE_bool(
        "folded", True, "Divide spectral norms into plain kernels; false to compare."
    )
    command_line.run(main)
