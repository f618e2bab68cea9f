"""Pairs of pictures of one person: (source, target) as rows into a list of names."""

import csv
import io
import os
import pathlib
from collections.abc import Sequence

import numpy as np

from keras_posegan import input_error
from keras_posegan.data import market1501
from keras_posegan.pose import skeleton

_HEADER = ["from", "to"]


def all_pairs(names: Sequence[str], keypoints: np.ndarray) -> np.ndarray:
    """Lists every ordered pair of pictures of one person.

    A picture takes part if both shoulders and both hips are visible and it is no
    distractor. Pairs stand in the field's order, which makes its random samples
    reproducible: people by their first picture in `names`, then by source, then by
    target, each in the order of `names`.

    Args:
        names: the pictures' names, which tell the identities.
        keypoints: `(pictures, 18, 3)`: x, y in pixels and visible.

    Returns:
        int32 `(pairs, 2)`: rows of the source and of the target picture.

    Reference:
        Siarohin et al., CVPR 2018, section 4. The paper prints 263,631 pairs for
        Market-1501's training pictures; ordered pairs come in twos, and the field's
        annotations give 263,632.
    """
    has_torso = np.all(keypoints[:, skeleton.TORSO, 2] > 0, axis=1)
    people: dict[str, list[int]] = {}
    for row in np.flatnonzero(has_torso).tolist():
        if not market1501.is_distractor(names[row]):
            people.setdefault(market1501.identity(names[row]), []).append(row)
    blocks = [np.zeros((0, 2), np.int32)]
    for rows in people.values():
        source, target = np.meshgrid(rows, rows, indexing="ij")
        differ = source != target
        blocks.append(np.stack([source[differ], target[differ]], axis=1))
    return np.concatenate(blocks).astype(np.int32)


def sample_pairs(pairs: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Draws `count` pairs without repetition.

    The draw is that of `pandas.DataFrame.sample(count, random_state=seed)`: over the
    test pairs of Market-1501, count 12,000 and seed 0 give the field's list of test
    pairs row for row.

    Raises:
        ValueError: if there are not `count` pairs.
    """
    if not 0 <= count <= len(pairs):
        raise ValueError(
            f"`count` must be between 0 and {len(pairs)}, the number of pairs. "
            f"Received: count={count}"
        )
    return pairs[np.random.RandomState(seed).permutation(len(pairs))[:count]]


def read_pairs(path: str | os.PathLike, names: Sequence[str]) -> np.ndarray:
    """Reads a list of pairs: a CSV with the header `from,to` and two names a row.

    Args:
        path: the CSV.
        names: the names of the annotated pictures.

    Returns:
        int32 `(pairs, 2)`: rows into `names`.

    Raises:
        InputError: if the file cannot be read, is malformed or empty, or names a
            picture that is not in `names`.
    """
    index = {name: row for row, name in enumerate(names)}
    pairs = []
    for number, row in _read_rows(path):
        for name in row:
            if name not in index:
                raise input_error.InputError(
                    f"{path}:{number}: no annotated picture {name!r}"
                )
        pairs.append([index[name] for name in row])
    return np.array(pairs, np.int32)


def read_names(path: str | os.PathLike) -> list[tuple[str, str]]:
    """Reads a list of pairs as names, whatever pictures there are.

    Raises:
        InputError: if the file cannot be read, is malformed or empty.
    """
    return [(source, target) for _, (source, target) in _read_rows(path)]


def _read_rows(path: str | os.PathLike) -> list[tuple[int, list[str]]]:
    """The rows with their line numbers, two names each, at least one."""
    path = pathlib.Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise input_error.InputError(
            f"cannot read pairs {path}: {error.strerror}"
        ) from error
    except UnicodeDecodeError as error:
        raise input_error.InputError(f"{path} is not a text file: {error}") from error
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or rows[0] != _HEADER:
        received = ",".join(rows[0])[:60] if rows else "an empty file"
        raise input_error.InputError(
            f"{path}:1: needs the header 'from,to'. Received: {received!r}"
        )
    numbered = [(number, row) for number, row in enumerate(rows[1:], start=2) if row]
    for number, row in numbered:
        if len(row) != 2:
            raise input_error.InputError(
                f"{path}:{number}: needs two names. Received: {len(row)} fields"
            )
    if not numbered:
        raise input_error.InputError(f"no pairs in {path}")
    return numbered


def write_pairs(
    path: str | os.PathLike, names: Sequence[str], pairs: np.ndarray
) -> None:
    """Writes a list of pairs as `read_pairs` reads it; replaces what was there."""
    with pathlib.Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows((names[source], names[target]) for source, target in pairs)
