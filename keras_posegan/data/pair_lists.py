"""Writes the lists of pairs that runs are trained, chosen and tested on."""

import os
import pathlib

from keras_posegan import input_error
from keras_posegan.data import pairs, splits
from keras_posegan.pose import keypoint_files


def write_pair_lists(
    annotations: str | os.PathLike,
    output: str | os.PathLike,
    *,
    sample: int = 0,
    sample_seed: int = 0,
    validation_output: str | os.PathLike | None = None,
    validation_pairs: int = 0,
    split_seed: int = 0,
    overwrite: bool = False,
) -> dict[str, int]:
    """Lists the pairs of an annotation file; only that file is read.

    Args:
        annotations: the annotation CSV.
        output: the CSV of pairs to write.
        sample: how many pairs to draw (`pairs.sample_pairs`); 0 takes all.
        sample_seed: of the draw; the field's test list has 12,000 and seed 0.
        validation_output: a second CSV, for pairs of people who are then left out of
            `output` (`splits.split_pairs_by_identity`); None writes one list.
        validation_pairs: about how many pairs go there.
        split_seed: of who goes there.
        overwrite: whether to replace existing files.

    Returns:
        The number of pairs written to each file.

    Raises:
        InputError: if the annotations are malformed or have too few pairs or people,
            or a file to write exists or cannot be written.
    """
    outputs = [pathlib.Path(output)]
    if validation_output is not None:
        outputs.append(pathlib.Path(validation_output))
    for path in outputs:
        if path.exists() and not overwrite:
            raise input_error.InputError(f"{path} exists; --overwrite replaces it")
    if len({path.resolve() for path in outputs}) < len(outputs):
        raise input_error.InputError(f"both lists are to be written to {output}")
    names, keypoints = keypoint_files.read_annotations(annotations)
    found = pairs.all_pairs(names, keypoints)
    if not len(found):
        raise input_error.InputError(
            f"no pairs in {annotations}: no person has two pictures with both "
            "shoulders and both hips visible"
        )
    if sample > len(found):
        raise input_error.InputError(
            f"--sample={sample}: {annotations} has only {len(found)} pairs"
        )
    lists = [pairs.sample_pairs(found, sample, sample_seed) if sample else found]
    if validation_output is not None:
        try:
            validation, rest = splits.split_pairs_by_identity(
                names, lists[0], validation_pairs, split_seed
            )
        except ValueError as error:
            raise input_error.InputError(
                f"cannot split the pairs of {annotations}: {error}"
            ) from error
        lists = [rest, validation]
    for path, chosen in zip(outputs, lists, strict=True):
        try:
            pairs.write_pairs(path, names, chosen)
        except OSError as error:
            raise input_error.InputError(
                f"cannot write {path}: {error.strerror}"
            ) from error
    return {str(path): len(chosen) for path, chosen in zip(outputs, lists, strict=True)}
