"""Tests of the programs as a user starts them."""

import json
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_posegan.animation import films, pose_film
from keras_posegan.data import market1501, person_photo
from keras_posegan.data.synthetic_people import animation
from keras_posegan.evaluation import strip_folder
from keras_posegan.metrics import protocols
from keras_posegan.pose import retarget
from tests import bright_figure
from tests.data import drawn_dataset

ROOT = pathlib.Path(__file__).parents[1]
MAINS = [
    "keras_posegan.train",
    "keras_posegan.evaluate",
    "keras_posegan.generate",
    "keras_posegan.animate",
    "export.saved_model",
    "export.tflite",
    "tools.report",
    "tools.visualize",
]


@pytest.mark.parametrize("main", MAINS)
def test_help_lists_the_flags(main):
    result = _run(main, "--help")
    assert "--run_dir" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("main", MAINS)
def test_no_flags_at_all_is_one_line_and_status_1(main):
    result = _run(main)
    assert result.returncode == 1
    assert result.stderr.startswith("error: --")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--loss_neighborhood=4"], "--loss_neighborhood must be odd"),
        (["--data_dir=/nowhere"], "/nowhere"),
        (["train"], "Unknown argument 'train'"),
        (["--model_generator_attention_strides=3"], "strides must list"),
        (["--train_select_by=ssim"], "--data_validation_pairs is empty"),
        (
            ["--train_select_by=inception_score", "--data_validation_pairs=v.csv"],
            "--train_select_classifier must name",
        ),
    ],
)
def test_training_names_the_bad_flag(tmp_path, flags, message):
    result = _run("keras_posegan.train", f"--run_dir={tmp_path / 'run'}", *flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("main", "flag"),
    [
        ("keras_posegan.train", "--train_steps=many"),
        ("keras_posegan.train", "--flagfile=/nowhere.flags"),
        ("keras_posegan.train", "--train_stepps=3"),
        ("keras_posegan.evaluate", "--batch_size=0"),
        ("tools.make_pairs", "--sample=-1"),
    ],
)
def test_a_flag_that_absl_refuses_is_one_line_too(main, flag):
    result = _run(main, flag)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert flag.split("=")[0].lstrip("-") in line or "/nowhere.flags" in line


