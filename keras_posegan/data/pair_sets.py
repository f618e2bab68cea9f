"""A split's pictures and pairs, all checked before anything is computed."""

import numpy as np

from keras_posegan import config, input_error
from keras_posegan.data import annotated_pictures, dataset_check, market1501, pairs


def load(
    data: config.DataConfig, split: str
) -> tuple[annotated_pictures.AnnotatedPictures, np.ndarray]:
    """Loads what training or evaluation works on.

    Args:
        data: says the folder, the picture size and the lists of pairs, if any.
        split: "train" or "test".

    Returns:
        The pictures, every one of which can be read and has the right size, and
        the pairs, int (P, 2) indices of source and target: those of the list, or
        all ordered pairs of one person.

    Raises:
        input_error.InputError: if a picture, an annotation or the list of pairs is
            missing or wrong, or if there is no pair.
    """
    if not data.dir:
        raise input_error.InputError("--data_dir is empty: it says where the data is.")
    pictures = market1501.load(data.dir, split)
    dataset_check.check_pictures(pictures, data.image_size)
    pairs_file = data.train_pairs if split == "train" else data.test_pairs
    if pairs_file:
        return pictures, pairs.read_pairs(pairs_file, pictures.names)
    found = pairs.all_pairs(pictures.names, pictures.keypoints)
    if not len(found):
        raise input_error.InputError(
            f"{data.dir}: no pair in {split}: no person has two pictures with both "
            "shoulders and both hips visible."
        )
    return pictures, found


def load_validation(
    data: config.DataConfig,
    pictures: annotated_pictures.AnnotatedPictures,
    test_pairs: np.ndarray,
) -> np.ndarray:
    """Loads the pairs that a checkpoint is chosen on.

    The paper parts the field's 12,000 test pairs into 2,000 for validation and
    10,000 for testing that share no person (section 4; see `splits`).

    Args:
        data: says which list, `validation_pairs`.
        pictures: of the test split.
        test_pairs: int (P, 2), the pairs that the run is tested on.

    Returns:
        int (V, 2), indices of source and target in `pictures`.

    Raises:
        input_error.InputError: if the list is missing or wrong, or a person of it is
            in `test_pairs`, too: a score on these would no longer be one on people
            that had no part in making the model.
    """
    chosen = pairs.read_pairs(data.validation_pairs, pictures.names)
    validation, test = (
        {market1501.identity(pictures.names[row]) for row in np.unique(rows)}
        for rows in (chosen, test_pairs)
    )
    shared = sorted(validation & test)
    if shared:
        more = f" (and {len(shared) - 1} more people)" if shared[1:] else ""
        tested = data.test_pairs or "all test pairs (--data_test_pairs is empty)"
        raise input_error.InputError(
            f"{data.validation_pairs}: person {shared[0]!r}{more} is in {tested}, too; "
            "tools.make_pairs --validation_output lists pairs that share no person."
        )
    return chosen
