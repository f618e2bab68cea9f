"""Curves of what training logged."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import figure

# Of the rows: one step of four pairs alone says little.
_SMOOTHING = 1 / 30
# Of Okabe and Ito: told apart by everyone.
_COLORS = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#0072B2",
    "#F0E442",
)


def plot(rows: Sequence[dict], names: Sequence[str]) -> figure.Figure | None:
    """Plots columns of `metrics.jsonl` over the step.

    Each value is drawn faintly, and its running mean over a thirtieth of the run
    clearly; each name has axes of its own.

    Args:
        rows: see `metrics_log.read_metrics`.
        names: the columns.

    Returns:
        The figure; None if there is nothing to plot.
    """
    if not rows or not names:
        return None
    drawing = figure.Figure(figsize=(3.4 * len(names), 2.6))
    axes = drawing.subplots(1, len(names), squeeze=False)[0]
    steps = [row["step"] for row in rows]
    for axis, name in zip(axes, names, strict=True):
        values = np.array([row[name] for row in rows])
        axis.plot(steps, values, color="#9bbbd4", linewidth=0.8)
        means = _running_mean(values)
        axis.plot(steps[len(steps) - len(means) :], means, color="#1f5f8b")
        _name_axis(axis, name)
    drawing.tight_layout()
    return drawing


def plot_groups(
    groups: Mapping[str, Sequence[Sequence[dict]]], names: Sequence[str]
) -> figure.Figure | None:
    """Plots columns of `metrics.jsonl` of groups of runs, a line a group.

    The line is the mean over the group's runs of their running means (over a
    thirtieth of the run), the band around it one standard deviation (n - 1) to either
    side; of a single run there is no band. Steps that not every run of a group has
    logged are left out.

    Args:
        groups: for each name the rows of its runs; see `metrics_log.read_metrics`.
        names: the columns; each has axes of its own.

    Returns:
        The figure; None if there is nothing to plot.
    """
    groups = {name: runs for name, runs in groups.items() if runs and all(runs)}
    if not groups or not names:
        return None
    drawing = figure.Figure(figsize=(4.2 * len(names), 3.6), layout="constrained")
    axes = drawing.subplots(1, len(names), squeeze=False)[0]
    for axis, name in zip(axes, names, strict=True):
        for (group, runs), color in zip(
            groups.items(), itertools.cycle(_COLORS), strict=False
        ):
            logged = [{row["step"]: row[name] for row in run} for run in runs]
            steps = sorted(set.intersection(*map(set, logged)))
            means = np.array(
                [_running_mean(np.array([run[s] for s in steps])) for run in logged]
            )
            steps = steps[len(steps) - means.shape[1] :]
            mean = means.mean(axis=0)
            axis.plot(steps, mean, color=color, linewidth=1.4, label=group)
            if len(runs) > 1:
                deviation = means.std(axis=0, ddof=1)
                axis.fill_between(
                    steps,
                    mean - deviation,
                    mean + deviation,
                    color=color,
                    alpha=0.15,
                    linewidth=0,
                )
        _name_axis(axis, name)
    drawing.legend(
        *axes[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=len(groups),
        frameon=False,
        fontsize=9,
    )
    return drawing


def _running_mean(values):
    """Means over a thirtieth of the values; the first stands where they suffice."""
    window = max(1, round(len(values) * _SMOOTHING))
    return np.convolve(values, np.ones(window) / window, mode="valid")


def _name_axis(axis, name):
    """What an axis shows."""
    axis.set_title(name.removeprefix("gamma/").replace("_", " "), fontsize=9)
    axis.set_xlabel("step")
