"""Tests of results as Markdown."""

import re

import numpy as np

from tools import result_table


def test_a_row_is_a_line_with_its_columns():
    header, line = _lines([_row("runs/a", 0, 0.25, 0.125)], paper_rows=False)[:2]
    assert header[:6] == ["result", "who", "seeds", "step", "pairs", "ssim"]
    assert line == {
        "result": "a",
        "who": "measured",
        "seeds": "1",
        "step": "100",
        "pairs": "1,000 (abcdef)",
        "ssim": "0.2500",
        "l1": "0.1250",
        "IS (mean colour)": "2.500",
    }
    assert not any(name.endswith(" std") for name in header)


def test_seeds_of_one_config_become_mean_and_deviation():
    values = [0.25, 0.31, 0.28]
    rows = [_row(f"runs/s{k}", k, value, 0.5) for k, value in enumerate(values)]
    (_, line, *rest) = _lines(rows, paper_rows=False)
    assert not [other for other in rest if other["who"] == "measured"]
    assert line["result"] == "s0, s1, s2"
    assert line["seeds"] == "3"
    assert line["ssim"] == f"{np.mean(values):.4f} ± {np.std(values, ddof=1):.4f}"
    assert line["l1"] == "0.5000 ± 0.0000"


def test_what_differs_in_more_than_the_seed_stays_apart():
    first = _row("runs/a", 0, 0.25, 0.5)
    others = [
        {"config": {"model": {"width": 2}, "train": {"seed": 1}}},
        {"pairs_sha256": "other" * 8},
        {"classifier": "other", "classifier_sha256": "2"},
        {"checkpoint": "best"},
        {"step": 200},
    ]
    for change in others:
        rows = [first, {**_row("runs/b", 1, 0.5, 0.5), **change}]
        lines = [x for x in _lines(rows)[1:] if x["who"] == "measured"]
        assert [line["seeds"] for line in lines] == ["1", "1"], change


def test_best_checkpoints_of_several_steps_belong_together():
    rows = [
        {**_row(f"runs/{k}", k, 0.5, 0.5), "checkpoint": "best", "step": step}
        for k, step in enumerate((900, 1000))
    ]
    line = _lines(rows)[1]
    assert line["seeds"] == "2"
    assert line["step"] == "900 to 1000"


def test_of_a_run_measured_twice_the_last_row_counts():
    rows = [_row("runs/a", 0, 0.1, 0.5), _row("runs/a", 0, 0.3, 0.5)]
    line = _lines(rows)[1]
    assert line["seeds"] == "1"
    assert line["ssim"] == "0.3000"


def test_a_number_that_one_seed_lacks_has_no_mean():
    rows = [_row("runs/a", 0, 0.25, 0.5), _row("runs/b", 1, 0.35, None)]
    line = _lines(rows)[1]
    assert line["ssim"] == "0.3000 ± 0.0707"
    assert line["l1"] == "-"


def test_labels_group_whatever_the_configs_are():
    rows = [_row(f"runs/{name}", k, 0.5, 0.5) for k, name in enumerate(("x0", "y0"))]
    rows[1]["config"]["model"]["width"] = 3
    _, line, *_ = _lines(rows, label=lambda row: "SA | SN")
    assert line["result"] == r"SA \| SN"
    assert line["seeds"] == "2"
    two = _lines(rows, label=lambda row: row["run_dir"])
    assert [line["result"] for line in two[1:3]] == ["runs/x0", "runs/y0"]


def test_baselines_stand_once_for_the_same_pairs():
    rows = [_row("runs/a", 0, 0.25, 0.5), _row("runs/b", 1, 0.5, 0.5)]
    rows[0]["real"] = {"IS (other)": 9.0}
    lines = [line for line in _lines(rows)[1:] if line["who"] == "no model"]
    assert [line["result"] for line in lines] == [
        "copy of the source picture",
        "real pictures",
    ]
    assert lines[0]["ssim"] == "0.1500"
    assert lines[1]["IS (mean colour)"] == "3.000"
    assert lines[1]["IS (other)"] == "9.000"


def test_the_papers_rows_are_the_papers(shared_dir):
    header, *lines = _lines([_row("runs/a", 0, 0.25, 0.5)])
    paper = [line for line in lines if line["who"] == "the paper"]
    text = (shared_dir / "paper.txt").read_text()
    tables = re.findall(
        r"^(DGAN \[12\] \(\w+\)|Ours.*|Real-Data)\t(\S+)\t(\S+)\t(\S+)$", text, re.M
    )
    # "Ours" of Table 1 stands again, with the same numbers, in Table 2.
    expected = [numbers for name, *numbers in tables if name != "Ours"]
    found = [[line["IS (Inception 2015)"], line["ssim"], line["l1"]] for line in paper]
    assert len(found) == 8
    assert sorted(found) == sorted(expected)
    assert "IS (mean colour)" in header
    assert {line["IS (mean colour)"] for line in paper} == {""}


def test_the_papers_rows_are_marked_and_can_be_left_out():
    rows = [_row("runs/a", 0, 0.25, 0.5)]
    assert "copied from it, not measured here" in result_table.markdown(rows)
    text = result_table.markdown(rows, paper_rows=False)
    assert "the paper" not in text
    assert "3.402" not in text
    # The paper measures by Deformable GAN's protocol.
    rows[0]["protocol"] = "gfla"
    assert "3.402" not in result_table.markdown(rows)


def test_protocols_stand_in_tables_of_their_own():
    rows = [
        {**_row("runs/a", 0, 0.25, 0.5), "protocol": name, "reference": f"{name} says."}
        for name in ("dgan", "gfla")
    ]
    text = result_table.markdown(rows)
    assert text.index("### Protocol dgan") < text.index("### Protocol gfla")
    assert "\ngfla says.\n" in text


def test_strips_have_no_seed_and_a_missing_number_is_a_dash():
    row = _row("", 0, 0.25, None)
    for name in ("run_dir", "config", "step", "checkpoint"):
        del row[name]
    row["strips"] = "others/patn/"
    line = _lines([row])[1]
    assert line["result"] == "patn"
    assert line["who"] == "measured, strips"
    assert line["seeds"] == line["step"] == ""
    assert line["l1"] == "-"


def _lines(rows, *arguments, **options):
    """The columns, and each line of the first table as a dict."""
    text = result_table.markdown(rows, *arguments, **options)
    table = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    assert set(table[1]) == {"---"}
    columns = table[0]
    assert all(len(cells) == len(columns) for cells in table)
    return columns, *(dict(zip(columns, cells, strict=True)) for cells in table[2:])


def _row(run_dir, seed, ssim, l1):
    return {
        "protocol": "dgan",
        "reference": "Siarohin et al.",
        "run_dir": run_dir,
        "checkpoint": "newest",
        "step": 100,
        "pairs": 1000,
        "pairs_sha256": "abcdef" * 8,
        "classifier": "mean colour",
        "classifier_sha256": "1",
        "config": {"model": {"width": 1}, "train": {"seed": seed}},
        "generated": {
            "ssim": ssim,
            "l1": l1,
            "IS (mean colour)": 2.5,
            "IS (mean colour) std": 0.1,
        },
        "copy_source": {"ssim": 0.15},
        "real": {"IS (mean colour)": 3.0, "IS (mean colour) std": 0.1},
    }
