"""The features that the nearest-neighbour loss compares: a network's first block."""

import pathlib
import zipfile
import zlib

import h5py
import keras
import numpy as np
import tensorflow as tf

from keras_posegan import input_error

_NAME = "perceptual_features"
_NOT_A_PATH = ("", "imagenet", "pixels")
_BGR_MEANS = (103.939, 116.779, 123.68)
_LAYERS = {"conv1_1": (3, 64), "conv1_2": (64, 64)}  # Channels in and out.
_KERAS_NAMES = {"block1_conv1": "conv1_1", "block1_conv2": "conv1_2"}
_URL = (
    "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/"
    "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
)
_MD5 = "253f8cb515780f3b799900260a226db6"
_WHERE = f"Keras's VGG19 weights without top are at {_URL}"


def build_perceptual_features(source: str) -> keras.Model:
    """Builds the frozen network C of the nearest-neighbour loss (paper, eq. 1).

        b = BGR of (picture + 1) * 127.5, minus the BGR means of ImageNet
        features = relu(conv1_2(relu(conv1_1(b))))       both 3x3, zero padded

    that is VGG19's block1_conv2. Only this block is built: 38,720 weights. It
    computes in float32 under every precision policy and lets gradients through
    to the picture. There is no stand-in with random weights: without trained
    ones choose "pixels", and the run's config says so.

    Args:
        source: one of
            "imagenet": Keras's weights, downloaded once (80 MB) into Keras's
                cache folder;
            "pixels": no network: the features are b itself, 3 channels;
            a path to an `.h5` file: Keras's VGG19, with or without top, in the
                layout of its download or as Keras saves a whole model;
            a path to an `.npz` file with block 1 alone: conv1_1_w (3, 3, 3, 64),
                conv1_1_b (64,), conv1_2_w (3, 3, 64, 64), conv1_2_b (64,),
                kernels as (height, width, in, out);
            the folder of a SavedModel with a signature `first_block` from image,
                float32 (batch, H, W, 3) in [-1, 1], to features, such as
                `tools.train_classifier` writes. This is another network and another
                loss than the paper's, for drawn people where VGG19 cannot be had.

    Returns:
        A model without trainable weights from pictures (batch, H, W, 3), RGB
        float32 in [-1, 1], to features (batch, H, W, 64), (batch, H, W, 3) for
        "pixels", or what the SavedModel's have.

    Raises:
        InputError: if the file, the download or the SavedModel is missing, cannot be
            read, or does not hold block 1 of a VGG19, or a `first_block`.

    Reference:
        Simonyan and Zisserman, arXiv 1409.1556; block1_conv2 as in Siarohin et
        al., arXiv 1801.00055, whose code subtracts the BGR means before it turns
        RGB into BGR; here they meet the right channels.
    """
    picture = keras.Input((None, None, 3), dtype="float32", name="picture")
    if source not in _NOT_A_PATH and pathlib.Path(source).is_dir():
        features = _SavedFirstBlock(source, name="first_block")(picture)
        return keras.Model(picture, features, trainable=False, name=_NAME)
    bgr = keras.ops.flip(picture, axis=-1)
    features = keras.layers.Rescaling(
        127.5, [127.5 - mean for mean in _BGR_MEANS], dtype="float32", name="preprocess"
    )(bgr)
    if source != "pixels":
        for name, (kernel, bias) in _load_block1(source).items():
            convolution = keras.layers.Conv2D(
                kernel.shape[-1],
                3,
                padding="same",
                activation="relu",
                dtype="float32",
                name=name,
            )
            features = convolution(features)
            convolution.set_weights([kernel, bias])
    return keras.Model(picture, features, trainable=False, name=_NAME)


