"""Exports a run to phones: python -m export.tflite --run_dir=... --output_dir=..."""

import dataclasses
import pathlib
import platform
import sys
import tempfile
from collections.abc import Sequence

from absl import flags

from keras_posegan import command_line, input_error, new_folder, run_folder

VARIANTS = ("float32", "float16", "dynamic_int8", "int8")
_CALIBRATION_PAIRS = 64
_KEYPOINTS = ("source_keypoints", "target_keypoints")


def export_tflite(
    run_dir: str,
    output_dir: str,
    checkpoint: str = "newest",
    variants: Sequence[str] = VARIANTS,
    pairs: int = 32,
    data_dir: str = "",
) -> dict[str, dict]:
    """Writes a run's generator as .tflite files, each compared with Keras.

    `posegan_VARIANT.tflite`, of TFLite's builtin operations alone, with the signature
    of `frozen_graph.save`; `signature.json`, `skeleton.json`, `MODEL_CARD.md`,
    `parity.json` and `SHA256SUMS`. A variant that misses its bound
    (`variants.BOUNDS`) is not written; `parity.json` says so. The folder appears
    whole or not at all.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        output_dir: the folder to write.
        checkpoint: which of the run's, see `inference.TrainedGenerator`.
        variants: of `VARIANTS`.
        pairs: how many test pairs to compare on.
        data_dir: the data set, if it is no longer where the run found it.

    Returns:
        A row a variant, as in `parity.json`: `written`, `reason` (of not being
        written), `max_error` and `mean_error` in grey levels, `bound`, `megabytes`
        of the file, and what `measured_run.measure` returns.

    Raises:
        input_error.InputError: if the run or its data cannot be read, or the folder
            exists.
    """
    new_folder.check(output_dir, "output_dir")
    from export.phone import documents, frozen_graph, integer_convolutions, real_pairs
    from export.phone import variants as variants_lib
    from keras_posegan import inference
    from keras_posegan.models import phone_form

    # Phones compute in float32; so does what they are compared with.
    trained = inference.TrainedGenerator(run_dir, checkpoint, precision="float32")
    data = trained.config.data
    if data_dir:
        data = dataclasses.replace(data, dir=data_dir)
    tested = real_pairs.load(data, "test", pairs)
    expected = _drawn(trained, tested)
    generator = phone_form.for_phones(trained.generator)
    ranges = {}
    if "int8" in variants:
        calibration = real_pairs.load(data, "train", _CALIBRATION_PAIRS)
        ranges = integer_convolutions.ranges(generator, _batches(calibration))
    with (
        new_folder.written(output_dir, "output_dir") as partial,
        # There and not in /tmp, which may be small.
        tempfile.TemporaryDirectory(dir=partial.parent) as scratch,
    ):
        work = pathlib.Path(scratch)
        partial.mkdir()
        frozen_graph.save(generator, work / "saved_model")
        rows = {}
        for variant in variants:
            content = variants_lib.convert(variant, work / "saved_model", ranges)
            path = partial / f"posegan_{variant}.tflite"
            path.write_bytes(content)
            rows[variant] = _row(path, variant, tested, expected, work)
            if not rows[variant]["written"]:
                path.unlink()
        report = {
            "run": pathlib.Path(run_dir).name,
            "step": trained.step,
            "pairs": pairs,
            "machine": f"{platform.machine()}, {platform.system()}",
            "variants": rows,
        }
        documents.write(partial, data.image_size, report)
    return rows


def _drawn(trained, pairs):
    """The pictures that Keras draws, one by one: large batches need much memory."""
    import numpy as np

    inputs = [pairs[name] for name in ("image", *_KEYPOINTS)]
    return np.concatenate(
        [
            trained(*(values[row : row + 1] for values in inputs))
            for row in range(len(inputs[0]))
        ]
    )


def _batches(pairs):
    """Inputs of the generator, one pair at a time."""
    import tensorflow as tf

    from keras_posegan.models import pixels

    for row in range(len(pairs["image"])):
        yield {
            "source_image": pixels.to_network_range(pairs["image"][row : row + 1]),
            **{name: tf.constant(pairs[name][row : row + 1]) for name in _KEYPOINTS},
        }


def _row(path, variant, tested, expected, work):
    """Runs a file in a process of its own, and compares."""
    import numpy as np

    from export.phone import measured_run
    from export.phone import variants as variants_lib

    np.savez(work / "inputs.npz", **tested)
    measured = measured_run.in_fresh_process(
        path, work / "inputs.npz", work / "outputs.npz"
    )
    with np.load(work / "outputs.npz") as outputs:
        errors = np.abs(outputs["generated_image"].astype(int) - expected)
    row = {
        "max_error": int(errors.max()),
        "mean_error": float(errors.mean()),
        "megabytes": path.stat().st_size / 1e6,
        **measured,
    }
    name, bound = variants_lib.BOUNDS[variant]
    met = row[name] <= bound
    reason = None if met else f"{name} {row[name]:.3g} exceeds {bound:g} grey levels"
    return {"written": met, "reason": reason, "bound": {name: bound}, **row}


def main() -> None:
    """Exports the run that the flags name; status 1 if a variant missed its bound."""
    values = flags.FLAGS
    chosen = [name.strip() for name in values.variants if name.strip()]
    for name in chosen:
        if name not in VARIANTS:
            raise input_error.InputError(f"--variants: {name!r} is none of {VARIANTS}.")
    if not chosen:
        raise input_error.InputError("--variants is empty.")
    run_folder.open_for_reading(values.run_dir)
    command_line.import_tensorflow()
    rows = export_tflite(
        values.run_dir,
        values.output_dir,
        values.checkpoint,
        chosen,
        values.pairs,
        values.data_dir,
    )
    print(f"Wrote {values.output_dir}")
    for name, row in rows.items():
        print(
            f"{name:13}{row['megabytes']:8.1f} MB{row['milliseconds']:8.0f} ms, grey "
            f"levels off: mean {row['mean_error']:.3f}, at most {row['max_error']}"
        )
    missed = [f"{name}: {row['reason']}" for name, row in rows.items() if row["reason"]]
    if missed:
        sys.exit("error: not written: " + "; ".join(missed))


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
    flags.DEFINE_string("output_dir", "", "Folder to write; a new one.")
    flags.DEFINE_enum(
        "checkpoint", "newest", run_folder.CHECKPOINTS, "Which of the run's to export."
    )
    flags.DEFINE_list("variants", list(VARIANTS), f"Of {', '.join(VARIANTS)}.")
    flags.DEFINE_integer("pairs", 32, "Test pairs to compare with Keras on.", 1)
    flags.DEFINE_string("data_dir", "", "The run's data set, if it lies elsewhere now.")
    command_line.run(main)
