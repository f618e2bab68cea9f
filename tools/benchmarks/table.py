"""What a benchmark measured, for people to read."""

from collections.abc import Sequence

_HEADER = (
    f"{'':24}{'ms':>9}{'range':>17}{'x faster':>10}{'range':>13}"
    f"{'MB added':>10}{'1 /':>6}{'GFLOP':>8}{'GFLOP/s':>9}{'limit':>7}{'items/s':>9}"
)


def comparison_table(rows: Sequence[dict]) -> str:
    """The rows of one comparison as lines.

    Args:
        rows: see `measurement.rows`.
    """
    return "\n".join([f"{rows[0]['comparison']:24}{_HEADER[24:]}", *map(_line, rows)])


def growth_table(rows: Sequence[dict]) -> str:
    """The rows of `growth.rows` as lines."""
    return "\n".join(
        f"{row['comparison']:12}{row['candidate']:18}{row['grown']:>11}"
        f"{row['count']:>8,}{1e3 * row['seconds']:>11,.0f} ms"
        f"{row['added_megabytes']:>9,.0f} MB"
        for row in rows
    )


def _line(row):
    name = f"  {row['candidate']:22}"
    if row["skipped"]:
        return f"{name}  skipped: {row['skipped']}"
    return name + "".join(
        (
            f"{row['milliseconds']:9,.1f}",
            f"{_range(row['milliseconds_range'], 1):>17}",
            f"{_number(row['speed_ratio'], 2):>10}",
            f"{_range(row['speed_ratio_range'], 2):>13}",
            f"{_number(row['added_megabytes'], 0):>10}",
            f"{_number(row['memory_ratio'], 1):>6}",
            f"{_number(row['gigaflop'], 1):>8}",
            f"{_number(row['gigaflops'], 0):>9}",
            f"{_percent(row['share_of_limit']):>7}",
            f"{_number(row['items_per_second'], 0):>9}",
        )
    )


def _number(value, digits):
    return "-" if value is None else f"{value:,.{digits}f}"


def _percent(value):
    return "-" if value is None else f"{value:.0%}"


def _range(values, digits):
    return "-" if values is None else "-".join(_number(v, digits) for v in values)
