"""Tests of a data set made of somebody's photos."""

import csv
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.data import dataset_check, market1501
from keras_posegan.pose import keypoint_files
from tools import import_photos

SIZE = (64, 32)


def _photos(folder, names, size=(90, 120)):
    """Photos with a bright spot on the right wrist of somebody standing."""
    random = np.random.default_rng(0)
    poses = np.ones((len(names), 18, 3), np.float32)
    for name, pose in zip(names, poses, strict=True):
        pose[:, 0] = random.uniform(40, 70, 18)
        pose[:, 1] = random.uniform(15, 80, 18)
        photo = np.zeros((*size, 3), np.uint8)
        x, y = np.round(pose[4, :2]).astype(int)
        pose[4, :2] = x, y
        photo[y - 2 : y + 3, x - 2 : x + 3] = 255
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(photo).save(
            path, **({} if path.suffix == ".png" else {"quality": 95})
        )
    annotations = folder.parent / "photos.csv"
    keypoint_files.write_annotations(annotations, names, poses)
    return annotations


def test_folders_of_people_become_a_sound_data_set(tmp_path):
    names = [f"{who}/{shot}.png" for who in "abcde" for shot in "xyz"]
    annotations = _photos(tmp_path / "photos", names)
    kept, faults = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.4, SIZE
    )
    assert not faults
    # The last two of five people, whole.
    assert {market1501.identity(name) for name in kept["train"]} == {
        "0001",
        "0002",
        "0003",
    }
    assert {market1501.identity(name) for name in kept["test"]} == {"0004", "0005"}
    assert (len(kept["train"]), len(kept["test"])) == (9, 6)
    assert not dataset_check.check_dataset(tmp_path / "data", SIZE)
    rows = (tmp_path / "data" / "names.csv").read_text().splitlines()
    assert "0004_c1s1_000002_01.jpg,d/y.png" in rows
    assert len(rows) == 16


def test_joints_stay_on_what_they_mark(tmp_path):
    annotations = _photos(tmp_path / "photos", [f"a/{shot}.png" for shot in "wxyz"])
    import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.2, SIZE
    )
    pictures = market1501.load(tmp_path / "data", "train")
    for name, pose in zip(pictures.names, pictures.keypoints, strict=True):
        picture = np.asarray(Image.open(pictures.folder / name), float).sum(axis=-1)
        assert picture.shape == SIZE
        rows, columns = np.indices(SIZE)
        bright = np.where(picture > picture.max() / 2, picture, 0)
        centre = [(grid * bright).sum() / bright.sum() for grid in (columns, rows)]
        np.testing.assert_allclose(pose[4, :2], centre, atol=0.6)


def test_of_few_people_each_is_in_both_splits(tmp_path):
    names = [f"{who}/{shot}.png" for who in "ab" for shot in "vwxyz"]
    annotations = _photos(tmp_path / "photos", names)
    kept, _ = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.2, SIZE
    )
    # Two of five: one picture is no pair.
    assert kept["test"] == [
        f"000{who}_c1s1_00000{shot}_01.jpg" for who in (1, 2) for shot in (4, 5)
    ]
    assert len(kept["train"]) == 6


def test_market_names_and_pictures_of_the_models_size_are_kept(tmp_path):
    names = [f"0002_c{camera}s1_000451_03.jpg" for camera in (1, 2, 3, 4)]
    annotations = _photos(tmp_path / "photos", names, size=(90, 120))
    kept, _ = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.2, (90, 120)
    )
    assert kept == {"train": names[:2], "test": names[2:]}
    expected = keypoint_files.read_annotations(annotations)[1]
    for split, rows in (("train", slice(2)), ("test", slice(2, 4))):
        found, keypoints = keypoint_files.read_annotations(
            market1501.annotation_file(tmp_path / "data", split)
        )
        assert found == names[rows]
        np.testing.assert_array_equal(keypoints, expected[rows])


def test_a_fault_is_named_and_leaves_nothing(tmp_path):
    photos = tmp_path / "photos"
    annotations = _photos(photos, ["loose.png"])
    with pytest.raises(input_error.InputError, match=r"loose\.png lies in no folder"):
        import_photos.import_photos(photos, annotations, tmp_path / "data")
    annotations = _photos(
        photos, ["p/0002_c1s1_000451_03.jpg", "q/0002_c1s1_000451_03.jpg"]
    )
    with pytest.raises(input_error.InputError, match="two photos have one name"):
        import_photos.import_photos(photos, annotations, tmp_path / "data")
    with pytest.raises(input_error.InputError, match="--output_dir"):
        import_photos.import_photos(photos, annotations, photos)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "photos.csv"]


