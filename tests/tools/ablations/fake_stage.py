"""A process that writes what a stage of an ablation leaves behind, and no more.

    fake_stage.py TRAINING_OR_EVALUATION RUN_DIR STEPS ROW BEHAVIOUR

BEHAVIOUR is `work`, `fail`, `nothing` (status 0 and no result), or `wait`: training
that says when it is at work, and writes a checkpoint when it is interrupted.
"""

import json
import os
import pathlib
import signal
import sys
import time


def _checkpoint(folder, step):
    """The newest checkpoint's name, as TensorFlow writes it."""
    folder = folder / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(
        f'model_checkpoint_path: "step-{step}"\nall_model_checkpoint_paths: "step-1"\n'
    )


def main():
    """Does what the arguments say."""
    stage, run_dir, steps, row, behaviour = sys.argv[1:]
    folder, step = pathlib.Path(run_dir), int(steps)
    interrupted = []
    signal.signal(signal.SIGINT, lambda *_: interrupted.append(1))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "started").open("a") as file:
        file.write(f"{stage}\n")
    (folder / "group").write_text(str(os.getpgrp()))
    print("working", flush=True)
    if behaviour == "fail":
        print("error: out of paint\n", file=sys.stderr)
        sys.exit(3)
    if behaviour == "nothing":
        return
    if behaviour == "wait":
        deadline = time.monotonic() + 30
        while not interrupted and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)  # A second interruption would come meanwhile.
        (folder / "interruptions").write_text(str(len(interrupted)))
        _checkpoint(folder, step // 2)
        sys.exit(130)
    if stage == "training":
        _checkpoint(folder, step)
    else:
        with (folder / "results.jsonl").open("a") as file:
            file.write(json.dumps({**json.loads(row), "step": step}) + "\n")


if __name__ == "__main__":
    main()
