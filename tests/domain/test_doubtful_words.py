"""What is typed where a proxy or words are asked for: what is likely to be a login, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.domain.doubtful_words import (
    has_password_look,
    is_likely_login,
    is_read_with_login,
    may_hold_secret,
)
from bot.domain.draft import Step
from bot.domain.login_pairs import holds_pair
from bot.domain.message_secrets import secrets_in
from tests.domain.test_message_secrets import ORDINARY


def likely(text: str) -> bool:
    return is_likely_login(text, secrets_in(text, Step.PROXY))


def test_no_ordinary_message_is_likely_to_hold_a_login() -> None:
    assert [text for text in ORDINARY if likely(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "45.67.89.11:8000:tomuser:PLANTED1",
        "45.67.89.11:99999:tomuser:PLANTED1",
        "45.67.89.11:tomuser:PLANTED1",
        "tomuser:PLANTED605",
        "tomuser：PLANTED605",
        "here it is tomuser:PLANTED605 thanks",
        "ana:PLAN:TED605x",
        "tomuser PLANTED605",
        "tomuser\nPLANTED605",
        "tomuser/PLANTED605",
        "PLANTED605",
        "password: PLANTED605",
        "the password for it is PLANTED605",
    ],
)
def test_what_looks_like_a_login_is_likely_to_be_one(text: str) -> None:
    assert likely(text)


@pytest.mark.parametrize(
    "text",
    [
        *("ok", "ok thanks", "thank you!!! 👍", "Do we have a proxy for Spain?", "Shop 01", "Password: ask Kim"),
        *("password: blue horse", "socks5", "203.0.113.7", "203.0.113.7:8080", "https://example.com/p/CxYzAbC1234"),
        *("US:East:01", r"D:\Marketing\2024\banner7", "ASIN B08N5WRWNW lost the buy box", "Mon:10am"),
        *("FB_Ads_51", "SKU KR-4471-BLK", "invoice INV-2025-1103", "ASIN B0ABCDE123", "TTS-US-03"),
    ],
)
def test_what_does_not_is_not(text: str) -> None:
    assert not likely(text)


def test_digits_and_letters_of_pages_do_not_look_like_a_password() -> None:
    assert has_password_look("ASIN B08N5WRWNW lost the buy box")
    assert not has_password_look("see https://example.com/p/CxYzAbC1234 and amazon.com/dp/B08N5WRWNW")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("vk.com:12:Anna:Petr", True), ("203.0.113.7:1080:ana:ssh", True), ("203.0.113.7:1080", False), ("ok", False)],
)
def test_what_can_be_read_with_a_login_is_told(text: str, *, expected: bool) -> None:
    assert is_read_with_login(text) is expected


def test_in_ordinary_messages_no_word_is_a_name_with_a_password() -> None:
    assert [text for text in ORDINARY if holds_pair(text)] == []


@pytest.mark.parametrize("words", ["45.67.89.11:8000:ana:PLANTED1", "password: blue horse", "tomuser:PLANTED605"])
def test_words_that_may_hold_a_secret_are_told(words: str) -> None:
    assert may_hold_secret(words)
    assert not may_hold_secret("move US:East:01 to EU:Germany")
