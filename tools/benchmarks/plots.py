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
        axis.barh(labels, values, color=colors)
        for place, (row, value) in enumerate(zip(rows, values, strict=True)):
            spread = row.get(f"{column}_range") or [value, value]
            axis.plot(spread, [place, place], color="#222222")
            # Behind the line, so as not to be crossed by it.
            end = max(value, spread[1])
            axis.text(end, place, f" {value:.1f}" if value else "", va="center")
        axis.axvline(1.0, color="#666666", linewidth=0.8)
        axis.margins(x=0.15)
        axis.set_title(title)
    if rows:
        left.invert_yaxis()  # The first comparison on top.
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
