"""Tests of films, written and read again."""

import gc
import subprocess
import sys

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.animation import film_writer, films

SUFFIXES = film_writer.SUFFIXES
# imageio-ffmpeg leaves the pipes of its processes to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(autouse=True)
def _collect_garbage():
    yield
    gc.collect()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("rate", [12.5, 30.0])
def test_a_film_is_read_as_it_was_written(tmp_path, suffix, rate):
    path = tmp_path / f"a{suffix}"
    frames = _frames(15)
    film_writer.write_film(path, iter(frames), rate)
    read = list(films.read_film(path))
    assert len(read) == 15
    for (frame, _), expected in zip(read, frames, strict=True):
        assert frame.dtype == np.uint8
        assert frame.shape == (64, 32, 3)
        tolerance = 0 if suffix == ".gif" else 8
        assert np.abs(frame.astype(int) - expected).mean() <= tolerance
    seconds = sum(seconds for _, seconds in read)
    assert seconds == pytest.approx(15 / rate, abs=0.006)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("share", [0.05, 0.4, 0.8])
def test_a_truncated_film_is_named(tmp_path, suffix, share):
    path = tmp_path / f"a{suffix}"
    film_writer.write_film(path, _frames(30), 25)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    _assert_refused(path, "truncated")


def test_a_gif_cut_off_between_two_frames_is_noticed(tmp_path):
    path = tmp_path / "a.gif"
    film_writer.write_film(path, _frames(3), 25)
    path.write_bytes(path.read_bytes().removesuffix(b";"))
    _assert_refused(path, "truncated .* end mark")


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.mp4", "a.unknown"])
def test_what_is_no_film_is_named(tmp_path, name):
    _assert_refused(tmp_path / name, "no film")
    (tmp_path / name).write_text("no film at all")
    _assert_refused(tmp_path / name, "no film")


def test_a_film_of_varying_rate_keeps_its_pace(tmp_path):
    film_writer.write_film(tmp_path / "a.mp4", _frames(60), 20)
    every_third = "select='lt(n,20)+not(mod(n,3))'"
    _ffmpeg(tmp_path, "-i", "a.mp4", "-vf", every_third, "-fps_mode", "vfr", "b.mp4")
    read = list(films.read_film(tmp_path / "b.mp4"))
    assert sum(seconds for _, seconds in read) == pytest.approx(3, abs=0.2)


def test_a_film_that_is_stored_turned_is_turned_back(tmp_path, caplog):
    film_writer.write_film(tmp_path / "a.mp4", _frames(5), 20)
    turn = ("-display_rotation", "90", "-i", "a.mp4", "-c", "copy", "b.mp4")
    _ffmpeg(tmp_path, *turn)
    (frame, _), *_ = films.read_film(tmp_path / "b.mp4")
    assert frame.shape == (32, 64, 3)
    difference = np.rot90(frame).astype(int) - np.rot90(_frames(1)[0], 2)
    assert np.abs(difference).mean() < 8
    assert not caplog.records


def test_a_see_through_film_shows_white_paper(tmp_path):
    frames = [Image.new("RGBA", (32, 32), (200, 0, 0, shade)) for shade in (0, 255)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:])
    (first, _), (second, _) = films.read_film(tmp_path / "a.webp")
    assert (first[0, 0] == 255).all()
    assert second[0, 0, 1] < 20


def test_without_ffmpeg_the_remedy_is_named(tmp_path, monkeypatch):
    film_writer.write_film(tmp_path / "a.mp4", _frames(3), 25)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    _assert_refused(tmp_path / "a.mp4", r"a\.mp4: needs .*pip install imageio-ffmpeg")
    with pytest.raises(input_error.InputError, match="pip install imageio-ffmpeg"):
        film_writer.check_path(tmp_path / "b.mp4")
    film_writer.check_path(tmp_path / "b.gif")


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    for name in ("a.avi", "a", "nowhere/a.gif"):
        with pytest.raises(input_error.InputError, match=f"--output=.*{name}: "):
            film_writer.write_film(tmp_path / name, _frames(2), 25)
    (tmp_path / "a.gif").mkdir()
    with pytest.raises(input_error.InputError, match=r"--output=.*a\.gif"):
        film_writer.write_film(tmp_path / "a.gif", _frames(2), 25)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_that_fails_leaves_nothing_behind(tmp_path, suffix):
    def failing():
        yield _frames(1)[0]
        raise input_error.InputError("no more")

    with pytest.raises(input_error.InputError, match="no more"):
        film_writer.write_film(tmp_path / f"a{suffix}", failing(), 25)
    assert not list(tmp_path.iterdir())


def test_enlarging_keeps_colours_and_places():
    picture = _frames(1)[0]
    large = film_writer.enlarge(picture, 3)
    assert large.shape == (192, 96, 3)
    np.testing.assert_array_equal(large[25::24, 25::24], picture[8::8, 8::8])
    assert film_writer.enlarge(picture, 1) is picture


def _frames(count):
    """Blocks of 8x8 pixels in four shades of brown, a new pattern in each frame."""
    shades = 80 * np.random.default_rng(0).integers(0, 4, (count, 8, 4, 1))
    blocks = np.kron(shades, np.ones((1, 8, 8, 1)))
    return (blocks * [1.0, 0.7, 0.4]).astype(np.uint8)


def _ffmpeg(folder, *arguments):
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", *arguments], cwd=folder, check=True)


def _assert_refused(path, message):
    with pytest.raises(input_error.InputError, match=message) as caught:
        list(films.read_film(path))
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)
