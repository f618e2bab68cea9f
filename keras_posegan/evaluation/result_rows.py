"""Rows of `results.jsonl`: what they say of where their numbers come from."""

import hashlib
import json
import os
import pathlib
import subprocess
from collections.abc import Iterable, Sequence
from typing import Any

from keras_posegan import input_error
from keras_posegan.evaluation import measures

_ROOT = pathlib.Path(__file__).resolve().parents[2]


def origin(
    measured: measures.Measures, names: Sequence[tuple[str, str]], pairs_file: str
) -> dict[str, Any]:
    """What decides the numbers of a row, whether a run's or of strips.

    Args:
        measured: protocol and classifier.
        names: (source, target) of every pair, in order.
        pairs_file: the list they stand in; empty: all there are.

    Returns:
        `protocol`, its `reference`, `left_out` (its measures that are missing, and
        why), `pairs` (their number), `pairs_file`, `pairs_sha256`, `classifier`,
        `classifier_sha256` (None without one) and `commit`, ready for JSON.
    """
    classifier = measured.classifier
    return {
        "protocol": measured.protocol.name,
        "reference": measured.protocol.reference,
        "left_out": measured.left_out,
        "pairs": len(names),
        "pairs_file": pairs_file,
        "pairs_sha256": pairs_sha256(names),
        "classifier": classifier.name if classifier else None,
        "classifier_sha256": classifier.checksum if classifier else None,
        "commit": commit(),
    }


def pairs_sha256(names: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of the lines `from,to` of a list, one a pair, each with a line end.

    It is of the pairs, not of a file: a list that stands in none has one too, and a
    header or the quoting of a CSV do not change it.
    """
    lines = "".join(f"{source},{target}\n" for source, target in names)
    return hashlib.sha256(lines.encode()).hexdigest()


def commit(root: pathlib.Path = _ROOT) -> str | None:
    """The commit of this code, `+changes` if files differ from it.

    Args:
        root: the folder that holds the package.

    Returns:
        None if that folder is not the top of a git checkout, or there is no git. Files
        that git does not know are no changes.
    """
    # Inside a git hook, variables point git at another repository.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    try:
        if pathlib.Path(git("rev-parse", "--show-toplevel")).resolve() != root:
            return None
        changes = git("status", "--porcelain", "--untracked-files=no")
        return git("rev-parse", "HEAD") + ("+changes" if changes else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def append(path: pathlib.Path, row: dict[str, Any]) -> None:
    """Appends a row to a file of rows, in one write; nothing else in it changes.

    Raises:
        input_error.InputError: if the file cannot be written.
    """
    text = json.dumps(row, allow_nan=False) + "\n"
    try:
        with path.open("a+b", buffering=0) as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # A line that a kill cut short stays alone.
                    text = "\n" + text
            file.write(text.encode())
    except OSError as error:
        raise input_error.InputError(f"cannot write {path}: {error}") from error


def read(path: str | os.PathLike) -> list[dict[str, Any]]:
    """Reads a file of rows.

    Raises:
        input_error.InputError: if the file cannot be read, a line is no row, or there
            is none.
    """
    path = pathlib.Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise input_error.InputError(f"cannot read results {path}: {error}") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            row["generated"], row["protocol"]
        except (ValueError, TypeError, KeyError) as error:
            raise input_error.InputError(
                f"{path}:{number}: not a row of evaluation. Received: {line[:60]!r}"
            ) from error
        rows.append(row)
    if not rows:
        raise input_error.InputError(f"{path}: holds no rows.")
    return rows
