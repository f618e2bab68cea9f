"""LiteRT's CompiledModel on this machine's processor, the interface of newer apps.

python -m tools.runtimes.compiled_model --model=M.tflite --inputs=I.npz --outputs=O.npz

Runs in a process of its own, so that a crash of LiteRT is not the tool's.
"""

import functools
import math
import pathlib
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from export.phone import measured_run
from tools.runtimes import drawing_process


def prepare(work_dir: pathlib.Path) -> Callable[..., float]:
    """Returns `draw(model, inputs, outputs)`, see `check_runtimes`."""
    del work_dir  # Nothing is missing.
    return functools.partial(drawing_process.run, [sys.executable, "-m", __name__])


def measure(
    model: pathlib.Path, inputs: pathlib.Path, outputs: pathlib.Path
) -> dict[str, float]:
    """Draws every pair, as `measured_run.measure` does; memory is not measured."""
    from ai_edge_litert import compiled_model, hardware_accelerator, options

    with np.load(inputs) as arrays:
        values = dict(arrays)
    compiled = compiled_model.CompiledModel.from_file(
        str(model),
        options=options.Options(
            hardware_accelerators=hardware_accelerator.HardwareAccelerator.CPU,
            cpu_options=options.CpuOptions(num_threads=measured_run.THREADS),
        ),
    )
    ((signature, names),) = compiled.get_signature_list().items()
    details = compiled.get_output_tensor_details(signature)
    fed = {
        name: compiled.create_input_buffer_by_name(signature, name)
        for name in names["inputs"]
    }
    drawn = {
        name: compiled.create_output_buffer_by_name(signature, name) for name in details
    }
    found, seconds = {name: [] for name in details}, []
    for row in range(len(values["image"])):
        start = time.perf_counter()
        for name, buffer in fed.items():
            buffer.write(values[name][row : row + 1])
        compiled.run_by_name(signature, fed, drawn)
        for name, buffer in drawn.items():
            shape, kind = details[name]["shape"], np.dtype(details[name]["dtype"])
            found[name].append(buffer.read(math.prod(shape), kind).reshape(shape))
        seconds.append(time.perf_counter() - start)
    np.savez(outputs, **{name: np.concatenate(each) for name, each in found.items()})
    return {"milliseconds": 1e3 * statistics.median(seconds[1:] or seconds)}


if __name__ == "__main__":
    measured_run.run_as_program(measure)
