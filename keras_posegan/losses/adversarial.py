"""The adversarial losses by the name a config gives them."""

from collections.abc import Callable

from keras_posegan.losses import hinge, non_saturating, relativistic_average_hinge

_LOSSES = {
    "relativistic_average_hinge": (
        relativistic_average_hinge.relativistic_average_hinge_discriminator_loss,
        relativistic_average_hinge.relativistic_average_hinge_generator_loss,
    ),
    "hinge": (hinge.hinge_discriminator_loss, hinge.hinge_generator_loss),
    "non_saturating": (
        non_saturating.non_saturating_discriminator_loss,
        non_saturating.non_saturating_generator_loss,
    ),
}


def adversarial_losses(name: str) -> tuple[Callable, Callable]:
    """Looks up a pair of adversarial losses.

    Args:
        name: "relativistic_average_hinge" (the paper), "hinge", or
            "non_saturating" (the Deformable GAN baseline).

    Returns:
        `(discriminator_loss, generator_loss)`, each called with
        `(real_logits, generated_logits)` and returning a float32 scalar to be
        minimised.

    Raises:
        ValueError: if there is no loss of that name.
    """
    if name not in _LOSSES:
        raise ValueError(f"`name` must be one of {sorted(_LOSSES)}. Received: {name=}")
    return _LOSSES[name]
