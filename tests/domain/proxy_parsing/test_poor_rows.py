"""Rows of words in which a login of poor words looks like any other words: asked about, never passed over."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import HTTP, READ, WITHOUT_LOGIN


@pytest.mark.parametrize(
    "text",
    [
        *("203.0.113.7 8000 ana sunshine thanks", "203.0.113.7:8000 ana sunshine thanks"),
        *("203.0.113.7:8000 ana sunshine до 5.12", "203.0.113.7:8000 ana sunshine active $3.5 SOCKS5"),
        "203.0.113.7  8000  ana  sunshine  76686828-89727101  SOCKS5  active",
    ],
)
def test_two_words_and_remarks_behind_an_address_may_be_a_login(text: str) -> None:
    ways = read_proxy(text).ways
    assert [(way.user, way.password) for way in ways] == [("ana", "sunshine"), ("", "")]


@pytest.mark.parametrize("text", ["api on 203.0.113.7:8000 works great", "203.0.113.7:8000 pw in the chat"])
def test_words_of_a_sentence_are_no_login(text: str) -> None:
    assert read_proxy(text) == Clear(WITHOUT_LOGIN)


@pytest.mark.parametrize("text", ["203.0.113.7:8000 ana sunshine shop1", "203.0.113.7:8000  ana  sunshine  node-7  $3"])
def test_the_second_of_three_words_is_no_user(text: str) -> None:
    ways = read_proxy(text).ways
    assert [(way.user, way.password) for way in ways] == [("ana", None), ("", "")]


@pytest.mark.parametrize("sign", [",", ";", "|"])
def test_a_state_behind_a_password_is_asked_about(sign: str) -> None:
    assert read_proxy(f"203.0.113.7:8000:ana:sunshine{sign}working").ways[0].password is None


@pytest.mark.parametrize(
    ("first", "proxy"),
    [("HTTP----76686828-89727101", HTTP), ("$3.5----Đức----76686828-89727101", READ), ("店铺1", READ)],
)
def test_neither_a_code_nor_a_name_in_front_of_a_pair_is_its_user(first: str, proxy: Custom) -> None:
    assert read_proxy(f"{first}----ana:Pw1secret----203.0.113.7:8000") == Clear(proxy)
