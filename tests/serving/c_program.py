"""The C program `load_saved_model.c`, for tests: built, given requests, read back."""

import pathlib
import shutil
import subprocess
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import tensorflow as tf

SOURCE = pathlib.Path(__file__).with_name("load_saved_model.c")
OK, INVALID_ARGUMENT = 0, 3  # TF_Code.
_LIBRARIES = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")


def build(folder: pathlib.Path) -> pathlib.Path:
    """Compiles the program against the installed TensorFlow; skips without gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no gcc to build load_saved_model.c with")
    wheel = pathlib.Path(tf.sysconfig.get_lib())
    libraries = [wheel / name for name in _LIBRARIES]
    if not all(library.is_file() for library in libraries):
        pytest.skip(f"this TensorFlow has no {_LIBRARIES[0]}")  # macOS, Windows.
    program = folder / SOURCE.stem
    # -isystem: warnings about TensorFlow's headers are not ours.
    command = [compiler, "-std=c11", "-O1", "-Wall", "-Wextra", SOURCE]
    command += ["-isystem", tf.sysconfig.get_include(), *libraries, "-ldl"]
    command += [f"-Wl,-rpath,{wheel}", "-o", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return program


def answers(
    program: pathlib.Path,
    saved_model: pathlib.Path,
    requests: Sequence[tuple[str, Mapping[str, np.ndarray]]],
    folder: pathlib.Path,
) -> list[tuple[int, str, dict[str, np.ndarray]]]:
    """Has one process answer requests, one after the other.

    Args:
        program: what `build` returned.
        saved_model: folder of saved_model.pb.
        requests: (signature, inputs by name) of each; strings as arrays of objects.
        folder: an empty one, for the tensors.

    Returns: (TF_Code, message, outputs by name) of each.
    """
    arguments = []
    for number, (signature, inputs) in enumerate(requests):
        place = folder / str(number)
        place.mkdir()
        for name, value in inputs.items():
            (place / f"{name}.tensor").write_bytes(_to_bytes(value))
        arguments += [signature, place]
    lines = call(program, "run", saved_model, *arguments).splitlines()
    assert len(lines) == len(requests)
    results = []
    for number, (line, (_, inputs)) in enumerate(zip(lines, requests, strict=True)):
        code, _, message = line.partition(" ")
        outputs = {
            path.stem: _from_bytes(path.read_bytes())
            for path in (folder / str(number)).iterdir()
            if path.stem not in inputs
        }
        results.append((int(code), message, outputs))
    return results


def call(program: pathlib.Path, *arguments) -> str:
    """Runs the program in an environment with nothing of Python's; its output."""
    done = subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr}"
    return done.stdout


def _to_bytes(value):
    value = np.ascontiguousarray(value)
    is_text = value.dtype == object
    kind = tf.string if is_text else tf.as_dtype(value.dtype)
    numbers = [kind.as_datatype_enum, value.ndim, *value.shape]
    contents = value.tobytes()
    if is_text:
        contents = b"".join(np.int64(len(b)).tobytes() + b for b in value.ravel())
    return np.array(numbers, np.int64).tobytes() + contents


def _from_bytes(data):
    kind, rank = np.frombuffer(data, np.int64, 2)
    shape = np.frombuffer(data, np.int64, rank, offset=16)
    kind, data = tf.as_dtype(int(kind)), data[16 + 8 * rank :]
    if kind != tf.string:
        return np.frombuffer(data, kind.as_numpy_dtype).reshape(shape)
    texts = []
    while data:
        end = 8 + int(np.frombuffer(data, np.int64, 1)[0])
        texts.append(data[8:end])
        data = data[end:]
    return np.array(texts, object).reshape(shape)
