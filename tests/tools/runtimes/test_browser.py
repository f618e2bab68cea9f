"""Tests of what is served to a browser and taken from it; a script stands for one."""

import json
import stat
import sys

import numpy as np
import pytest

from tools.runtimes import browser

_FETCH = """\
#!{python}
import json, sys, urllib.request
url = sys.argv[-1]
def get(path):
    return urllib.request.urlopen(url + path).read()
def post(path, body):
    urllib.request.urlopen(url + path, data=body).close()
"""
_DRAWS = """
signature = json.loads(get("signature.json"))
assert b"draw.js" in get("") and b"LiteRT.js" in get("draw.js")
assert get("node_modules/package") == b"code" and get("model.tflite") == b"weights"
image, pose = get("inputs/image"), get("inputs/source_keypoints")
for pair in range(2):
    post("outputs/generated_image", bytes(255 - x for x in image[24*pair:24*pair+24]))
    post("outputs/status", pose[4*pair:4*pair+4])
post("done", b"[900, 3, 5, 4]")
"""


@pytest.fixture
def draw(tmp_path):
    """A function of a stand-in's code, that draws two pairs."""
    image = np.arange(48, dtype=np.uint8).reshape(2, 4, 2, 3)
    pose = np.array([7, 9], np.int32)
    packages = tmp_path / "node_modules"
    packages.mkdir()
    (packages / "package").write_text("code")
    (tmp_path / "posegan.tflite").write_text("weights")
    outputs = {
        "generated_image": {"type": "uint8", "shape": [1, 4, 2, 3]},
        "status": {"type": "int32", "shape": [1]},
    }
    (tmp_path / "signature.json").write_text(json.dumps({"outputs": outputs}))
    np.savez(tmp_path / "in.npz", image=image, source_keypoints=pose)

    def with_code(code):
        chromium = tmp_path / "chromium"
        chromium.write_text(_FETCH.format(python=sys.executable) + code)
        chromium.chmod(stat.S_IRWXU)
        milliseconds = browser._draw(
            str(chromium),
            packages,
            *(tmp_path / name for name in ("posegan.tflite", "in.npz", "out.npz")),
        )
        with np.load(tmp_path / "out.npz") as found:
            np.testing.assert_array_equal(found["generated_image"], 255 - image)
            np.testing.assert_array_equal(found["status"], pose)
            assert found["status"].dtype == np.int32
        return milliseconds

    return with_code


def test_what_is_posted_is_written(draw):
    assert draw(_DRAWS) == 4  # Of all but the first.


def test_a_page_that_fails_is_quoted(draw):
    code = "print('CONSOLE: bad op', file=sys.stderr, flush=True)\n"
    with pytest.raises(RuntimeError, match=r"no TFL3 CONSOLE: bad op"):
        draw(code + "post('failed', b'no TFL3')\nimport time; time.sleep(60)")


def test_a_browser_that_ends_is_quoted(draw):
    with pytest.raises(RuntimeError, match=r"(?s)gave no answer.*no display"):
        draw("sys.exit('no display')")


def test_patience_ends(draw, monkeypatch):
    monkeypatch.setattr(browser, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(RuntimeError, match="gave no answer"):
        draw("import time; time.sleep(60)")
