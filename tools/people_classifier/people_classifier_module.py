"""The trained classifier as it is exported."""

import json
import pathlib

import keras
import tensorflow as tf

from keras_posegan import new_folder
from keras_posegan.metrics import saved_model_classifier


class PeopleClassifierModule(tf.Module):
    """What a SavedModel of the classifier can do; `write` makes it one.

    Args:
        network: of `network.build_network`, trained.
    """

    def __init__(self, network: keras.Model):
        super().__init__(name="people_classifier")
        _, *self._image_size, _ = network.input.shape
        outputs = [network.output["top"], network.output["bottom"]]
        outputs.append(network.get_layer("features").output)
        # Without the head of the training people, the optimizer and dropout.
        self._network = keras.Model(network.input, outputs)
        self._first_block = network.get_layer("first_block")

    @tf.function(
        input_signature=[tf.TensorSpec((None, None, None, 3), tf.uint8, name="image")]
    )
    def classify(self, image):
        """Classifies pictures of any size; they are resized to that trained on.

        The network takes top and bottom for independent: the probability of a class
        of `garments.CLASSES` is the product of those of its two parts.

        Args:
            image: uint8 (B, H, W, 3).

        Returns:
            A dict of probabilities, float32 (B, 36), and features, float32 (B, 128).
        """
        resized = tf.image.resize(image, self._image_size)
        top, bottom, features = self._network(resized / 127.5 - 1, training=False)
        products = tf.einsum("bi,bj->bij", tf.nn.softmax(top), tf.nn.softmax(bottom))
        classes = top.shape[-1] * bottom.shape[-1]
        return {
            "probabilities": tf.reshape(products, (-1, classes)),
            "features": features,
        }

    @tf.function(
        input_signature=[tf.TensorSpec((None, None, None, 3), tf.float32, name="image")]
    )
    def first_block(self, image):
        """The maps of the first block, which may serve as perceptual features.

        Args:
            image: float32 (B, H, W, 3) in [-1, 1].

        Returns:
            A dict of features, float32 (B, H, W, 16), none negative.
        """
        return {"features": self._first_block(image, training=False)}

    def write(self, output_dir: str, description: dict) -> pathlib.Path:
        """Writes the SavedModel, whole or not at all.

        Args:
            output_dir: a folder that does not exist.
            description: goes, as JSON, into its `assets.extra/classifier.json`.

        Returns:
            The folder.

        Raises:
            InputError: if the folder cannot be made.
        """
        with new_folder.written(output_dir, "output_dir") as partial:
            signatures = {"classify": self.classify, "first_block": self.first_block}
            tf.saved_model.save(self, str(partial), signatures=signatures)
            path = partial / saved_model_classifier.DESCRIPTION
            path.parent.mkdir()
            path.write_text(json.dumps(description, indent=2) + "\n")
        return pathlib.Path(output_dir)
