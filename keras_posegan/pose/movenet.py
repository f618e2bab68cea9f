"""The file of MoveNet SinglePose Lightning: where it lies, and what runs it."""

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any

from keras_posegan import input_error

SIDE = 192  # Pixels of the square that MoveNet looks at.
_INPUT_SHAPE, _OUTPUT_SHAPE = (1, SIDE, SIDE, 3), (1, 1, 17, 3)


def default_path() -> pathlib.Path:
    """Where `tools.fetch_movenet` puts the file: in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "keras_posegan" / "movenet_lightning.tflite"


def load(path: str | os.PathLike, threads: int = 1) -> Any:
    """Loads the model.

    Args:
        path: the `.tflite` file.
        threads: int >= 1, of the processor.

    Returns:
        A LiteRT `Interpreter`, ready to run: from RGB (1, 192, 192, 3), integers of 0
        to 255 of its own type, to (1, 1, 17, 3), y, x and score.

    Raises:
        InputError: if the file does not exist or is no such model.
    """
    from ai_edge_litert import interpreter  # Takes a moment.

    if not pathlib.Path(path).is_file():
        raise input_error.InputError(
            f"no pose estimator {path}: python -m tools.fetch_movenet gets it"
        )
    try:
        with _quiet():
            model = interpreter.Interpreter(str(path), num_threads=threads)
            model.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise input_error.InputError(
            f"cannot load the pose estimator {path}: {error}"
        ) from error
    shapes = [
        tuple(int(size) for size in details[0]["shape"])
        for details in (model.get_input_details(), model.get_output_details())
    ]
    if shapes != [_INPUT_SHAPE, _OUTPUT_SHAPE]:
        raise input_error.InputError(
            f"{path} must be MoveNet SinglePose Lightning, from {_INPUT_SHAPE} to "
            f"{_OUTPUT_SHAPE}. Received: from {shapes[0]} to {shapes[1]}"
        )
    return model


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Drops LiteRT's greeting, which no setting does; its errors are raised."""
    stderr = os.dup(2)
    with pathlib.Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
