"""Curves of what training logged."""

from collections.abc import Sequence

import numpy as np
from matplotlib import figure

# Of the rows: one step of four pairs alone says little.
_SMOOTHING = 1 / 30


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
    window = max(1, round(len(rows) * _SMOOTHING))
    for axis, name in zip(axes, names, strict=True):
        values = np.array([row[name] for row in rows])
        axis.plot(steps, values, color="#9bbbd4", linewidth=0.8)
        means = np.convolve(values, np.ones(window) / window, mode="valid")
        axis.plot(steps[window - 1 :], means, color="#1f5f8b")
        axis.set_title(name.removeprefix("gamma/").replace("_", " "), fontsize=9)
        axis.set_xlabel("step")
    drawing.tight_layout()
    return drawing
