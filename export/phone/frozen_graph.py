"""The generator as one function of constants, for TFLite's converter."""

import pathlib

import keras
import tensorflow as tf
from tensorflow.python.framework import convert_to_constants

from export.phone import converter_output, status
from keras_posegan.models import pixels
from keras_posegan.pose import skeleton

SIGNATURE = "generate"


def save(generator: keras.Model, folder: pathlib.Path) -> None:
    """Writes a SavedModel without variables whose one signature draws one picture.

        image uint8 (1, H, W, 3), source_keypoints and target_keypoints float32
            (1, 18, 3) -> generated_image uint8 (1, H, W, 3), status int32 (1,)

    Pixels that are no number are black, and `status` says so; see `status`.

    Args:
        generator: see `phone_form.for_phones`.
        folder: where to write; it must not exist.
    """
    height, width = generator.input["source_image"].shape[1:3]
    specs = [
        tf.TensorSpec((1, height, width, 3), tf.uint8, name="image"),
        *(
            tf.TensorSpec(
                (1, skeleton.NUM_JOINTS, 3), tf.float32, name=f"{person}_keypoints"
            )
            for person in ("source", "target")
        ),
    ]

    @tf.function(input_signature=specs)
    def draw(image, source_keypoints, target_keypoints):
        drawn = generator(
            {
                "source_image": pixels.to_network_range(image),
                "source_keypoints": source_keypoints,
                "target_keypoints": target_keypoints,
            },
            training=False,
        )
        is_drawn = tf.abs(drawn) <= 1.0  # False for NaN.
        drawn = tf.where(is_drawn, drawn, -1.0)
        flags = status.status(source_keypoints, target_keypoints, is_drawn)
        return pixels.to_grey_levels(drawn), flags

    # The converter would leave weights that gradients of ours refer to as variables,
    # and its own interpreters do not initialize those.
    frozen = convert_to_constants.convert_variables_to_constants_v2(
        draw.get_concrete_function()
    )

    @tf.function(input_signature=specs)
    def generate(image, source_keypoints, target_keypoints):
        drawn, flags = frozen(image, source_keypoints, target_keypoints)
        return {"generated_image": drawn, "status": flags}

    with converter_output.hidden():
        tf.saved_model.save(
            tf.Module(),
            str(folder),
            signatures={SIGNATURE: generate},
            options=tf.saved_model.SaveOptions(experimental_custom_gradients=False),
        )
