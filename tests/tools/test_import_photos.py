"""Tests of a data set made of somebody's photos."""

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
    kept = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.4, SIZE
    )
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
    annotations = _photos(tmp_path / "photos", ["a/x.png", "a/y.png", "a/z.png"])
    import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.0, SIZE
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
    kept = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.2, SIZE
    )
    # Two of five: one picture is no pair.
    assert kept["test"] == [
        f"000{who}_c1s1_00000{shot}_01.jpg" for who in (1, 2) for shot in (4, 5)
    ]
    assert len(kept["train"]) == 6


def test_market_names_and_pictures_of_the_models_size_are_kept(tmp_path):
    names = ["0002_c1s1_000451_03.jpg", "0007_c2s1_000001_01.jpg"]
    annotations = _photos(tmp_path / "photos", names, size=(90, 120))
    kept = import_photos.import_photos(
        tmp_path / "photos", annotations, tmp_path / "data", 0.0, (90, 120)
    )
    assert kept == {"train": names, "test": []}
    found, keypoints = keypoint_files.read_annotations(
        market1501.annotation_file(tmp_path / "data", "train")
    )
    expected = keypoint_files.read_annotations(annotations)
    assert found == expected[0]
    np.testing.assert_array_equal(keypoints, expected[1])


def test_a_fault_is_named_and_leaves_nothing(tmp_path):
    photos = tmp_path / "photos"
    for names, message in (
        (["loose.png"], "loose.png lies in no folder"),
        (["a/x.png", "a/damaged.png"], "damaged.png"),
    ):
        annotations = _photos(photos, names)
        (photos / names[-1]).write_bytes((photos / names[-1]).read_bytes()[:60])
        with pytest.raises(input_error.InputError, match=message):
            import_photos.import_photos(photos, annotations, tmp_path / "data")
    annotations = _photos(
        photos, ["p/0002_c1s1_000451_03.jpg", "q/0002_c1s1_000451_03.jpg"]
    )
    with pytest.raises(input_error.InputError, match="two photos have one name"):
        import_photos.import_photos(photos, annotations, tmp_path / "data")
    with pytest.raises(input_error.InputError, match="--output_dir"):
        import_photos.import_photos(photos, annotations, photos)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "photos.csv"]