@pytest.mark.parametrize(
    ("names", "share", "use"),
    [
        (["a/1.png", "a/2.png", "a/3.png"], 0.2, "test with"),
        ([f"{who}/{shot}.png" for who in "abcd" for shot in "xy"], 0.5, "test with"),
        ([f"{who}/x.png" for who in "abcdefg"], 0.2, "train on"),
        (["a/1.png"], 0.2, "train on"),
    ],
)
def test_a_split_without_a_pair_is_refused_before_the_work(
    tmp_path, capsys, names, share, use
):
    annotations = _photos(tmp_path / "photos", names)
    with pytest.raises(input_error.InputError, match=f"no pair to {use}. Needed"):
        import_photos.import_photos(
            tmp_path / "photos", annotations, tmp_path / "data", share, SIZE
        )
    assert not (tmp_path / "data").exists()
    assert not capsys.readouterr().out  # No progress.


def test_figures_without_a_trunk_are_no_pair(tmp_path):
    names = [f"a/{shot}.png" for shot in "wxyz"]
    annotations = _photos(tmp_path / "photos", names)
    _, poses = keypoint_files.read_annotations(annotations)
    poses[2, 8] = 0  # A hip.
    keypoint_files.write_annotations(annotations, names, poses)
    with pytest.raises(input_error.InputError, match="no pair to test with"):
        import_photos.import_photos(
            tmp_path / "photos", annotations, tmp_path / "data", 0.2, SIZE
        )


@pytest.mark.parametrize(
    ("count", "share", "held_back"),
    [(4, 0.2, 2), (5, 0.2, 2), (5, 0.9, 3), (20, 0.2, 4), (3, 0.2, 0), (1, 0.9, 0)],
)
def test_two_at_least_are_kept_back_and_two_stay(count, share, held_back):
    assert len(import_photos._last(list(range(count)), share)) == held_back


def test_bad_photos_are_left_out(tmp_path):
    names = [f"a/{shot}.png" for shot in "12345678"]
    photos = tmp_path / "photos"
    annotations = _photos(photos, names)
    (photos / names[1]).write_bytes((photos / names[1]).read_bytes()[:60])
    (photos / names[2]).unlink()
    kept, faults = import_photos.import_photos(
        photos, annotations, tmp_path / "data", 0.2, SIZE
    )
    for split, shots in (("train", (1, 4, 5, 6)), ("test", (7, 8))):
        assert kept[split] == [f"0001_c1s1_00000{shot}_01.jpg" for shot in shots]
    assert len(faults) == 2
    assert "2.png" in faults[0]
    assert "no picture" in faults[1]
    (fault,) = dataset_check.check_dataset(tmp_path / "data", SIZE)
    assert "is in both splits" in fault  # As is known.
    assert len((tmp_path / "data" / "names.csv").read_text().splitlines()) == 7
    # Of those for tests one is left.
    (photos / names[7]).unlink()
    with pytest.raises(input_error.InputError, match=r"test with \(3 photos .*2\.png"):
        import_photos.import_photos(photos, annotations, tmp_path / "data2", 0.2, SIZE)
    assert not (tmp_path / "data2").exists()


def test_any_photos_name_can_be_listed(tmp_path):
    names = [f'Zo\u00eb, "Z"/{shot}.png' for shot in "wxyz"]
    annotations = _photos(tmp_path / "photos", names)
    import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.2, SIZE
    )
    path = tmp_path / "data" / "names.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["picture", "photo"]
    assert [photo for _, photo in rows[1:]] == names


def test_the_program_lists_bad_photos_and_fails(tmp_path):
    names = [f"a/{shot}.png" for shot in "12345"]
    annotations = _photos(tmp_path / "photos", names)
    (tmp_path / "photos" / names[1]).unlink()
    flags = [
        f"--pictures_dir={tmp_path / 'photos'}",
        f"--annotations={annotations}",
        f"--output_dir={tmp_path / 'data'}",
    ]
    result = _run(*flags, "--test_share=0")
    assert result.returncode == 1
    assert "--test_share" in result.stderr
    result = _run(*flags)
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert "1 photos of" in line
    assert f"no picture {tmp_path / 'photos' / names[1]}" in result.stdout
    assert "2 pictures to train on, 2 to test with" in result.stdout
    assert market1501.load(tmp_path / "data", "test").names


def _run(*flags):
    return subprocess.run(
        [sys.executable, "-m", "tools.import_photos", *flags],
        cwd=pathlib.Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
