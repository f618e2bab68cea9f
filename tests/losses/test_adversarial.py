"""Tests of the lookup of adversarial losses by name."""

import pytest

from keras_posegan import losses


@pytest.mark.parametrize(
    "name", ["relativistic_average_hinge", "hinge", "non_saturating"]
)
def test_a_name_gives_its_discriminator_and_generator_loss(name):
    discriminator_loss, generator_loss = losses.adversarial_losses(name)
    assert discriminator_loss is getattr(losses, f"{name}_discriminator_loss")
    assert generator_loss is getattr(losses, f"{name}_generator_loss")


def test_an_unknown_name_is_told_the_choices():
    with pytest.raises(ValueError, match=r"non_saturating.*name='wasserstein'"):
        losses.adversarial_losses("wasserstein")
