"""Tests of annotating a folder of pictures; a stand-in finds the people."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.pose import keypoint_files, pose_estimator
from tests.pose import stand_in_movenet
from tools import annotation_sheet, picture_annotation

ROOT = pathlib.Path(__file__).parents[2]
PEOPLE = 9


@pytest.fixture
def cache(tmp_path):
    """A cache folder with the stand-in, for whole programs."""
    path = tmp_path / "cache" / "keras_posegan" / "movenet_lightning.tflite"
    path.parent.mkdir(parents=True)
    return stand_in_movenet.write(path)


@pytest.fixture
def photos(tmp_path):
    """Nine pictures of people, one of nobody, three that are no good, and a text."""
    folder = tmp_path / "photos"
    (folder / "anna").mkdir(parents=True)
    for number in range(PEOPLE):
        name = f"anna/{number}.png" if number % 2 else f"{number}.png"
        rectangle = (10 + number, 10, 40 + number, 120)
        _save(folder / name, stand_in_movenet.picture((130, 64), rectangle))
    _save(folder / "wall.png", stand_in_movenet.picture((130, 64), (9, 9, 40, 99), 0))
    (folder / "broken.jpg").write_bytes(b"no picture")
    _save(folder / "tiny.png", np.zeros((9, 9, 3), np.uint8))
    _save(folder / "a:b.png", stand_in_movenet.picture((130, 64), (9, 9, 40, 99)))
    (folder / "notes.txt").write_text("left alone")
    return folder


def _save(path, pixels):
    Image.fromarray(pixels).save(path)


def _names():
    return sorted(
        f"anna/{number}.png" if number % 2 else f"{number}.png"
        for number in range(PEOPLE)
    )


def test_every_picture_gets_the_row_of_its_pose_or_is_listed(photos, cache, tmp_path):
    csv = tmp_path / "poses.csv"
    failures = picture_annotation.annotate_folder(photos, csv, 2, cache)
    assert failures.nobody == ("wall.png",)
    assert list(failures.unreadable) == ["a:b.png", "broken.jpg", "tiny.png"]
    for name, part in (
        ("a:b.png", "a colon"),
        ("broken.jpg", "no picture of a known kind"),
        ("tiny.png", "at least 16 pixels"),
    ):
        assert part in failures.unreadable[name]
    names, keypoints = keypoint_files.read_annotations(csv)
    assert names == _names()
    estimator = pose_estimator.PoseEstimator(cache)
    for name, pose in zip(names, keypoints, strict=True):
        expected = estimator.estimate(np.asarray(Image.open(photos / name))).keypoints
        np.testing.assert_array_equal(pose[:, 2], expected[:, 2])
        np.testing.assert_allclose(pose, expected, atol=0.006)


def test_an_interrupted_run_goes_on_and_keeps_its_rows(photos, cache, tmp_path):
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    picture_annotation.annotate_folder(photos, whole, 1, cache)
    lines = whole.read_text().splitlines(keepends=True)
    # Rows of a killed run: not in order, the last one cut in the middle. One has been
    # mended by hand.
    mended = f"{lines[2].split(':')[0]}: {[7.5] * 18}: {[8.25] * 18}\n"
    parts.write_text(lines[0] + lines[4] + mended + lines[1][:90])
    picture_annotation.annotate_folder(photos, parts, 1, cache)
    lines[2] = mended
    expected = keypoint_files.read_annotations(parts)[1][1]
    np.testing.assert_array_equal(expected, [[8.25, 7.5, 1]] * 18)
    received = parts.read_text().splitlines(keepends=True)
    assert received[:2] + received[3:] == lines[:2] + lines[3:]


@pytest.mark.parametrize("end", ["", "name:keypo", "\n"])
def test_a_file_of_nothing_yet_is_begun_again(photos, cache, tmp_path, end):
    csv = tmp_path / "poses.csv"
    csv.write_text(end.strip())
    picture_annotation.annotate_folder(photos, csv, 1, cache)
    assert keypoint_files.read_annotations(csv)[0] == _names()


def test_a_last_row_that_lacks_only_its_line_end_is_kept(photos, cache, tmp_path):
    csv = tmp_path / "poses.csv"
    row = f"{_names()[-1]}: {[7.5] * 18}: {[8.25] * 18}"
    csv.write_text(f"{keypoint_files.HEADER}\n{row}")
    picture_annotation.annotate_folder(photos, csv, 1, cache)
    names, keypoints = keypoint_files.read_annotations(csv)
    assert names == _names()
    np.testing.assert_array_equal(keypoints[-1], [[8.25, 7.5, 1]] * 18)


def test_new_pictures_are_added_and_old_ones_not_looked_at_again(
    photos, cache, tmp_path
):
    csv = tmp_path / "poses.csv"
    picture_annotation.annotate_folder(photos, csv, 1, cache)
    before = csv.read_text()
    for name in _names():
        (photos / name).write_bytes(b"not looked at")
    _save(photos / "00.png", stand_in_movenet.picture((99, 64), (9, 9, 40, 90)))
    failures = picture_annotation.annotate_folder(photos, csv, 1, cache)
    assert "0.png" not in failures.unreadable
    added = [line for line in csv.read_text().splitlines() if line not in before]
    assert [line.split(":")[0] for line in added] == ["00.png"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda photos, csv, cache: cache.unlink(), r"tools\.fetch_movenet"),
        (lambda photos, csv, cache: csv.write_text("nonsense\n"), "needs the header"),
        (lambda photos, csv, cache: csv.mkdir(), "poses.csv"),
        (lambda photos, csv, cache: photos.rename("elsewhere"), "no folder"),
        (
            lambda photos, csv, cache: [p.unlink() for p in photos.rglob("*.*")],
            "no pictures in",
        ),
    ],
)
def test_what_cannot_work_is_said_in_one_line(
    photos, cache, tmp_path, monkeypatch, spoil, message
):
    monkeypatch.chdir(tmp_path)
    csv = tmp_path / "poses.csv"
    spoil(photos, csv, cache)
    with pytest.raises(input_error.InputError, match=message):
        picture_annotation.annotate_folder(photos, csv, 1, cache)


def _command(cache, *arguments):
    return {
        "args": [sys.executable, "-m", "tools.annotate_keypoints", *arguments],
        "cwd": ROOT,
        "env": os.environ | {"XDG_CACHE_HOME": str(cache.parents[1])},
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }


def test_the_program_lists_failures_draws_a_sheet_and_fails(photos, cache, tmp_path):
    csv, sheet = tmp_path / "poses.csv", tmp_path / "sheet.png"
    arguments = (
        f"--pictures_dir={photos}",
        f"--output_csv={csv}",
        f"--contact_sheet={sheet}",
        "--workers=2",
    )
    done = subprocess.run(**_command(cache, *arguments), check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "3 pictures of" in done.stderr
    failures = pathlib.Path(f"{csv}.failures.txt").read_text().splitlines()
    assert [line.split(": ")[0] for line in failures] == [
        "wall.png",
        "a:b.png",
        "broken.jpg",
        "tiny.png",
    ]
    for line in failures:
        assert line in done.stdout
    assert sheet.stat().st_size > 1000

    for name in ("a:b.png", "broken.jpg", "tiny.png"):
        (photos / name).unlink()
    done = subprocess.run(**_command(cache, *arguments), check=False)
    assert done.returncode == 0, done.stderr
    assert pathlib.Path(f"{csv}.failures.txt").read_text() == "wall.png: no person\n"


def test_names_that_no_csv_can_hold_are_listed(cache, tmp_path):
    folder, csv = tmp_path / "photos", tmp_path / "poses.csv"
    folder.mkdir()
    _save(folder / "good.png", stand_in_movenet.picture((130, 64), (9, 9, 40, 99)))
    content = (folder / "good.png").read_bytes()
    bad = ["caf\udce9.png", "a\x0bb.png", "a\x85b.png", "a\u2028b.png", "a\nb.png"]
    for name in bad:
        (folder / name).write_bytes(content)
    command = _command(cache, f"--pictures_dir={folder}", f"--output_csv={csv}")
    command["env"]["PYTHONIOENCODING"] = "utf-8"  # As in most terminals, strictly.
    done = subprocess.run(**command, check=False)
    (line,) = done.stderr.splitlines()
    assert "5 pictures of" in line
    assert keypoint_files.read_annotations(csv)[0] == ["good.png"]
    listed = pathlib.Path(f"{csv}.failures.txt").read_text(encoding="utf-8")
    assert listed.count("cannot be listed") == 5
    assert "caf\\udce9.png" in listed
    assert "caf\\udce9.png" in done.stdout


@pytest.mark.parametrize("leave", ["broken.jpg", "wall.png"])
def test_a_sheet_shows_what_there_is(photos, cache, tmp_path, leave):
    for path in photos.rglob("*.*"):
        if path.name != leave:
            path.unlink()
    csv, sheet = tmp_path / "poses.csv", tmp_path / "sheet.png"
    done = subprocess.run(
        **_command(
            cache,
            f"--pictures_dir={photos}",
            f"--output_csv={csv}",
            f"--contact_sheet={sheet}",
        ),
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert f"1 pictures without a row: {csv}.failures.txt" in done.stdout
    if leave == "wall.png":
        assert (done.returncode, sheet.exists()) == (0, True)
    else:
        assert (done.returncode, sheet.exists()) == (1, False)
        assert "1 pictures of" in done.stderr


def test_a_sheet_that_cannot_be_written_is_named(photos, cache, tmp_path):
    (tmp_path / "sheet.png").mkdir()
    done = subprocess.run(
        **_command(
            cache,
            f"--pictures_dir={photos}",
            f"--output_csv={tmp_path / 'poses.csv'}",
            f"--contact_sheet={tmp_path / 'sheet.png'}",
        ),
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: --contact_sheet={tmp_path / 'sheet.png'}: ")


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_program_goes_on_to_the_same_file(photos, cache, tmp_path, way):
    count = 400  # Enough that it is stopped before the end, however slow this is.
    for number in range(count):
        path = photos / f"more{number:04}.png"
        path.write_bytes((photos / "0.png").read_bytes())
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    picture_annotation.annotate_folder(photos, whole, 1, cache)
    command = _command(
        cache, f"--pictures_dir={photos}", f"--output_csv={parts}", "--workers=1"
    )
    # A shell makes what it starts with & ignore Ctrl-C, and so all that this starts;
    # one that handles it starts others that do not ignore it.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(**command, start_new_session=True)
    signal.signal(signal.SIGINT, handler)
    while not parts.exists() or parts.read_bytes().count(b"\n") < 20:
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    if way == signal.SIGINT:  # As a terminal sends it: to all processes.
        os.killpg(running.pid, way)
    else:
        running.send_signal(way)
    out, err = running.communicate(timeout=30)
    if way == signal.SIGINT:
        assert running.returncode == 130, err
        assert err == "interrupted\n"
    rows = parts.read_bytes().count(b"\n")
    assert 20 <= rows < count, out
    done = subprocess.run(**command, check=False)
    total = count + PEOPLE + 4  # And the four without a row.
    assert f"{total}/{total}" in done.stdout
    assert parts.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--pictures_dir is missing"),
        (("--pictures_dir=a",), "--output_csv is missing"),
        (("--pictures_dir=a", "--output_csv=b", "--contact_sheet=c.jpg"), ".png"),
        (
            ("--pictures_dir=a", "--output_csv=b", "--contact_sheet=nowhere/c.png"),
            "--contact_sheet=nowhere/c.png: no folder nowhere.",
        ),
        (("--pictures_dir=absent", "--output_csv=b"), "no folder"),
        (("--workers=0",), "workers"),
    ],
)
def test_wrong_flags_are_said_in_one_line(cache, arguments, message):
    done = subprocess.run(**_command(cache, *arguments), check=False)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_sheet_shows_each_picture_with_its_skeleton_in_place(
    photos, cache, tmp_path
):
    csv = tmp_path / "poses.csv"
    names = _names()[:2]
    poses = np.zeros((2, 18, 3), np.float32)
    poses[1, 0] = (60.0, 128.0, 1)  # A nose in the lower right corner.
    keypoint_files.write_annotations(csv, names, poses)
    plain = annotation_sheet._cell(np.asarray(Image.open(photos / names[1])), poses[0])
    drawn = annotation_sheet._cell(np.asarray(Image.open(photos / names[1])), poses[1])
    assert plain.shape == (256, 160, 3)
    rows, columns = np.nonzero((plain != drawn).any(axis=-1))
    scale = 256 / 130
    left = (160 - round(64 * scale)) / 2
    assert abs(rows.mean() - 128.0 * scale) < 3
    assert abs(columns.mean() - (left + 60.0 * scale)) < 3
    sheet = annotation_sheet.annotation_sheet(photos, csv, ["wall.png"])
    assert sheet.shape[0] > 2 * 256
    assert sheet.dtype == np.uint8


def test_a_large_folder_is_shown_by_48_of_its_pictures(photos, tmp_path):
    csv = tmp_path / "poses.csv"
    name = _names()[0]
    for number in range(100):
        (photos / f"copy{number:03}.png").write_bytes((photos / name).read_bytes())
    names = [f"copy{number:03}.png" for number in range(100)]
    keypoint_files.write_annotations(csv, names, np.zeros((100, 18, 3)))
    large = annotation_sheet.annotation_sheet(photos, csv)
    keypoint_files.write_annotations(csv, names[::3], np.zeros((34, 18, 3)))
    assert large.shape == annotation_sheet.annotation_sheet(photos, csv).shape
