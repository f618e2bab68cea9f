"""A folder that a program writes: a new one, and never seen half-written."""

import contextlib
import pathlib
import tempfile
from collections.abc import Iterator

from keras_posegan import input_error


def check(path: str, flag: str) -> None:
    """Refuses a name that is taken, before any work.

    Args:
        path: of the folder to write.
        flag: the name of the flag that gave it.

    Raises:
        input_error.InputError: if it is empty, or something stands there.
    """
    if not path or pathlib.Path(path).exists():
        raise input_error.InputError(
            f"--{flag}={path}: must name a folder that does not exist."
        )


@contextlib.contextmanager
def written(path: str, flag: str) -> Iterator[pathlib.Path]:
    """Gives a path beside the folder's place, and moves what stands there at the end.

    Left by an exception, nothing remains.

    Args:
        path: of the folder to write; its parent is made if missing.
        flag: the name of the flag that gave it.

    Yields:
        The path of a folder to create and fill.

    Raises:
        input_error.InputError: if nothing can be written there.
    """
    target = pathlib.Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=target.parent, prefix=".writing_")
    except OSError as error:
        raise input_error.InputError(f"--{flag}={path}: {error}") from error
    with scratch as folder:
        partial = pathlib.Path(folder) / "folder"
        yield partial
        partial.rename(target)
