"""One identity: a body and what it wears."""

import dataclasses

import numpy as np

from keras_posegan.data.synthetic_people import appearance as appearance_lib
from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import figure as figure_lib
from keras_posegan.data.synthetic_people import wardrobe


@dataclasses.dataclass(frozen=True)
class Person:
    """An identity, the same in all its pictures.

    Args:
        body: the proportions.
        appearance: skin, hair, clothes, bag.
        figure: the two, ready to be drawn.
    """

    body: body_lib.Body
    appearance: appearance_lib.Appearance
    figure: figure_lib.Figure


def create_person(seed: int, identity: int) -> Person:
    """Draws an identity; it depends on `seed` and `identity` alone."""
    rng = np.random.default_rng((seed, 0, identity))
    feminine = float(rng.random() < 0.5) * rng.uniform(0.7, 1.0)
    body = body_lib.sample_body(rng, feminine)
    appearance = wardrobe.sample_appearance(rng, feminine)
    return Person(body, appearance, figure_lib.dress(body, appearance))
