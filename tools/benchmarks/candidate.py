"""One way of doing the work of a case."""

import dataclasses
from collections.abc import Callable

import tensorflow as tf

from tools.benchmarks import floating_operations


@dataclasses.dataclass(frozen=True)
class Candidate:
    """Something to run, and what one run of it amounts to.

    Args:
        run: does the work once and returns when it is done.
        precision: "float32" or "bfloat16", of its large products.
        gigaflop: of one run; None where counting makes no sense.
        items: pairs or pictures of one run; None where counting makes no sense.
    """

    run: Callable[[], None]
    precision: str = "float32"
    gigaflop: float | None = None
    items: int | None = None


def traced(function, *inputs, precision="float32", items=None) -> Candidate:
    """A candidate that calls a function of tensors as a graph, already traced.

    Args:
        function: takes `inputs`, returns tensors.
        *inputs: tensors, or dicts of them.
        precision, items: see `Candidate`.
    """
    graph_function = tf.function(function)
    concrete = graph_function.get_concrete_function(*inputs)
    operations = floating_operations.floating_operations(concrete)

    def run():
        for output in tf.nest.flatten(graph_function(*inputs)):
            tf.reshape(output, (-1,))[:1].numpy()  # Waits for it.

    return Candidate(run, precision, operations / 1e9 or None, items)
