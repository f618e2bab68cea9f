"""From a folder of strips, whoever wrote them, to one row of numbers; no model."""

import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_posegan import input_error
from keras_posegan.data import pairs
from keras_posegan.evaluation import (
    measures,
    partial_results,
    result_rows,
    streaming,
    strip_folder,
)
from keras_posegan.metrics import protocol as protocol_lib
from keras_posegan.pose import body_mask, keypoint_files


def evaluate_strips(
    folder: str,
    protocol: protocol_lib.Protocol,
    classifier: Any = None,
    *,
    panels: Sequence[str] = strip_folder.PANELS,
    pairs_file: str = "",
    annotations: str = "",
    batch_size: int = 32,
) -> dict[str, Any]:
    """Measures strips and appends the row to `FOLDER/results.jsonl`.

    The inception score depends on the order of the pictures, by its splits: it is that
    of the list of pairs or, without one, of the sorted file names. (The field's
    programs take the order in which the file system lists them.)

    It streams and resumes as `run_evaluation.evaluate_run` does.

    Args:
        folder: of strips, see `strip_folder`.
        protocol: whose definitions count, see `protocols`.
        classifier: for inception score and Frechet distance, see `classifiers`.
        panels: what a strip shows from left to right, see `strip_folder.StripFolder`.
        pairs_file: a CSV of the pairs to measure; empty: all strips.
        annotations: keypoints of the target pictures, a CSV, for the masked measures;
            without it they are left out.
        batch_size: strips at a time.

    Returns:
        The row: what `result_rows.origin` says, `strips` (the folder), `panels`,
        `annotations`, and the numbers of `generated`, `real` and, if the strips show
        the source, `copy_source`; see `measures.Measures.summary`.

    Raises:
        input_error.InputError: if strips, pairs, annotations or classifier cannot be
            used; no row is written, and those before stay.
    """
    strips = strip_folder.StripFolder(pathlib.Path(folder), panels)
    if pairs_file:
        strips.select(pairs.read_names(pairs_file), pairs_file)
    measured = measures.Measures(protocol, classifier)
    measured.check(len(strips.names), strips.image_size)
    keypoints = None
    if protocol.is_masked and annotations:
        keypoints = _target_keypoints(annotations, strips.names)
    elif protocol.is_masked:
        measured.left_out.append("masked measures: they need --annotations")
    for line in measured.left_out:
        print(f"left out: {line}", flush=True)

    def batches(start, stop):
        for first in range(start, stop, batch_size):
            names = strips.names[first : min(first + batch_size, stop)]
            read = [strips.read(pair) for pair in names]
            pictures = {
                name: np.stack([strip[name] for strip in read]) for name in read[0]
            }
            candidates = {"generated": pictures["generated"]}
            if "source" in pictures:
                candidates["copy_source"] = pictures["source"]
            masks = None
            if keypoints:
                masks = np.stack(
                    [
                        body_mask.body_mask(keypoints[target], strips.image_size)
                        for _, target in names
                    ]
                )
            yield pictures["target"], candidates, masks

    row = {
        **result_rows.origin(measured, strips.names, pairs_file),
        "strips": folder,
        "panels": list(panels),
        "annotations": annotations,
    }
    partial = partial_results.PartialResults(
        pathlib.Path(folder), {**row, "files": strips.fingerprint()}
    )
    row |= measured.summary(
        streaming.stream(measured, len(strips.names), batches, partial)
    )
    result_rows.append(pathlib.Path(folder) / "results.jsonl", row)
    partial.remove()
    return row


def _target_keypoints(annotations, names):
    """The figure of every target picture, by its name."""
    annotated, keypoints = keypoint_files.read_annotations(annotations)
    figures = dict(zip(annotated, keypoints, strict=True))
    targets = list(dict.fromkeys(target for _, target in names))
    missing = [target for target in targets if target not in figures]
    if missing:
        raise input_error.InputError(
            f"--annotations={annotations}: has no row for {len(missing)} of the "
            f"{len(targets)} target pictures: {', '.join(missing[:3])}"
            + (", ..." if missing[3:] else "")
        )
    return figures
