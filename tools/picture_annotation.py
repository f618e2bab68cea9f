"""Annotates a folder of pictures with estimated poses, on all cores."""

import contextlib
import dataclasses
import multiprocessing
import os
import pathlib
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent import futures

import numpy as np

from keras_posegan import input_error, progress_line
from keras_posegan.data import picture_files
from keras_posegan.pose import keypoint_files, movenet, pose_estimator

_TOGETHER = 8  # Pictures that a process takes at a time.
_DECIMALS = 2  # Finer than any estimate, and a float32 below 80,000 keeps them.


@dataclasses.dataclass(frozen=True)
class Failures:
    """The pictures without a row, and why.

    Args:
        nobody: names of the pictures with no person in them.
        unreadable: name to one line of what is wrong with the file.
    """

    nobody: tuple[str, ...]
    unreadable: dict[str, str]


def annotate_folder(
    folder: str | os.PathLike,
    output_csv: str | os.PathLike,
    workers: int,
    model_path: str | os.PathLike | None = None,
) -> Failures:
    """Writes the poses of a folder's pictures, also those in folders inside it.

    Rows are added to the file as they are found. Rows that are there already are
    kept, so that an interrupted run goes on; at the end all rows are put in the
    order of their names, and the file is the one that an uninterrupted run writes.

    Args:
        folder: of the pictures; other files in it are left alone.
        output_csv: the annotation CSV; names are relative to `folder`.
        workers: int >= 1, processes.
        model_path: see `PoseEstimator`.

    Returns:
        What has no row. It is tried again by the next run.

    Raises:
        InputError: if there is no folder, no picture or no model, or the CSV cannot
            be read or written.
    """
    folder, output_csv = pathlib.Path(folder), pathlib.Path(output_csv)
    names = list_pictures(folder)
    movenet.load(model_path or movenet.default_path())  # Fails here, not in a process.
    nobody, unreadable = [], {}
    try:
        _mend_last_row(output_csv)
        has_rows = output_csv.exists() and output_csv.stat().st_size > 0
        done = set(keypoint_files.read_annotations(output_csv)[0]) if has_rows else ()
        todo = [name for name in names if name not in done]
        progress = progress_line.ProgressLine(
            "pictures", len(names), len(names) - len(todo)
        )
        with (
            output_csv.open("a", encoding="utf-8", newline="\n") as file,
            contextlib.closing(
                _estimate_all(folder, todo, workers, model_path)
            ) as estimates,
        ):
            if not has_rows:
                file.write(f"{keypoint_files.HEADER}\n")
            for name, found in estimates:
                if isinstance(found, str):
                    unreadable[name] = found
                elif found is None:
                    nobody.append(name)
                else:
                    (row,) = keypoint_files.format_rows([name], found[None])
                    file.write(f"{row}\n")
                    file.flush()
                progress.advance(
                    note=f"{len(nobody)} without a person, {len(unreadable)} unreadable"
                )
        _sort_rows(output_csv)
    except OSError as error:
        raise input_error.InputError(
            f"cannot write annotations {output_csv}: {error.strerror}"
        ) from error
    return Failures(tuple(nobody), unreadable)


def list_pictures(folder: pathlib.Path) -> list[str]:
    """The names of all pictures in a folder, relative to it, with /, in order.

    Raises:
        InputError: if there is no such folder or no picture in it.
    """
    if not folder.is_dir():
        raise input_error.InputError(f"no folder of pictures {folder}")
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix.lower() in picture_files.SUFFIXES and path.is_file()
    )
    if not names:
        raise input_error.InputError(f"no pictures in {folder}")
    return names


def _estimate_all(
    folder: pathlib.Path,
    names: Sequence[str],
    workers: int,
    model_path: str | os.PathLike | None,
) -> Iterator[tuple[str, np.ndarray | str | None]]:
    """Each name with its keypoints, None for nobody, or what is wrong with it."""
    pool = futures.ProcessPoolExecutor(
        workers,
        multiprocessing.get_context("spawn"),
        _start_process,
        (folder, model_path),
    )
    try:
        found = pool.map(_estimate, names, chunksize=_TOGETHER)
        yield from zip(names, found, strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _start_process(folder, model_path):
    """What each process sets up once."""
    global _folder, _estimator
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's.
    threading.Thread(target=_end_with_the_first_process, daemon=True).start()
    _folder = folder
    _estimator = pose_estimator.PoseEstimator(model_path)


def _end_with_the_first_process():
    """A pool's processes would wait for ever for work of one that was killed."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _estimate(name):
    """One picture, in a process that `_start_process` has set up."""
    if name != name.strip() or ":" in name or len(name.splitlines()) != 1:
        return f"{name!r}: a colon, a line end or a space at its end cannot be listed"
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        return f"{name!r}: a name that is not UTF-8 cannot be listed"
    try:
        picture = picture_files.read_any_picture(_folder / name)
    except input_error.InputError as error:
        return str(error)
    estimate = _estimator.estimate(picture)
    return None if estimate is None else np.round(estimate.keypoints, _DECIMALS)


def _mend_last_row(output_csv):
    """Takes away a last line that a killed run has left unfinished."""
    if not output_csv.exists():
        return
    text = output_csv.read_bytes()
    end = text.rfind(b"\n") + 1
    if text[end:].count(b"]") == 2:  # Whole, and only its line end is missing.
        output_csv.write_bytes(text + b"\n")
    elif text[end:]:
        output_csv.write_bytes(text[:end])


def _sort_rows(output_csv):
    names, keypoints = keypoint_files.read_annotations(output_csv)
    order = sorted(range(len(names)), key=names.__getitem__)
    partial = output_csv.with_name(f"{output_csv.name}.partial")
    keypoint_files.write_annotations(
        partial, [names[row] for row in order], keypoints[order]
    )
    partial.replace(output_csv)
