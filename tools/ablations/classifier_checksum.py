"""The checksum by which rows of results name an ablation's classifier."""

import pathlib

from keras_posegan import input_error
from keras_posegan.metrics import checksums


def classifier_checksum(path: str) -> str | None:
    """The `classifier_sha256` of a row of results, without TensorFlow's seconds.

    Args:
        path: a frozen graph's file or a SavedModel's folder; empty: no classifier.

    Returns:
        See `checksums.sha256`; None without a classifier.

    Raises:
        input_error.InputError: if there is nothing at the path.
    """
    if not path:
        return None
    place = pathlib.Path(path)
    if not place.is_file() and not any(f.is_file() for f in place.rglob("*")):
        raise input_error.InputError(f"--classifier={path}: no such file or folder.")
    return checksums.sha256(place)
