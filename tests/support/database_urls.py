"""What is said of a wrong DATABASE_URL."""

from __future__ import annotations

import pytest

from bot.database_url import read_database_url
from bot.errors import SettingError

#: Variables that a path may name.
SET = {
    "HOME": "/home/ana b",
    "APPDATA": "C:\\Users\\ana",
    "HOMEDRIVE": "C:",
    "HOMEPATH": "\\Users\\ana",
    "TEAM": "shops",
}


def said(text: str) -> str:
    with pytest.raises(SettingError) as caught:
        read_database_url(text, SET)
    sentence = str(caught.value)
    assert sentence.startswith("DATABASE_URL is wrong: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "planted" not in sentence
    return sentence
