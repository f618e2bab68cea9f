"""What an interrupted evaluation has finished, kept until it goes on."""

import hashlib
import json
import os
import pathlib
import shutil
import zipfile
from typing import Any

import numpy as np


class PartialResults:
    """Columns of chunks of pairs, in `FOLDER/evaluation.partial/KEY/`.

    An evaluation goes on only from what was computed with exactly the same key. Under
    other keys others may be kept beside it, such as of another protocol.

    Args:
        folder: the run's, or of strips.
        key: everything that decides the numbers, ready for JSON: protocol,
            classifier, pairs, step, and so on.
    """

    def __init__(self, folder: pathlib.Path, key: dict[str, Any]):
        self._text = json.dumps(key, sort_keys=True, indent=2) + "\n"
        digest = hashlib.sha256(self._text.encode()).hexdigest()
        self._folder = folder / "evaluation.partial" / digest[:16]

    def read(self, start: int, count: int) -> dict[str, np.ndarray] | None:
        """The columns of the pairs from `start` on, or None where they are missing.

        A file that is damaged, or of another number of pairs, counts as missing.
        """
        try:
            with self._file(start).open("rb") as file, np.load(file) as columns:
                columns = dict(columns)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None
        if not columns or any(len(values) != count for values in columns.values()):
            return None
        return columns

    def write(self, start: int, columns: dict[str, np.ndarray]) -> None:
        """Keeps the columns of the pairs from `start` on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "key.json").write_text(self._text)
        # Written beside its place first: a kill leaves the whole chunk or none of it.
        partial = self._file(start).with_suffix(f".{os.getpid()}")
        with partial.open("wb") as file:
            np.savez(file, **columns)
        partial.replace(self._file(start))

    def remove(self) -> None:
        """Forgets the chunks of this key; those of others stay."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._folder.parent.is_dir() and not any(self._folder.parent.iterdir()):
            self._folder.parent.rmdir()

    def _file(self, start):
        return self._folder / f"{start:08d}.npz"
