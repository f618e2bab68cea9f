"""Tests of the progress line."""

import math
import time

from keras_posegan import progress_line


def test_a_log_gets_the_first_and_the_last_item(capsys):
    line = progress_line.ProgressLine("pair", 3)
    for number in range(3):
        line.advance(note=f"loss {number}")
    first, last = capsys.readouterr().out.splitlines()
    assert first == "pair 1/3  -:-- left  loss 0"
    assert last == "pair 3/3  took 0:00  loss 2"


def test_time_left_counts_from_the_second_item(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    line = progress_line.ProgressLine("step", 1000, done=500)
    now[0] = 60.0  # Compiling.
    line.advance()
    now[0] = 80.0
    line.advance(10)
    assert capsys.readouterr().out.splitlines()[-1] == (
        "step 511/1000  16:18 left, 2000 ms each"
    )


def test_without_a_total_it_counts_until_the_end(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    line = progress_line.ProgressLine("pose", math.inf)
    for _ in range(3):
        now[0] += 15.0
        line.advance()
    line.finish()
    assert capsys.readouterr().out.splitlines() == [
        "pose 1  -:-- left",
        "pose 3  15000 ms each",
        "pose 3/3  took 0:45",
    ]


def test_a_terminal_keeps_one_line(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    line = progress_line.ProgressLine("pair", 2)
    line.advance(note="a long note " * 9)
    line.advance(note="a long note " * 9)
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert output.count("\r") == 2
    # A line that wraps would scroll.
    assert max(len(part.removeprefix("\x1b[K")) for part in output.split("\r")) <= 40
