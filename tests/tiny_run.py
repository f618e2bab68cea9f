"""A run so small that tests can train it."""

import dataclasses
import pathlib

from keras_posegan import config
from tests.data import drawn_dataset


def tiny_config(data_dir: pathlib.Path, **train) -> config.RunConfig:
    """The whole method on 32x16 pictures with an eighth of the filters."""
    height, width = drawn_dataset.IMAGE_SIZE
    return config.RunConfig(
        data=config.DataConfig(
            dir=str(data_dir), image_height=height, image_width=width
        ),
        model=config.ModelConfig(
            width=0.125,
            generator_attention_strides="2,1",
            discriminator_attention_strides="2,4",
            warp_kernel="sparse",
        ),
        loss=config.LossConfig(
            perceptual_features="pixels",
            generator_adversarial_weight=1.0,
            discriminator_adversarial_weight=1.0,
        ),
        train=dataclasses.replace(
            config.TrainConfig(
                steps=4, batch_size=2, epoch_steps=2, log_steps=1, sample_pairs=2
            ),
            **train,
        ),
    )
