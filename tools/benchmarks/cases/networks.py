"""The project's models as a benchmark's size and precision want them."""

import keras

from keras_posegan import config
from keras_posegan.models import from_config, pose_gan
from tools.benchmarks import size as size_lib

PRECISIONS = ("float32", "mixed_bfloat16")


def run_config(size: size_lib.Size, precision: str = "float32") -> config.RunConfig:
    """A run of this size, everything else as by default, for a CPU."""
    model = {
        "width": size.width,
        "warp_kernel": "sparse",
        "convolution_kernel": "product",
        "precision": precision,
    }
    # Small pictures have fewer levels.
    deepest = min(16, min(size.image_size) // 4)
    model["discriminator_attention_strides"] = f"{deepest // 2},{deepest}"
    return config.RunConfig(
        data=config.DataConfig(
            image_height=size.image_height, image_width=size.image_width
        ),
        model=config.ModelConfig(**model),
        loss=config.LossConfig(perceptual_features=size.perceptual_features),
        train=config.TrainConfig(batch_size=size.batch_size),
    )


def pose_gan_of(size: size_lib.Size, precision: str = "float32") -> pose_gan.PoseGAN:
    """The compiled model; see `run_config`."""
    return from_config.pose_gan_from_config(run_config(size, precision))


def generator_of(size: size_lib.Size, precision: str = "float32") -> keras.Model:
    """The generator; see `run_config`."""
    return from_config.generator_from_config(run_config(size, precision))


def short(precision: str) -> str:
    """The type of a policy's large products: "bfloat16" of "mixed_bfloat16"."""
    return precision.removeprefix("mixed_")
