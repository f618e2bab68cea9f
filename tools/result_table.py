"""Rows of evaluation as Markdown, beside the numbers that the paper printed."""

import json
from collections.abc import Callable, Iterable, Sequence

import numpy as np

# Horiuchi et al., MVA 2019, Tables 1 and 2: model, IS, SSIM, L1. "Ours" of Table 1 is
# "Ours SA+SN+RH" of Table 2.
_PAPER = (
    ("DGAN, its authors' numbers (Table 1)", "3.185", "0.290", "-"),
    ("DGAN, retrained (Table 1)", "3.272", "0.274", "0.292"),
    ("SN (Table 2)", "3.066", "0.289", "0.289"),
    ("RH (Table 2)", "3.122", "0.283", "0.289"),
    ("SA (Table 2)", "3.121", "0.278", "0.295"),
    ("SN+RH (Table 2)", "2.973", "0.296", "0.288"),
    ("SA+SN+RH (Tables 1 and 2)", "3.402", "0.279", "0.288"),
    ("real pictures (Table 1)", "3.86", "1.00", "0.00"),
)
# Deformable GAN's: the paper retrains its model and names no other.
_PAPER_PROTOCOL = "dgan"
_PAPER_COLUMNS = ("IS (Inception 2015)", "SSIM", "L1")
_FIXED = ("result", "who", "seeds", "step", "pairs")
_CANDIDATES = {
    "copy_source": "copy of the source picture",
    "mean_picture": "mean of the training pictures",
    "real": "real pictures",
}
_NOTES = (
    "± is the standard deviation over seeds (n - 1), which are runs of one config. "
    "The inception score's own deviation over its splits is in results.jsonl.",
    "Numbers compare only within a column, on the same pairs: an inception score or a "
    "Frechet distance of another classifier (its name is in brackets) is another "
    "measure.",
)
_PAPER_NOTE = (
    "*The paper's rows are copied from it, not measured here*: Market-1501, its own "
    "10,000 test pairs, each model the best of its run by inception score (but for the "
    "numbers of DGAN's authors). It names neither classifier nor settings; its numbers "
    "stand under those of DGAN's code. Rows on other data are neither better nor worse "
    "than they are."
)


def markdown(
    rows: Sequence[dict],
    paper_rows: bool = True,
    label: Callable[[dict], str] | None = None,
) -> str:
    """Renders rows of `results.jsonl` as tables, one for each protocol.

    Rows of several runs that differ in nothing but their seed become one line, with
    mean ± standard deviation: those with the same label, or without labels the same
    config, and in any case the same protocol, classifier, pairs, kind of checkpoint
    and, if that is the newest one, step. Of a run measured several times so, the last
    row counts.

    Args:
        rows: see `run_evaluation.evaluate_run` and
            `strips_evaluation.evaluate_strips`.
        paper_rows: whether to add the paper's numbers, under "who" the paper's.
        label: what to call a row's variant; None takes the folders' names.

    Returns:
        Markdown, with a line end.
    """
    parts = []
    by_protocol = _grouped(rows, lambda row: (row["protocol"], row.get("reference")))
    for (protocol, reference), own in by_protocol.items():
        with_paper = paper_rows and protocol == _PAPER_PROTOCOL
        table = _table(own, with_paper, label)
        parts += [f"### Protocol {protocol}", reference or "", table]
        if with_paper:
            parts.append(_PAPER_NOTE)
    parts += _NOTES
    return "\n\n".join(parts) + "\n"


def _table(rows, with_paper, label):
    """One protocol's table: results, then what no model made, then the paper's."""
    groups = _grouped(rows, lambda row: _variant(row, label)).values()
    groups = [list(_grouped(group, _place).values()) for group in groups]
    groups = [[runs[-1] for runs in group] for group in groups]  # The last row of each.
    lines = [_result_line(group, label) for group in groups]
    for alike in _grouped(rows, _data).values():
        lines += _baseline_lines(alike)
    columns = list(dict.fromkeys(name for line in lines for name in line))
    columns = [name for name in columns if not name.endswith(" std")]
    if with_paper:
        columns += [name for name in _PAPER_COLUMNS if _column(name, columns) is None]
        names = [_column(name, columns) for name in _PAPER_COLUMNS]
        lines += [
            {
                "result": model,
                "who": "the paper",
                **dict(zip(names, values, strict=True)),
            }
            for model, *values in _PAPER
        ]
    columns = [*_FIXED, *(name for name in columns if name not in _FIXED)]
    table = [columns, ["---"] * len(columns)]
    table += [
        [line.get(name, "").replace("|", "\\|") for name in columns] for line in lines
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def _result_line(group, label):
    """The line of one variant: one row a seed."""
    steps = sorted(row["step"] for row in group if row.get("step") is not None)
    folders = [_place(row).rstrip("/").split("/")[-1] for row in group]
    return {
        "result": label(group[0]) if label else ", ".join(folders),
        "who": "measured" if "config" in group[0] else "measured, strips",
        "seeds": str(len(group)) if "config" in group[0] else "",
        "step": " to ".join(dict.fromkeys(map(str, steps[:1] + steps[-1:]))),
        "pairs": _data(group[0]),
        **{
            name: _mean(name, [row["generated"].get(name) for row in group])
            for name in group[0]["generated"]
        },
    }


def _baseline_lines(rows):
    """What needs no model, from all rows on the same pairs."""
    for candidate, title in _CANDIDATES.items():
        numbers = {}
        for row in rows:  # Another classifier adds its own.
            numbers |= row.get(candidate) or {}
        if numbers:
            yield {
                "result": title,
                "who": "no model",
                "pairs": _data(rows[0]),
                **{name: _mean(name, [value]) for name, value in numbers.items()},
            }


def _variant(row, label):
    """What rows have in common that differ in their seed alone."""
    name = label(row) if label else _place(row)
    if row.get("config") and not label:
        config = {**row["config"], "train": {**row["config"]["train"], "seed": None}}
        name = json.dumps(config, sort_keys=True)
    # The best checkpoints of two seeds are of different steps.
    step = row.get("step") if row.get("checkpoint") != "best" else "best"
    return name, _data(row), *_classifier(row), step


def _place(row):
    """The folder that was measured."""
    return row.get("run_dir") or row["strips"]


def _data(row):
    """How many pairs, and which."""
    return f"{row['pairs']:,} ({row['pairs_sha256'][:6]})"


def _classifier(row):
    return row.get("classifier"), row.get("classifier_sha256")


def _grouped(rows: Iterable[dict], key: Callable) -> dict:
    """Rows by key, in order of first appearance."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _column(name, columns):
    """The column of that name, however it is capitalised."""
    return next((c for c in columns if c.lower() == name.lower()), None)


def _mean(name, values):
    """Mean ± standard deviation; a dash where a row has no such number."""
    if any(value is None for value in values):
        return "-"
    digits = 3 if name.lower().startswith(("is ", "fid ", "masked is ")) else 4
    mean = f"{np.mean(values):.{digits}f}"
    if len(values) == 1:
        return mean
    return f"{mean} ± {np.std(values, ddof=1):.{digits}f}"
