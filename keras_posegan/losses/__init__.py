from keras_posegan.losses.adversarial import adversarial_losses
from keras_posegan.losses.hinge import hinge_discriminator_loss, hinge_generator_loss
from keras_posegan.losses.nearest_neighbor import nearest_neighbor_loss
from keras_posegan.losses.non_saturating import (
    non_saturating_discriminator_loss,
    non_saturating_generator_loss,
)
from keras_posegan.losses.perceptual_features import build_perceptual_features
from keras_posegan.losses.relativistic_average_hinge import (
    relativistic_average_hinge_discriminator_loss,
    relativistic_average_hinge_generator_loss,
)

__all__ = [
    "adversarial_losses",
    "build_perceptual_features",
    "hinge_discriminator_loss",
    "hinge_generator_loss",
    "nearest_neighbor_loss",
    "non_saturating_discriminator_loss",
    "non_saturating_generator_loss",
    "relativistic_average_hinge_discriminator_loss",
    "relativistic_average_hinge_generator_loss",
]
