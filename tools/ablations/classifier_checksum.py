"""The checksum by which rows of results name a classifier."""

import hashlib
import pathlib

from keras_posegan import input_error


def classifier_checksum(path: str) -> str | None:
    """The SHA-256 of a classifier, in hexadecimal, without TensorFlow's seconds.

    Of a file it is that of its bytes; of a folder, that of the lines that

        cd FOLDER; find * -type f | LC_ALL=C sort | xargs sha256sum

    prints. `classifier_sha256` of a row of results is the same.

    Args:
        path: a frozen graph's file or a SavedModel's folder; empty: no classifier.

    Returns:
        The checksum; None without a classifier.

    Raises:
        input_error.InputError: if there is nothing at the path.
    """
    if not path:
        return None
    top = pathlib.Path(path)
    if top.is_file():
        return hashlib.sha256(top.read_bytes()).hexdigest()
    files = {
        file.relative_to(top).as_posix(): file
        for file in top.rglob("*")
        if file.is_file()
    }
    if not files:
        raise input_error.InputError(f"--classifier={path}: no such file or folder.")
    lines = (
        f"{hashlib.sha256(files[name].read_bytes()).hexdigest()}  {name}\n"
        for name in sorted(files)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
