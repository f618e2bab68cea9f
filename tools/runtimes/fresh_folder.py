"""A folder that is filled once, and is never seen half-filled."""

import pathlib
import tempfile
from collections.abc import Callable

from keras_posegan import input_error


def once(folder: pathlib.Path, fill: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """Has `fill` fill a new folder, unless `folder` stands there from another time.

    Args:
        folder: to return; named after the versions of what is in it.
        fill: gets an empty folder, which becomes `folder` if it raises nothing.

    Raises:
        input_error.InputError: if it cannot be written.
    """
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise input_error.InputError(f"--work_dir={folder.parent}: {error}") from error
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        partial = pathlib.Path(scratch, "partial").resolve()
        partial.mkdir()
        fill(partial)
        partial.rename(folder)
    return folder
