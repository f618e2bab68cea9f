"""Takes the runs of an ablation through their stages, a process each."""

import datetime
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Sequence

from tools.ablations import seed_run

_POLL_SECONDS = 0.2
# A closed terminal hangs up.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_all(
    runs: Sequence[seed_run.SeedRun], parallel: int = 1
) -> tuple[list[str], bool]:
    """Trains and evaluates what is still to be trained and evaluated.

    A line is printed when a stage starts and when it ends. A run that fails is
    left, and the others go on. Ctrl-C (SIGTERM, a closed terminal) is passed on,
    once each time, to the processes at work, which are then waited for: training
    writes a checkpoint first.

    Args:
        runs: in the order in which to start them.
        parallel: processes at a time.

    Returns:
        What failed, a line each, and whether it was stopped.
    """
    waiting = [run for run in runs if run.next_stage()]
    going: dict[subprocess.Popen, tuple[seed_run.SeedRun, str, float]] = {}
    failures = []
    done, start = 0, time.monotonic()
    _say(f"{len(runs)} runs, {len(runs) - len(waiting)} of them done before")
    with _Interruption() as interruption:
        try:
            while going or (waiting and not interruption.count):
                while waiting and len(going) < parallel and not interruption.count:
                    run = waiting.pop(0)
                    stage = run.next_stage()
                    if stage is None:  # Done meanwhile, by hand.
                        continue
                    going[_start(run, stage)] = run, stage, time.monotonic()
                    _say(f"{run.name}: {stage}; it prints to {run.log}")
                time.sleep(_POLL_SECONDS)
                interruption.pass_on(list(going))
                for process in [one for one in going if one.poll() is not None]:
                    run, stage, started = going.pop(process)
                    seconds = time.monotonic() - started
                    took = f"{run.name}: {stage} took {_clock(seconds)}"
                    next_stage = run.next_stage()
                    if process.returncode == 0 and next_stage is None:
                        done += 1
                        left = len(waiting) + len(going)
                        rest = _clock((time.monotonic() - start) * left / done)
                        _say(f"{took}; {left} runs left, about {rest}")
                    elif process.returncode == 0 and next_stage != stage:
                        _say(took)
                        waiting.insert(0, run)
                    elif interruption.count:
                        _say(f"{run.name}: {stage} stopped")
                    else:
                        failures.append(_failure(run, stage, process.returncode))
                        _say(failures[-1])
        finally:  # Of an error here: nothing may go on unseen.
            for process in going:
                process.send_signal(signal.SIGINT)
    return failures, bool(interruption.count)


class _Interruption:
    """Counts requests to stop instead of stopping, and passes them on."""

    def __init__(self):
        self.count = 0
        self._passed_on = 0

    def __enter__(self):
        self._handlers = {
            number: signal.signal(number, self._request)
            for number in _SIGNALS
            # What is ignored (nohup) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(self, *_):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _request(self, *_):
        self.count += 1

    def pass_on(self, processes):
        """Sends one interruption for each request since the last call."""
        for _ in range(self._passed_on, self.count):
            if processes:
                _say("stopping what is at work; Ctrl-C once more stops it at once")
            for process in processes:
                process.send_signal(signal.SIGINT)
        self._passed_on = self.count


def _start(run, stage):
    """Starts a stage; what it prints goes to the run's log."""
    run.log.parent.mkdir(parents=True, exist_ok=True)
    command = run.command[stage]
    with run.log.open("ab") as log:
        log.write(f"$ {shlex.join(command)}\n".encode())
        log.flush()
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A terminal sends Ctrl-C to its whole group of processes: training would
            # get two, and the second stops it without a checkpoint.
            process_group=0,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )


def _failure(run, stage, status):
    """One line on what went wrong: the last of what the process printed."""
    last = run.log.read_text(errors="replace").split("\n$ ")[-1].splitlines()[1:]
    reason = next((line for line in reversed(last) if line.strip()), "")
    if not status:
        reason = f"it left no result. {reason}"
    return f"{run.name}: {stage} failed, status {status} ({run.log}): {reason.strip()}"


def _clock(seconds):
    """h:mm:ss."""
    return str(datetime.timedelta(seconds=round(seconds)))


def _say(line):
    print(line, flush=True)
