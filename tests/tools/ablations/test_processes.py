"""Tests of how an ablation's processes are started, stopped and left."""

import os
import re
import signal
import threading
import time

import pytest

from tests.tools.ablations import fake_runs
from tools.ablations import processes

BOTH = ["training", "evaluation"]


@pytest.mark.parametrize("parallel", [1, 2, 5])
def test_every_run_is_trained_and_then_evaluated(
    monkeypatch, tmp_path, capsys, parallel
):
    runs = fake_runs.fake_runs(
        monkeypatch,
        tmp_path,
        {"a/seed_0": "work", "b/seed_0": "work", "a/seed_7": "work"},
    )
    assert processes.run_all(runs, parallel) == ([], False)
    assert [fake_runs.started(run) for run in runs] == [BOTH] * 3
    assert [run.next_stage() for run in runs] == [None] * 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 runs, 0 of them done before"
    # One line when a stage starts and one when it ends.
    assert len(lines) == 1 + 3 * 2 * 2
    assert "0 runs left" in lines[-1]
    assert runs[0].log.read_text().splitlines()[1::2] == ["working"] * 2


def test_what_is_done_is_not_done_again(monkeypatch, tmp_path):
    names = {"a/seed_0": "work", "a/seed_1": "work", "a/seed_2": "work"}
    runs = fake_runs.fake_runs(monkeypatch, tmp_path, names)
    processes.run_all(runs[:2])
    (runs[1].folder.path / "results.jsonl").unlink()
    assert processes.run_all(runs) == ([], False)
    assert [fake_runs.started(run) for run in runs] == [
        BOTH,
        [*BOTH, "evaluation"],
        BOTH,
    ]


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ("fail", "status 3 .*seed_1.log.*: error: out of paint"),
        ("nothing", "no result"),
    ],
)
def test_a_run_that_fails_is_left_and_the_others_go_on(
    monkeypatch, tmp_path, behaviour, message
):
    names = {"a/seed_0": "work", "a/seed_1": behaviour, "a/seed_2": "work"}
    runs = fake_runs.fake_runs(monkeypatch, tmp_path, names)
    (failure,), is_stopped = processes.run_all(runs)
    assert not is_stopped
    assert failure.startswith("a/seed_1: training failed")
    assert re.search(message, failure)
    assert "\n" not in failure
    assert [fake_runs.started(run) for run in runs] == [BOTH, ["training"], BOTH]
    # Tried again, it may work.
    runs = fake_runs.fake_runs(monkeypatch, tmp_path, dict.fromkeys(names, "work"))
    assert processes.run_all(runs) == ([], False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_passed_on_once_and_nothing_more_is_started(
    monkeypatch, tmp_path, capsys, request, number
):
    names = {"a/seed_0": "wait", "b/seed_0": "wait", "c/seed_0": "work"}
    runs = fake_runs.fake_runs(monkeypatch, tmp_path, names)
    # A shell's background job ignores Ctrl-C, and so would everything here.
    before = signal.signal(number, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(number, before))
    handler = signal.getsignal(number)

    def interrupt():
        deadline = time.monotonic() + 30
        logs = [run.log for run in runs[:2]]
        while time.monotonic() < deadline:
            if all(log.is_file() and "working" in log.read_text() for log in logs):
                os.kill(os.getpid(), number)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert processes.run_all(runs, parallel=2) == ([], True)
    thread.join()
    assert signal.getsignal(number) is handler
    assert [fake_runs.started(run) for run in runs] == [["training"]] * 2 + [[]]
    for run in runs[:2]:
        assert (run.folder.path / "interruptions").read_text() == "1"
        # A terminal's Ctrl-C, which goes to the whole group, must not come too.
        assert int((run.folder.path / "group").read_text()) != os.getpgrp()
        assert run.next_stage() == "training"
    printed = capsys.readouterr().out
    assert "a/seed_0: training stopped" in printed
    # The same runs go on afterwards.
    runs = fake_runs.fake_runs(monkeypatch, tmp_path, dict.fromkeys(names, "work"))
    assert processes.run_all(runs) == ([], False)
    assert fake_runs.started(runs[0]) == ["training", *BOTH]


def test_what_is_ignored_stays_ignored(monkeypatch, tmp_path):
    handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # As nohup does.
    try:
        with processes._Interruption() as interruption:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not interruption.count
    finally:
        signal.signal(signal.SIGHUP, handler)
