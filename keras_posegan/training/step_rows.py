"""Files of one JSON object a line, each with the `step` that it belongs to."""

import json
import pathlib
from typing import Any


def read(path: pathlib.Path) -> list[dict[str, Any]]:
    """The rows, none if there is no file; a last line cut short by a kill is left."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text().splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return rows


def append(path: pathlib.Path, row: dict[str, Any]) -> None:
    """Adds a row at the end."""
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")


def cut(path: pathlib.Path, last_step: int) -> None:
    """Takes out the rows later than a step, and what a kill left of a last line.

    They belong to steps that a resumed run does again.
    """
    if not path.is_file():
        return
    kept = [row for row in read(path) if row["step"] <= last_step]
    # Written beside its place first: a kill leaves the old file or the new one.
    partial = path.with_suffix(".partial")
    partial.write_text("".join(json.dumps(row) + "\n" for row in kept))
    partial.replace(path)
