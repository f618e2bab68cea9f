"""Runs a .tflite file in a process of its own, and measures it.

python -m export.phone.measured_run --model=M.tflite --inputs=I.npz --outputs=O.npz

LiteRT is all it imports, so that the memory measured is that of the model.
"""

import json
import pathlib
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from absl import flags

from keras_posegan import command_line

THREADS = 2
_STATUS = pathlib.Path("/proc/self/status")
_CLEAR = pathlib.Path("/proc/self/clear_refs")


def in_fresh_process(
    model: pathlib.Path, inputs: pathlib.Path, outputs: pathlib.Path
) -> dict[str, float | None]:
    """Calls `measure` in a new process.

    Raises:
        RuntimeError: if that process fails.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", __name__),
            *(f"--model={model}", f"--inputs={inputs}", f"--outputs={outputs}"),
        ],
        cwd=pathlib.Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{model} does not run in LiteRT: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(
    model: pathlib.Path, inputs: pathlib.Path, outputs: pathlib.Path
) -> dict[str, float | None]:
    """Draws every pair, one after the other, with XNNPACK on `THREADS` threads.

    Args:
        model: the .tflite file.
        inputs: .npz of the signature's inputs, one a pair.
        outputs: .npz to write, of the signature's outputs.

    Returns:
        peak_megabytes: how far the process rose above where it stood without model:
            the file, XNNPACK's copy of the weights, and everything else
        milliseconds, milliseconds_range: median over the pairs but the first, and
            [least, most]
        The memory is None where the system does not tell it; Linux alone does.
    """
    with np.load(inputs) as arrays:
        values = dict(arrays)
    from ai_edge_litert import interpreter as litert

    before = _resident()
    interpreter = litert.Interpreter(str(model), num_threads=THREADS)
    draw = interpreter.get_signature_runner()
    found, seconds = [], []
    for row in range(len(values["image"])):
        one = {name: array[row : row + 1] for name, array in values.items()}
        start = time.perf_counter()
        found.append(draw(**one))
        seconds.append(time.perf_counter() - start)
    peak = _peak()
    np.savez(
        outputs,
        **{name: np.concatenate([one[name] for one in found]) for name in found[0]},
    )
    milliseconds = [1e3 * second for second in seconds[1:] or seconds]
    return {
        "peak_megabytes": peak and peak - before,
        "milliseconds": statistics.median(milliseconds),
        "milliseconds_range": [min(milliseconds), max(milliseconds)],
    }


def _resident():
    """Megabytes of this process now; the peak counts from here."""
    if not _CLEAR.exists():
        return None
    _CLEAR.write_text("5")
    return _field("VmRSS")


def _peak():
    return _field("VmHWM") if _CLEAR.exists() else None


def _field(name):
    return int(re.search(rf"{name}:\s+(\d+) kB", _STATUS.read_text())[1]) * 1024 / 1e6


def run_as_program(measure: Callable[..., dict]) -> None:
    """Takes the paths that `measure` takes as flags, and prints its answer as JSON."""
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("model", "", "The .tflite file.")
    flags.DEFINE_string("inputs", "", "NPZ of the signature's inputs.")
    flags.DEFINE_string("outputs", "", "NPZ to write.")

    def main():
        values = flags.FLAGS
        paths = map(pathlib.Path, (values.model, values.inputs, values.outputs))
        print(json.dumps(measure(*paths)))

    command_line.run(main)


if __name__ == "__main__":
    run_as_program(measure)
