"""One setting as it is written, and what is read from it or said of it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingError
from bot.settings import Settings, load_settings

TOKEN = "700000001:AAH-planted_token_planted_token_plx"
#: For each setting, of which there are a dozen.
EXAMPLES = 25
SECRET = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


def loaded(**values: str) -> Settings:
    """The settings of an environment that has a token, and these values."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"TELEGRAM_TOKEN": TOKEN, **values}.items():
            patch.setenv(name, value)
        return load_settings(None)


def value_of(name: str, text: str) -> object:
    value = getattr(loaded(**{name: text}), name.lower())
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def reason(name: str, text: str) -> str:
    with pytest.raises(SettingError) as caught:
        loaded(**{name: text})
    said = str(caught.value)
    assert said.startswith(f"{name} is wrong: ")
    assert said.endswith(".")
    assert "\n" not in said
    assert "planted" not in said
    return said
