"""Checks that exported .tflite files draw the same pictures on other runtimes.

    python -m tools.check_runtimes --tflite_dir=runs/mobile/tflite

The standard is LiteRT's Interpreter on this machine; each file gets the same pairs.
What a runtime needs is fetched once from Debian, PyPI and npm into --work_dir.
"""

import json
import pathlib
import sys
import tempfile
from collections.abc import Callable

import numpy as np
from absl import flags

from export import tflite
from export.phone import measured_run, real_pairs
from keras_posegan import command_line, config, input_error
from tools.runtimes import arm64, browser, comparison, compiled_model

RUNTIMES = {"compiled_model": compiled_model, "arm64": arm64, "browser": browser}
# draw(model, inputs, outputs): reads and writes what `measured_run.measure` does, in a
# process of its own; returns milliseconds a picture; RuntimeError if it does not run.
Draw = Callable[[pathlib.Path, pathlib.Path, pathlib.Path], float]


def run(
    tflite_dir: pathlib.Path,
    draws: dict[str, Draw],
    data_dir: str,
    pairs: int = 4,
) -> list[dict]:
    """Draws with every file on every runtime, and compares.

    Args:
        tflite_dir: a folder that `export.tflite` wrote.
        draws: the runtimes.
        data_dir: a data set with pictures of the files' size; its test split is used.
        pairs: how many.

    Returns: a dict a file and runtime: `variant`, `runtime`, `milliseconds` there and
        `interpreter_milliseconds` here, and what `comparison.compare` returns; of a
        runtime that cannot run the file only `fault`, its own words.

    Raises:
        input_error.InputError: if folder or data cannot be read.
    """
    files = {
        variant: path
        for variant in tflite.VARIANTS
        for path in [tflite_dir / f"posegan_{variant}.tflite"]
        if path.exists()
    }
    if not files:
        raise input_error.InputError(
            f"--tflite_dir={tflite_dir}: holds no .tflite file of export.tflite."
        )
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        inputs, expected, found = (
            pathlib.Path(scratch, f"{name}.npz") for name in ("in", "expected", "found")
        )
        np.savez(inputs, **_pairs(tflite_dir, data_dir, pairs))
        for variant, path in files.items():
            here = measured_run.in_fresh_process(path.resolve(), inputs, expected)
            for runtime, draw in draws.items():
                row = {"variant": variant, "runtime": runtime}
                try:
                    row["milliseconds"] = draw(path, inputs, found)
                except RuntimeError as error:
                    row["fault"] = "does not run: " + " ".join(str(error).split())
                else:
                    row["interpreter_milliseconds"] = here["milliseconds"]
                    with np.load(expected) as ours, np.load(found) as theirs:
                        row |= comparison.compare(variant, ours, theirs)
                rows.append(row)
                print(_line(row), flush=True)
    return rows


def _pairs(tflite_dir, data_dir, count):
    """Pairs of the size that the files take."""
    signature = tflite_dir / "signature.json"
    try:
        shape = json.loads(signature.read_text())["inputs"]["image"]["shape"]
    except (OSError, ValueError, KeyError) as error:
        raise input_error.InputError(f"{signature}: cannot be read: {error}") from error
    height, width = shape[1:3]
    data = config.DataConfig(dir=data_dir, image_height=height, image_width=width)
    return real_pairs.load(data, "test", count)


def _line(row):
    """A row to read."""
    line = f"{row['variant']:13} {row['runtime']:14} "
    if "max_difference" in row:
        line += (
            f"at most {row['max_difference']:3} grey levels, mean "
            f"{row['mean_difference']:.5f}, {row['share_beyond']:7.3%} beyond "
            f"{comparison.LARGEST}; {row['milliseconds']:.0f} ms "
            f"({row['interpreter_milliseconds']:.0f} ms in the Interpreter) "
        )
    return line + ("FAILS: " + row["fault"] if row["fault"] else "passes")


def main() -> None:
    """Checks what the flags name; status 1 if a file differs or does not run."""
    values = flags.FLAGS
    for name in values.runtimes:
        if name not in RUNTIMES:
            raise input_error.InputError(
                f"--runtimes: {name!r} is none of {', '.join(RUNTIMES)}."
            )
    if not values.runtimes:
        raise input_error.InputError("--runtimes is empty.")
    work_dir = pathlib.Path(values.work_dir)
    # All, before anything is drawn: what is missing is said at once.
    draws = {name: RUNTIMES[name].prepare(work_dir) for name in values.runtimes}
    rows = run(pathlib.Path(values.tflite_dir), draws, values.data_dir, values.pairs)
    if values.json:
        pathlib.Path(values.json).write_text(json.dumps(rows, indent=1) + "\n")
    faults = sum(row["fault"] is not None for row in rows)
    if faults:
        sys.exit(f"error: {faults} of {len(rows)} checks failed.")


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("tflite_dir", "", "Folder that export.tflite wrote.")
    flags.DEFINE_list("runtimes", list(RUNTIMES), f"Of {', '.join(RUNTIMES)}.")
    flags.DEFINE_string("data_dir", "runs/people", "Data set to draw test pairs of.")
    flags.DEFINE_integer("pairs", 4, "How many pairs.", 1)
    flags.DEFINE_string("work_dir", "runs/runtimes", "Keeps what is fetched.")
    flags.DEFINE_string("json", "", "File to write the rows to.")
    command_line.run(main)
