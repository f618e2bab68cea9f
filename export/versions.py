"""The numbered versions of a served model: each appears whole, or not at all."""

import errno
import pathlib
import tempfile
from collections.abc import Callable

from keras_posegan import input_error


def write_next(export_dir: str, write: Callable[[pathlib.Path], None]) -> pathlib.Path:
    """Writes a folder, then gives it the next free number.

    A server may watch meanwhile: it passes over names that are no numbers, and a
    version appears at once. If `write` fails, nothing remains.

    Args:
        export_dir: the model's folder, which holds its versions; made if missing.
        write: creates the folder of the path it is given, and fills it.

    Returns:
        The version's folder.

    Raises:
        input_error.InputError: if `export_dir` cannot be made or written.
    """
    if not export_dir:
        raise input_error.InputError("--export_dir is missing.")
    base = pathlib.Path(export_dir)
    try:
        base.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=base, prefix=".export_")
    except OSError as error:
        raise input_error.InputError(f"--export_dir={export_dir}: {error}") from error
    with scratch as folder:
        partial = pathlib.Path(folder) / "version"
        write(partial)
        return _as_next_number(partial, base)


def _as_next_number(partial, base):
    while True:
        names = [path.name for path in base.iterdir()]
        numbers = [int(name) for name in names if name.isdecimal()]
        try:
            return partial.rename(base / str(max(numbers, default=0) + 1))
        except OSError as error:
            # Another export took the number in the meantime.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
