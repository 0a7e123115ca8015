"""What looks like a part of a login is never passed over, and what may be none is asked about."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from bot.domain.message_secrets import secrets_in
from bot.domain.proxy_parsing.finder import find_labelled_passwords
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import SOCKS5
from tests.domain.proxy_parsing.spellings import DOUBTS, mistaken, spellings
from tests.domain.proxy_parsing.strategies import refusal


def test_what_is_easily_misread_is_read_rightly_or_asked_about() -> None:
    doubts = spellings(DOUBTS)
    assert len(doubts) >= 500
    assert mistaken(doubts) == []


def test_whatever_becomes_of_it_a_text_with_a_login_is_never_kept_as_words() -> None:
    written = [each for each in spellings(DOUBTS) if each.form == "as people write" and not each.right]
    with_login = [
        each for each in (*spellings(), *spellings(DOUBTS)) if each.right and each.right["password"]
    ] + written
    assert len(with_login) >= 1000
    found = [(each.text, secrets_in(each.text, Step.GROUP)) for each in with_login]
    assert [text for text, secrets in found if not (secrets.certain or secrets.doubtful)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Hi, here is the proxy:\nSOCKS5\n203.0.113.7:8000:ana:Pw1secret",
        "Type: SOCKS5.\n203.0.113.7:8000:ana:Pw1secret",
        "203.0.113.7:8000:ana:Pw1secret\nSOCKS5.",
    ],
)
def test_a_type_under_a_title_or_at_the_end_of_a_sentence_is_the_type(text: str) -> None:
    assert read_proxy(text).ways == (SOCKS5,)


@pytest.mark.parametrize("text", ["ssh root@203.0.113.7:22", "write to ana@example.com:25"])
def test_somebody_at_an_address_is_no_proxy_of_which_anything_is_deleted(text: str) -> None:
    assert not secrets_in(text, None).certain


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("203.0.113.7 on port 8000, ana / Pw1secret", "ana"),
        ("адрес 203.0.113.7 порт 8000, ana и Pw1secret", "ana"),
        ("203.0.113.7:8000 creds ana Pw1secret", "ana"),
        ("203.0.113.7:8000 for Kim, Pw1secret", "Kim"),
        ("203.0.113.7:8000 auth ana:Pw1secret", "ana"),
        ("203.0.113.7:8000 (ana / Pw1secret)", "ana"),
        ("203.0.113.7:8000 (ana Pw1secret) Germany", "ana"),
        ("端口 8000 地址 203.0.113.7 ana 和 Pw1secret", "ana"),
    ],
)
def test_what_looks_like_a_password_is_never_passed_over(text: str, user: str) -> None:
    assert (user, "Pw1secret") in {(way.user, way.password) for way in read_proxy(text).ways}


def test_a_login_that_a_sentence_tells_is_no_proxy_without_one() -> None:
    text = "203.0.113.7 port 8000\nthe login is in here: ana Pw1secret"
    assert refusal(text).reason == "unreadable"
    assert [text[start:end] for start, end in find_labelled_passwords(text)] == ["Pw1secret"]


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("acc 5 - 203.0.113.7:1080:ana:hunter2", "ana", "hunter2"),
        ("203.0.113.7:1080 for acc 5", "", ""),
        ("**203.0.113.7:1080:ana:hunter2**", "ana", "hunter2"),
        ("【203.0.113.7:1080:ana:hunter2】", "ana", "hunter2"),
        ("203.0.113.7:1080 login: ana. Password: hunter2. Type http", "ana", None),
        ("203.0.113.7:1080:ana:hunter2.", "ana", None),
        ("203.0.113.7：1080，账号：ana，密码：hunter2。", "ana", None),
        ("203.0.113.7:1080:ana:hunter2✅", "ana", None),
        ("203.0.113.7:1080:ana:hunter2(US)", "ana", None),
        ("203.0.113.7:1080:ana:\nhunter2", "ana", None),
    ],
)
def test_what_may_not_belong_to_a_password_is_asked_about(text: str, user: str, password: str | None) -> None:
    reading = read_proxy(text)
    assert isinstance(reading, Clear)
    assert (reading.proxy.user, reading.proxy.password) == (user, password)


@pytest.mark.parametrize("text", ["htpp://ana:hunter2@203.0.113.7:1080", "soks5://ana:hunter2@203.0.113.7:1080"])
def test_a_mistyped_scheme_is_named(text: str) -> None:
    refused = refusal(text)
    assert (refused.reason, refused.values) == ("unsupported_type", {"value": text.partition(":")[0]})


def test_a_password_whose_user_is_not_understood_is_not_used() -> None:
    assert refusal("203.0.113.7:1080\nпользователем ana7\nпароль hunter2").reason == "unreadable"


@pytest.mark.parametrize("text", ["ana7\nhunter2\n203.0.113.7:1080", "ana/hunter2 203.0.113.7:1080"])
def test_a_login_apart_from_the_address_is_asked_about(text: str) -> None:
    reading = read_proxy(text)
    assert not isinstance(reading, Clear)
    assert any(way.password == "hunter2" for way in reading.ways)
