"""Tests of the benchmark; of what it counts and writes, never of times."""

import dataclasses
import json
import math

import pytest
import tensorflow as tf
from PIL import Image

from keras_posegan.pose import body_parts
from tools import benchmark
from tools.benchmarks import (
    floating_operations,
    paired_times,
    peak_memory,
    people,
    plots,
    table,
    unavailable,
)
from tools.benchmarks import size as size_lib
from tools.benchmarks.cases import comparisons

TINY = size_lib.Size(batch_size=2, width=0.125, image_height=32, image_width=16)


def test_candidates_take_turns_of_two_and_the_first_round_warms_up():
    calls = []
    times = paired_times.paired_times(
        {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3
    )
    assert "".join(calls) == "aabb" * 4
    assert {name: len(seconds) for name, seconds in times.items()} == {"a": 3, "b": 3}


def _counted(function, *shapes):
    specs = [tf.TensorSpec(shape) for shape in shapes]
    concrete = tf.function(function).get_concrete_function(*specs)
    return floating_operations.floating_operations(concrete)


def test_products_of_matrices_count_every_multiply_add_twice():
    assert _counted(tf.matmul, (3, 4), (4, 5)) == 2 * 3 * 4 * 5
    assert _counted(tf.matmul, (2, 3, 4), (2, 4, 5)) == 2 * 2 * 3 * 4 * 5

    def transposed(a, b):
        return tf.matmul(a, b, transpose_a=True)

    assert _counted(transposed, (4, 3), (4, 5)) == 2 * 3 * 4 * 5
    assert _counted(transposed, (2, 4, 3), (2, 4, 5)) == 2 * 2 * 3 * 4 * 5


def test_a_convolution_and_its_two_gradients_count_alike():
    def convolve(pictures, kernel):
        return tf.nn.conv2d(pictures, kernel, strides=2, padding="SAME")

    def gradients(pictures, kernel):
        with tf.GradientTape() as tape:
            tape.watch([pictures, kernel])
            outputs = convolve(pictures, kernel)
        return tape.gradient(outputs, [pictures, kernel])

    shapes = (2, 8, 6, 3), (4, 4, 3, 5)
    forward = 2 * (2 * 4 * 3 * 5) * (4 * 4 * 3)
    assert _counted(convolve, *shapes) == forward
    assert _counted(gradients, *shapes) == 3 * forward


def test_loops_and_functions_count_as_often_as_they_run():
    @tf.function
    def square(matrix):
        return tf.matmul(matrix, matrix)

    assert _counted(lambda x: square(square(x)), (4, 4)) == 2 * 2 * 4**3
    assert _counted(lambda x: tf.map_fn(square, x), (7, 4, 4)) == 7 * 2 * 4**3


def test_unknown_shapes_and_loops_are_refused():
    with pytest.raises(ValueError, match="not known"):
        _counted(tf.matmul, (None, 4), (4, 5))

    def endless(matrix):
        return tf.while_loop(lambda x: True, lambda x: [tf.matmul(x, x)], [matrix])

    with pytest.raises(ValueError, match="no list"):
        _counted(endless, (4, 4))


def test_people_stand_in_the_picture_and_their_limbs_are_slim():
    size = size_lib.Size()
    batch = people.batch(size)
    masks = body_parts.part_masks(batch["target_keypoints"], size.image_size)
    shares = tf.reduce_mean(masks, axis=(0, 1, 2)).numpy()
    assert shares[0] == 1.0
    assert all(0.02 < share < 0.12 for share in shares[1:])
    again = people.batch(size)
    for name, value in batch.items():
        tf.debugging.assert_equal(value, again[name])


def test_a_size_is_said_by_flags():
    assert TINY.arguments() == [
        "--batch_size=2",
        "--width=0.125",
        "--image_height=32",
        "--image_width=16",
        "--perceptual_features=pixels",
    ]


@pytest.mark.parametrize("part", benchmark.PARTS)
def test_every_part_compares_something_with_the_straightforward_way(part):
    names = comparisons.names(part)
    assert names
    for name in names:
        assert next(iter(comparisons.builders(name, TINY))) == "straightforward"


def test_what_cannot_run_says_why():
    with pytest.raises(unavailable.Unavailable, match="pixels"):
        comparisons.builders("features", TINY)["straightforward"]()
    row = {"comparison": "c", "candidate": "a", "skipped": "no such layer"}
    assert "no such layer" in table.comparison_table([row])


@pytest.mark.skipif(not peak_memory.is_measurable(), reason="not Linux")
def test_a_peak_is_seen_though_it_is_over():
    taken = []

    def take():
        taken.append(b"x" * 50_000_000)  # Zeros would not be touched.
        taken.clear()

    assert 45 < peak_memory.added_megabytes(take) < 65


@pytest.mark.skipif(not peak_memory.is_measurable(), reason="not Linux")
def test_memory_is_that_of_a_process_of_its_own():
    row = peak_memory.in_fresh_process("nearest_neighbor_3x3", "float32", TINY)
    assert row["added_megabytes"] > 0
    assert row["seconds"] > 0
    wrong = dataclasses.replace(TINY, width=-1.0)
    assert peak_memory.in_fresh_process("warp", "sparse", wrong) is None


def test_a_run_prints_and_writes_what_it_measured(tmp_path, capsys):
    rows = benchmark.run(
        ["nearest_neighbor", "warp", "features"],
        TINY,
        rounds=1,
        memory=False,
        json_path=str(tmp_path / "rows.json"),
        plot_path=str(tmp_path / "bars.png"),
    )
    assert json.loads((tmp_path / "rows.json").read_text()) == rows
    with Image.open(tmp_path / "bars.png") as picture:
        assert picture.format == "PNG"
    printed = capsys.readouterr().out
    for comparison, candidate in (
        ("nearest_neighbor_3x3", "straightforward"),
        ("nearest_neighbor_3x3", "float32"),
        ("nearest_neighbor_5x5", "float32"),
        ("warp", "sparse"),
        ("warp", "projective"),
    ):
        (row,) = (
            row
            for row in rows
            if (row["comparison"], row["candidate"]) == (comparison, candidate)
        )
        assert row["milliseconds"] > 0
        assert math.isfinite(row["speed_ratio"])
        assert row["speed_ratio"] > 0
        assert row["speed_ratio_range"][0] <= row["speed_ratio"]
        assert row["added_megabytes"] is None
        assert row["machine"]["gigaflops"]["float32"]["matmul"] > 0
        assert comparison in printed
    (skipped,) = (row for row in rows if row["skipped"])
    assert skipped["comparison"] == "features"
    assert skipped["skipped"] in printed


def test_growth_is_drawn_and_listed():
    rows = [
        {
            "comparison": comparison,
            "candidate": candidate,
            "grown": grown,
            "count": count,
            "seconds": count / 100,
            "added_megabytes": 3.0 * count,
        }
        for comparison, grown in (("attention", "positions"), ("step", "batch_size"))
        for candidate in ("straightforward", "float32")
        for count in (1, 2, 4)
    ]
    axes = plots.growth(rows).axes
    assert [len(axis.lines) for axis in axes] == [2] * 4
    assert list(axes[1].lines[0].get_ydata()) == [3.0, 6.0, 12.0]
    assert len(table.growth_table(rows).splitlines()) == len(rows)