class _SavedFirstBlock(keras.layers.Layer):
    """The signature `first_block` of a SavedModel, as a layer without weights.

    Keras's `TFSMLayer` would keep copies of the weights, and fail in other words.
    """

    def __init__(self, folder: str, **kwargs):
        super().__init__(dtype="float32", trainable=False, **kwargs)
        try:
            # The signature lives only as long as what it was loaded with.
            self._loaded = tf.saved_model.load(folder)
        except (OSError, ValueError, tf.errors.OpError) as error:
            raise input_error.InputError(
                f"{folder}: cannot be loaded as a SavedModel ({error})."
            ) from error
        found = self._loaded.signatures.get("first_block")
        if found is None or "features" not in found.structured_outputs:
            raise input_error.InputError(
                f"{folder}: no signature 'first_block' that gives features. "
                f"Received: {sorted(self._loaded.signatures)}"
            )
        self._first_block = found

    def call(self, picture):
        return self._first_block(image=picture)["features"]


def _load_block1(source: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The (kernel, bias) of each layer of block 1, from where `source` says."""
    path = _download() if source == "imagenet" else pathlib.Path(source)
    readers = {".h5": _read_h5, ".npz": _read_npz}
    if path.suffix not in readers:
        raise input_error.InputError(
            "Perceptual features must be 'imagenet', 'pixels', a file *.h5 or *.npz "
            f"with VGG19 weights, or the folder of a SavedModel. Received: {source!r}"
        )
    if not path.is_file():
        raise input_error.InputError(f"{path}: no such file of VGG19 weights. {_WHERE}")
    try:
        arrays = readers[path.suffix](path)
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise input_error.InputError(
            f"{path}: cannot be read as VGG19 weights ({error}). {_WHERE}"
        ) from error
    return {
        name: (
            _checked(path, arrays, f"{name}_w", (3, 3, *channels)),
            _checked(path, arrays, f"{name}_b", channels[-1:]),
        )
        for name, channels in _LAYERS.items()
    }


def _checked(path, arrays, key, shape) -> np.ndarray:
    """The array of that key, if it is there in the right shape."""
    if key not in arrays:
        raise input_error.InputError(
            f"{path}: no {key} of VGG19's block 1 in it. "
            f"Received: {sorted(arrays)}. {_WHERE}"
        )
    if arrays[key].shape != shape:
        raise input_error.InputError(
            f"{path}: {key} must have the shape {shape}. "
            f"Received: {arrays[key].shape}. {_WHERE}"
        )
    return arrays[key].astype(np.float32)


def _read_npz(path) -> dict[str, np.ndarray]:
    """The arrays of an `.npz` file by name."""
    if not zipfile.is_zipfile(path):
        raise ValueError("not an .npz archive")
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def _read_h5(path) -> dict[str, np.ndarray]:
    """The arrays of the layers of block 1, named as in the `.npz` layout.

    Keras has called a kernel block1_conv1_W_1:0, kernel:0 and kernel, and put it
    in one to three groups, but always below one with the layer's name: a layer
    is told by its group, and its kernel from its bias by the dimensions.
    """
    arrays = {}

    def visit(name, item):
        for group in name.split("/")[:-1]:
            if group in _KERAS_NAMES and isinstance(item, h5py.Dataset):
                kind = "b" if item.ndim == 1 else "w"
                arrays[f"{_KERAS_NAMES[group]}_{kind}"] = item[()]

    with h5py.File(path, "r") as file:
        # A whole saved model also holds the optimizer's copies of each kernel.
        file.get("model_weights", file).visititems(visit)
    return arrays


def _download() -> pathlib.Path:
    """Keras's own file, in the folder where Keras would put it too."""
    try:
        path = keras.utils.get_file(
            _URL.rpartition("/")[-1], _URL, cache_subdir="models", file_hash=_MD5
        )
    except Exception as error:  # Keras raises plain `Exception` on a failed download.
        raise input_error.InputError(
            f"VGG19 weights could not be downloaded ({error}); give a file of them, "
            f"or 'pixels' to do without. {_WHERE}"
        ) from error
    return pathlib.Path(path)
