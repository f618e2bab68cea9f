"""Any classifier that is kept as a SavedModel, under its own name."""

import json
import pathlib

import numpy as np
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.metrics import checksums, picture_batch

DESCRIPTION = pathlib.PurePath("assets.extra", "classifier.json")
SIGNATURE = "classify"
_OUTPUTS = ("probabilities", "features")


class SavedModelClassifier:
    r"""A SavedModel with the signature `classify`.

        image uint8 (B, H, W, 3) -> probabilities (B, K), features (B, F)

    Scores of one classifier say nothing about those of another, so each has a name:
    the `name` in the folder's `assets.extra/classifier.json`, or else the folder's
    own. The checksum covers every file, names included; inside the folder, this
    prints it:

        find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum

    Args:
        path: the SavedModel's folder.
        sha256: what the checksum must be, in hexadecimal; None: whatever it is.

    Attributes:
        name: the classifier's name.
        checksum: of all the folder's files, in hexadecimal.

    Raises:
        InputError: if the folder is no SavedModel, has another checksum, or lacks
            the signature.
    """

    def __init__(self, path: str | pathlib.Path, sha256: str | None = None):
        path = pathlib.Path(path)
        if not (path / "saved_model.pb").is_file():
            raise input_error.InputError(
                f"{path}: not the folder of a SavedModel, it has no saved_model.pb."
            )
        self.name = _name(path)
        self.checksum = checksums.sha256(path)
        if sha256 is not None and self.checksum != sha256.lower():
            raise input_error.InputError(
                f"{path}: its SHA-256 must be {sha256}. Received: {self.checksum}."
            )
        # A signature lives only as long as what it was loaded with.
        self._loaded = _load(path)
        self._classify = self._loaded.signatures[SIGNATURE]

    def __call__(self, pictures) -> tuple[np.ndarray, np.ndarray]:
        """Classifies pictures.

        Args:
            pictures: uint8 (B, H, W, 3).

        Returns:
            Probabilities, float32 (B, K), and features, float32 (B, F).

        Raises:
            ValueError: if the pictures are something else.
        """
        pictures = picture_batch.checked_batch(pictures)
        outputs = self._classify(image=tf.constant(pictures))
        return tuple(outputs[key].numpy().astype(np.float32) for key in _OUTPUTS)


def _name(path) -> str:
    """What the classifier calls itself, or its folder."""
    description = path / DESCRIPTION
    if not description.is_file():
        return path.resolve().name
    try:
        name = json.loads(description.read_text())["name"]
    except (ValueError, KeyError, TypeError) as error:
        raise input_error.InputError(
            f'{description}: must be JSON with a "name" ({error!r}).'
        ) from error
    if not isinstance(name, str) or not name:
        raise input_error.InputError(
            f"{description}: the name must be a text. Received: {name!r}"
        )
    return name


def _load(path):
    """The SavedModel, after a look at what its signature takes and gives."""
    try:
        loaded = tf.saved_model.load(str(path))
    except (OSError, ValueError, tf.errors.OpError) as error:
        raise input_error.InputError(
            f"{path}: cannot be loaded as a SavedModel ({error})."
        ) from error
    if SIGNATURE not in loaded.signatures:
        raise input_error.InputError(
            f"{path}: no signature {SIGNATURE!r}. Received: {sorted(loaded.signatures)}"
        )
    _, inputs = loaded.signatures[SIGNATURE].structured_input_signature
    outputs = loaded.signatures[SIGNATURE].structured_outputs
    types = {name: spec.dtype.name for name, spec in inputs.items()}
    if types != {"image": "uint8"} or not set(_OUTPUTS) <= set(outputs):
        raise input_error.InputError(
            f"{path}: the signature {SIGNATURE!r} must be from image (uint8) to "
            f"{' and '.join(_OUTPUTS)}. Received: {types} to {sorted(outputs)}"
        )
    return loaded
