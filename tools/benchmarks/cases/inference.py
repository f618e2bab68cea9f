"""One picture drawn, from grey levels to grey levels."""

import functools

from keras_posegan import inference
from keras_posegan.models import folding
from tools.benchmarks import candidate, people, straightforward
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import networks


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {
        "straightforward": functools.partial(_straightforward, size),
        **{
            precision: functools.partial(_folded, size, precision)
            for precision in networks.PRECISIONS
        },
    }


def _straightforward(size):
    generator = straightforward.straightforward(networks.generator_of(size))
    return _candidate(generator, size, "float32")


def _folded(size, precision):
    generator = folding.fold(networks.generator_of(size, precision))
    return _candidate(generator, size, precision)


def _candidate(generator, size, precision):
    batch = people.batch(size)
    inputs = (
        batch[name][:1]
        for name in ("source_image", "source_keypoints", "target_keypoints")
    )
    return candidate.traced(
        functools.partial(inference.generate_pictures, generator),
        *inputs,
        precision=networks.short(precision),
        items=1,
    )
