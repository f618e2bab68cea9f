"""What a benchmark measured, drawn."""

from collections.abc import Sequence

from matplotlib import figure

_COLORS = {
    "straightforward": "#999999",
    "float32": "#1f5f8b",
    "mixed_bfloat16": "#c1652f",
}


def ratios(rows: Sequence[dict]) -> figure.Figure:
    """Bars: how many times faster, and smaller, each candidate is than the baseline.

    Args:
        rows: see `measurement.rows`, of any number of comparisons.
    """
    rows = [row for row in rows if row["candidate"] != "straightforward"]
    rows = [row for row in rows if not row["skipped"]]
    drawing = figure.Figure(figsize=(9, 1.2 + 0.32 * len(rows)))
    left, right = drawing.subplots(1, 2, sharey=True)
    labels = [f"{row['comparison']}: {row['candidate']}" for row in rows]
    for axis, column, title in (
        (left, "speed_ratio", "times faster"),
        (right, "memory_ratio", "times less memory"),
    ):
        values = [row[column] or 0.0 for row in rows]
        colors = [_COLORS.get(row["candidate"], _COLORS["float32"]) for row in rows]
        bars = axis.barh(labels, values, color=colors)
        axis.bar_label(bars, [f"{v:.1f}" if v else "" for v in values], padding=2)
        axis.axvline(1.0, color="#666666", linewidth=0.8)
        axis.margins(x=0.15)
        axis.set_title(title)
    for row, place in zip(rows, range(len(rows)), strict=True):
        if row["speed_ratio_range"]:
            left.plot(row["speed_ratio_range"], [place, place], color="#222222")
    if rows:
        left.invert_yaxis()
    drawing.tight_layout()
    return drawing


def growth(rows: Sequence[dict]) -> figure.Figure:
    """Time and memory of attention and of the step, on logarithmic axes.

    Args:
        rows: see `growth.rows`.
    """
    drawing = figure.Figure(figsize=(9, 6))
    comparisons = ("attention", "step")
    for line, comparison in zip(drawing.subplots(2, 2), comparisons, strict=True):
        for axis, column in zip(line, ("seconds", "added_megabytes"), strict=True):
            for name, color in _COLORS.items():
                points = [
                    (row["count"], row[column])
                    for row in rows
                    if (row["comparison"], row["candidate"]) == (comparison, name)
                ]
                if points:
                    axis.plot(*zip(*points, strict=True), "o-", color=color, label=name)
                    axis.set(xscale="log", yscale="log")
                    axis.legend(fontsize=8)
            axis.set_title(f"{comparison}: {column.replace('_', ' ')}", fontsize=10)
            axis.set_xlabel("positions" if comparison == "attention" else "batch size")
    drawing.tight_layout()
    return drawing
