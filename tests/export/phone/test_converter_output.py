"""Tests that a converter's chatter is hidden, and shown where it says why it failed."""

import os

import pytest

from export.phone import converter_output


def test_nothing_is_shown(capfd):
    with converter_output.hidden():
        os.write(1, b"printed")
        os.write(2, b"complained")
    os.write(1, b"after")
    assert tuple(capfd.readouterr()) == ("after", "")


def test_everything_is_shown_where_it_fails(capfd):
    @converter_output.hidden()
    def fail():
        os.write(1, b"printed, ")
        os.write(2, b"complained")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()
    os.write(2, b", after")
    assert tuple(capfd.readouterr()) == ("", "printed, complained, after")