@pytest.mark.slow
def test_a_row_of_17_joints_is_named_with_its_line(tmp_path):
    data_dir = drawn_dataset.write(tmp_path / "data")
    annotations = market1501.annotation_file(data_dir, "train")
    lines = annotations.read_text().splitlines()
    lines[3] = re.sub(r"\[\S+, ", "[", lines[3], count=1)
    annotations.write_text("\n".join(lines) + "\n")
    result = _run(
        "keras_posegan.train", f"--data_dir={data_dir}", f"--run_dir={tmp_path / 'run'}"
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert f"{annotations}:4" in line
    assert "17" in line


@pytest.mark.slow
def test_evaluate_prints_one_row(tiny_run_dir):
    result = _run("keras_posegan.evaluate", f"--run_dir={tiny_run_dir}")
    assert result.returncode == 0, result.stderr
    assert not result.stderr
    row = json.loads(result.stdout.splitlines()[-1])
    assert row["protocol"] == "dgan"
    assert row["checkpoint"] == "newest"
    assert len(row["generated"]) >= 4


@pytest.mark.slow
def test_evaluate_needs_no_run_for_strips(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 1, 16, 16, 3), np.uint8)
    strip_folder.write(tmp_path, [("a.jpg", "b.jpg")], pictures)
    result = _run(
        "keras_posegan.evaluate",
        f"--strips={tmp_path}",
        "--strip_panels=generated,-,target",
    )
    assert result.returncode == 0, result.stderr
    assert "left out: masked measures" in result.stdout
    assert "copy_source" not in json.loads(result.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--run_dir=a", "--strips=b"], "--run_dir or --strips: give one"),
        (["--run_dir=a", "--annotations=b"], "--annotations is not for --run_dir"),
        (["--strips=a", "--save_pictures"], "--save_pictures is not for --strips"),
        (["--strips=/nowhere"], "--strips=/nowhere: no such folder"),
        (["--run_dir=/nowhere"], "/nowhere/config.json"),
        (["--run_dir=a", "--protocol=fid"], "protocol"),
    ],
)
def test_evaluate_names_the_bad_flag(flags, message):
    result = _run("keras_posegan.evaluate", *flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_evaluate_offers_every_protocol():
    result = _run("keras_posegan.evaluate", "--help")
    assert f"<{'|'.join(protocols.PROTOCOLS)}>" in result.stdout


@pytest.mark.slow
def test_generate_writes_a_picture_and_never_over_another(
    tiny_run_dir, tiny_data_dir, tmp_path
):
    folder = market1501.picture_folder(tiny_data_dir, "test")
    annotations = market1501.annotation_file(tiny_data_dir, "test")
    first, second = sorted(path.name for path in folder.iterdir())
    flags = [
        f"--run_dir={tiny_run_dir}",
        f"--source={folder / first}",
        f"--source_keypoints={annotations}",
        f"--target_keypoints={annotations}:{second}",
        f"--output={tmp_path / 'out.png'}",
    ]
    result = _run("keras_posegan.generate", *flags, f"--strip={tmp_path / 'strip.png'}")
    assert result.returncode == 0, result.stderr
    assert np.array(Image.open(tmp_path / "strip.png")).shape == (32, 48, 3)
    assert np.array(Image.open(tmp_path / "out.png")).shape == (32, 16, 3)
    result = _run("keras_posegan.generate", *flags)
    assert result.returncode == 1
    assert "exists; see --overwrite" in result.stderr
    result = _run("keras_posegan.generate", *flags, "--overwrite", "--checkpoint=best")
    assert result.returncode == 1
    assert "no best checkpoint" in result.stderr


@pytest.mark.parametrize(
    ("main", "flags", "message"),
    [
        ("generate", ["--output=a.png"], "--pose or --target_keypoints is missing"),
        ("generate", ["--pose=a.png"], "--output is missing"),
        ("generate", ["--pose=a.png", "--output=b.png"], "/nowhere/config.json"),
        ("generate", ["--pose=a", "--output=README.md"], "--output=README.md: exists"),
        (
            "generate",
            ["--pose=a", "--output=a.png", "--strip=README.md"],
            "--strip=README.md: exists",
        ),
        ("generate", ["--pose=a", "--output=a.xyz"], "--output=a.xyz: needs a name in"),
        (
            "generate",
            ["--pose=a", "--output=a.png", "--strip=a.gif2"],
            "--strip=a.gif2: needs a name in .jpg, .jpeg",
        ),
        ("generate", ["--pose=a", "--output=b/a.png"], "--output=b/a.png: no folder b"),
        ("animate", ["--output=a.gif"], "--poses is missing"),
        ("animate", ["--poses=a", "--output=a.avi"], "--output=a.avi: needs a name in"),
        ("animate", ["--poses=a", "--output=b/a.gif"], "--output=b/a.gif: no folder b"),
        (
            "animate",
            ["--poses=a", "--output=a.gif", "--frames_per_second=0.09"],
            "--frames_per_second=0.09: must be 0, or 0.1",
        ),
        ("animate", ["--poses=a.gif", "--output=README.md"], "README.md: exists"),
        ("animate", ["--poses=a.gif", "--output=a.gif"], "/nowhere/config.json"),
    ],
)
def test_generate_and_animate_name_the_bad_flag(main, flags, message):
    result = _run(
        f"keras_posegan.{main}", "--run_dir=/nowhere", "--source=a.png", *flags
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


@pytest.mark.slow
def test_animate_goes_on_past_a_bad_frame_and_says_so(
    tiny_run_dir, tiny_data_dir, tmp_path
):
    folder = market1501.picture_folder(tiny_data_dir, "test")
    poses = animation.walk_cycle(11, 0.5, (32, 16), cycles=2)
    pose_film.write(tmp_path / "poses.json", poses, 20)
    flags = [
        f"--run_dir={tiny_run_dir}",
        f"--source={sorted(folder.iterdir())[0]}",
        f"--source_keypoints={market1501.annotation_file(tiny_data_dir, 'test')}",
        f"--poses={tmp_path / 'poses.json'}",
        f"--output={tmp_path / 'out.webp'}",
    ]
    result = _run("keras_posegan.animate", *flags, "--strip", "--scale=2")
    assert result.returncode == 0, result.stderr
    assert not result.stderr
    assert "11 frames, 20 a second" in result.stdout
    frames = list(films.read_film(tmp_path / "out.webp"))
    assert len(frames) == 11
    assert frames[0][0].shape == (64, 96, 3)
    assert frames[0][1] == 0.05

    content = json.loads((tmp_path / "poses.json").read_text())
    content["poses"][4] = None
    (tmp_path / "poses.json").write_text(json.dumps(content))
    result = _run("keras_posegan.animate", *flags)
    assert "exists; see --overwrite" in result.stderr
    result = _run("keras_posegan.animate", *flags, "--overwrite", "--nofit_pose")
    assert result.returncode == 1
    assert "1 of 11 frames had no pose" in result.stderr
    assert "poses.json, pose 5: no person" in result.stdout
    frames = list(films.read_film(tmp_path / "out.webp"))
    assert len(frames) == 11
    assert frames[0][0].shape == (32, 16, 3)


@pytest.mark.slow
def test_generate_estimates_fits_and_pastes_back(tiny_run_dir, tmp_path):
    _photo(tmp_path / "me.jpg", at=(60, 40), height=100, format="JPEG")
    _photo(tmp_path / "other.png", at=(10, 20), height=60)
    result = _run_with_bright_figure(
        "keras_posegan.generate",
        f"--run_dir={tiny_run_dir}",
        f"--source={tmp_path / 'me.jpg'}",
        f"--pose={tmp_path / 'other.png'}",
        f"--output={tmp_path / 'out.png'}",
        "--fit_pose",
        "--paste_back",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"Wrote {tmp_path / 'out.png'}\n"  # Not: several people.
    from keras_posegan import inference

    find = bright_figure.estimate
    me = person_photo.read_person(tmp_path / "me.jpg", "", (32, 16), find)
    pose = person_photo.read_pose(str(tmp_path / "other.png"), "", (32, 16), find)
    (fitted,) = retarget.fit_poses(me.keypoints, pose[None])
    assert np.abs(fitted - pose).max() > 0.1
    generated = inference.TrainedGenerator(str(tiny_run_dir))(
        me.picture[None], me.keypoints[None], fitted[None]
    )
    expected = me.paste_back(generated[0]).astype(int)
    assert np.abs(np.array(Image.open(tmp_path / "out.png")) - expected).max() <= 1


def test_a_film_that_stands_still_is_named(tiny_run_dir, tmp_path):
    _photo(tmp_path / "me.png", at=(60, 40), height=100)
    frames = [Image.fromarray(np.full((64, 32, 3), grey, "u1")) for grey in (180, 200)]
    frames[0].save(
        tmp_path / "slow.gif", save_all=True, append_images=frames[1:], duration=20_000
    )
    result = _run_with_bright_figure(
        "keras_posegan.animate",
        f"--run_dir={tiny_run_dir}",
        f"--source={tmp_path / 'me.png'}",
        f"--poses={tmp_path / 'slow.gif'}",
        f"--output={tmp_path / 'out.gif'}",
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "slow.gif: has 0.05 frames a second; say more with --frames_per" in line


@pytest.mark.slow
def test_animate_goes_on_past_a_bad_picture(tiny_run_dir, tmp_path):
    _photo(tmp_path / "me.png", at=(60, 40), height=100)
    (tmp_path / "frames").mkdir()
    for frame in range(1, 12):
        path = tmp_path / f"frames/{frame}.png"
        _photo(path, at=(10 + 5 * frame, 20), height=60 if frame != 4 else 0)
    (tmp_path / "frames/9.png").write_bytes(b"no picture")
    result = _run_with_bright_figure(
        "keras_posegan.animate",
        f"--run_dir={tiny_run_dir}",
        f"--source={tmp_path / 'me.png'}",
        f"--poses={tmp_path / 'frames'}",
        f"--output={tmp_path / 'out.gif'}",
        "--frames_per_second=10",
    )
    assert result.returncode == 1
    assert "2 of 11 frames had no pose" in result.stderr
    assert "4.png: no person found" in result.stdout
    assert "9.png is no picture" in result.stdout
    assert "11 frames, 10 a second" in result.stdout
    assert (tmp_path / "out.gif").is_file()


@pytest.mark.parametrize("main", ["generate", "animate"])
def test_nobody_and_no_model_are_named(tiny_run_dir, tmp_path, main):
    _photo(tmp_path / "me.png", at=(60, 40), height=0)
    flags = [
        f"--run_dir={tiny_run_dir}",
        f"--source={tmp_path / 'me.png'}",
        f"--output={tmp_path / 'out.gif'}",
        f"--{'pose' if main == 'generate' else 'poses'}={tmp_path / 'me.png'}",
    ]
    result = _run_with_bright_figure(f"keras_posegan.{main}", *flags)
    assert result.returncode == 1
    assert result.stderr == f"error: no person found in {tmp_path / 'me.png'}\n"
    result = _run(f"keras_posegan.{main}", *flags, "--pose_model=/nowhere.tflite")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "/nowhere.tflite" in line


def _photo(path, at, height, **options):
    """A dark photo with a bright rectangle of somebody in it."""
    left, top = at
    picture = np.random.default_rng(0).integers(0, 60, (200, 150, 3), np.uint8)
    picture[top : top + height, left : left + height // 2] += 170
    Image.fromarray(picture).save(path, **options)


def _run_with_bright_figure(main, *flags):
    return _run("tests.bright_figure", main, *flags)


def _run(main, *flags):
    return subprocess.run(
        [sys.executable, "-m", main, *flags],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
