"""Tests of the curves of groups of runs."""

import numpy as np

from tools import curves


def _run(values, first=1):
    return [
        {"step": step, "a": value} for step, value in enumerate(values, start=first)
    ]


def test_a_line_is_the_mean_of_its_runs_and_the_band_their_deviation():
    groups = {"x": [_run([1.0, 2.0, 6.0]), _run([3.0, 2.0, 2.0])], "y": [_run([7.0])]}
    (axis,) = curves.plot_groups(groups, ["a"]).axes
    x, y = axis.lines
    assert (x.get_label(), y.get_label()) == ("x", "y")
    assert list(x.get_xdata()) == [1, 2, 3]
    np.testing.assert_allclose(x.get_ydata(), [2.0, 2.0, 4.0])
    (band,) = axis.collections  # Of a single run there is none.
    vertices = band.get_paths()[0].vertices
    root = np.sqrt(2.0)
    for step, low, high in (
        (1, 2 - root, 2 + root),
        (2, 2, 2),
        (3, 4 - 2 * root, None),
    ):
        heights = vertices[vertices[:, 0] == step][:, 1]
        np.testing.assert_allclose(heights.min(), low)
        if high is not None:
            np.testing.assert_allclose(heights.max(), high)
    assert axis.get_title() == "a"
    (legend,) = axis.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["x", "y"]


def test_each_runs_running_mean_ends_where_the_run_ends():
    values = np.arange(90.0) ** 2
    (axis,) = curves.plot_groups({"x": [_run(values)]}, ["a"]).axes
    (line,) = axis.lines
    # A thirtieth of 90 rows: the mean of three.
    assert list(line.get_xdata()) == list(range(3, 91))
    expected = [values[i - 2 : i + 1].mean() for i in range(2, 90)]
    np.testing.assert_allclose(line.get_ydata(), expected)


def test_steps_that_a_run_has_not_logged_are_left_out():
    groups = {"x": [_run([1.0, 2.0, 3.0, 4.0]), _run([5.0, 6.0], first=2)]}
    (axis,) = curves.plot_groups(groups, ["a"]).axes
    assert list(axis.lines[0].get_xdata()) == [2, 3]
    np.testing.assert_allclose(axis.lines[0].get_ydata(), [3.5, 4.5])


def test_a_group_without_rows_has_no_line_and_no_group_gives_no_figure():
    (axis,) = curves.plot_groups({"x": [_run([1.0])], "y": [[]], "z": []}, ["a"]).axes
    assert [line.get_label() for line in axis.lines] == ["x"]
    assert curves.plot_groups({"y": [[]]}, ["a"]) is None
    assert curves.plot_groups({"x": [_run([1.0])]}, []) is None
