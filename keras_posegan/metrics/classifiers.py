"""The classifiers whose opinion of pictures IS and FID are made of.

What `load` returns is called with pictures, uint8 (B, H, W, 3), and returns their
probabilities, float32 (B, K), and features, float32 (B, F); pictures of any other
kind are a ValueError. It has

    name      what stands in outputs: "Inception 2015", "synthetic people", ...
    checksum  a SHA-256 in hexadecimal, which goes into every row of results

Scores of different classifiers are not comparable, however alike the classifiers:
3.50 to 4.46 have been measured on the same pictures with Inceptions of other origin.
"""

import pathlib

from keras_posegan import input_error
from keras_posegan.metrics import inception_2015, saved_model_classifier


def load(
    path: str | pathlib.Path, sha256: str | None = None
) -> inception_2015.Inception2015 | saved_model_classifier.SavedModelClassifier:
    """Loads a classifier from its file or folder.

    Args:
        path: the frozen graph of the Inception of 2015, `*.pb`, or the folder of a
            SavedModel with a signature `classify`.
        sha256: what its checksum must be, in hexadecimal. None: the known one for
            Inception, anything for a SavedModel.

    Returns:
        The classifier, as described above.

    Raises:
        InputError: if it is neither, cannot be loaded, or has another checksum.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        return saved_model_classifier.SavedModelClassifier(path, sha256)
    if path.suffix == ".pb":
        return inception_2015.Inception2015(path, sha256 or inception_2015.SHA256)
    raise input_error.InputError(
        f"{path}: a classifier is the frozen graph of Inception, *.pb, or the folder "
        "of a SavedModel."
    )
