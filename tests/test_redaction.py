"""Redaction: what is secret goes, however it is written, and what is not stays."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.redaction import Redactor, escape_controls

TOKEN = "123456789:AAH-planted_token_planted_token_pl"
CODE = "76686828-89727101"

redact = Redactor()

NOISE = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "7",
        "12345678-",
        "%3",
        "\\u00",
        "https://",
        "https://h.example/?k=",
        "socks5://ana:",
        "password=",
        '"',
        "'",
        "@",
        ":",
    ]
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"the token `{TOKEN}` was rejected", "the token `123456789:•••` was rejected"),
        (f"bot{TOKEN.replace(':', '%3A')}", "bot123456789%3A•••"),
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/•••"),
        (CODE, "7668••••-••••7101"),
        ("76686828 – 89727101", "7668••••-••••7101"),
        ("７６６８６８２８ー８９７２７１０１", "7668••••-••••7101"),
        (json.dumps("７６６８６８２８－８９７２７１０１"), '"7668••••-••••7101"'),
        (quote("７６６８６８２８－８９７２７１０１"), "7668••••-••••7101"),
        (repr("７６６８６８２８-８９７２７１０１".encode()), "b'7668••••-••••7101'"),
        (r"\u00376686828\u002d8972710\u0031", "7668••••-••••7101"),
        ("%376686828%2D8972710%31", "7668••••-••••7101"),
        (r"7668682\x38-\x389727101", "7668••••-••••7101"),
        ("76686828\\n-89727101", "7668••••-••••7101"),
        ("codes 76686828-89727101, 11112222-33334444.", "codes 7668••••-••••7101, 1111••••-••••4444."),
        ("12345678-76686828-89727101", "1234••••-••••7101"),
        ("socks5://ana:planted@h.example:1080", "socks5://ana:•••@h.example:1080"),
        ("ssh://ana:pl/an?t'e\"d@x@[2001:db8::1]:22", "ssh://ana:•••@[2001:db8::1]:22"),
        ("socks5%3A%2F%2Fana%3Aplanted%40h", "socks5%3A%2F%2F•••@h"),
        ("ssh://planted@h.example:22", "ssh://•••@h.example:22"),
        ("http://ana:planted@h.example:8080", "http://ana:•••@h.example:8080"),
        ("https://planted@h.example", "https://•••@h.example"),
        ("https://ana:plan/ted@h.example", "https://•••"),
        ("https://ana:planted", "https://•••"),
        ("https://h.example/get?key=planted&mail=a@b.example", "https://•••"),
        ("https://h.example?key=planted", "https://h.example/•••"),
        ("https://h.example#planted", "https://h.example/•••"),
        ("('https://h.example/planted?a='b'&c=planted', 3)", "('https://h.example/•••', 3)"),
        (r'{"proxy_link":"https:\/\/h.example\/get?key=planted"}', r'{"proxy_link":"https:\/\/h.example/•••"}'),
        ("url=https%3A%2F%2Fh.example%3A8443%2Fget%3Fkey%3Dplanted", "url=https%3A%2F%2F•••"),
        ("host:8000:ana[https://h.example/planted]", "host:8000:ana[https://h.example/•••"),
        ("{'password': 'plan ted', 'n': 1}", "{'password': •••, 'n': 1}"),
        ('{"proxy_password":"plan\\"ted","n":1}', '{"proxy_password":•••,"n":1}'),
        (r'"{\"proxy_password\": \"plan ted\", \"n\": 1}"', r'"{\"proxy_password\": •••, \"n\": 1}"'),
        ("Custom(user='ana', password='plan ted')", "Custom(user='ana', password=•••)"),
        ("a=1&password=planted&b=2", "a=1&password=•••&b=2"),
        ('"password": "plan ted', '"password": •••'),
        ('"proxy_url": "https://h.example/planted"', '"proxy_url": •••'),
        ("Wrong password: planted", "Wrong password: •••"),
        ("203.0.113.7:1080:ana:planted", "203.0.113.7:1080:•••"),
        ("203.0.113.7:1080@ana:planted", "203.0.113.7:1080:•••"),
        ("ana:planted@203.0.113.7:1080", "ana:•••@203.0.113.7:1080"),
        ("ana:planted:203.0.113.7:1080", "ana:•••:203.0.113.7:1080"),
        ("ana:planted@h.example:1080", "ana:•••@h.example:1080"),
    ],
)
def test_what_has_the_look_of_a_secret_is_masked(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-31T12:00:00.000Z INFO bot.app: serving as @example_bot, 3 groups",
        "connect to 127.0.0.1:53200 failed: refused",
        "http://127.0.0.1:53200, https://api.telegram.org/ and http://[::1]:8081",
        "socks5 203.0.113.7:1080 as ana",
        "sqlite:////var/lib/bot/transfer-bot.db",
        "postgresql://db.example/bot",
        "update 987654321 of 12345678, 87654321 took 12 ms",
        'File "bot/app.py", line 12, in main',
        "the password is wrong, ask for it again",
        "1111222233334444 is a callback id",
        "2026-01-31 to 2026-02-01",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@given(st.text(alphabet=st.characters(exclude_characters=":=@%\\", categories=("L", "M", "P", "S", "Z"))))
def test_text_with_nothing_of_a_secret_in_it_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@given(before=NOISE, after=NOISE)
def test_a_transfer_code_is_masked_whatever_stands_around_it(before: str, after: str) -> None:
    first, second = CODE.split("-")
    assume(first not in before + after and second not in before + after)
    left = redact(f"{before}{CODE}{after}")
    assert first not in left
    assert second not in left


@given(before=NOISE, after=NOISE)
def test_a_token_is_masked_whatever_stands_around_it(before: str, after: str) -> None:
    assert "planted" not in redact(f"{before}{TOKEN}{after}")


WRITTEN: list[Callable[[str], str]] = [
    str,
    html.escape,
    quote,
    quote_plus,
    escape_controls,
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    lambda text: repr(text.encode())[2:-1],
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(json.dumps(text))[3:-3],
    lambda text: repr(json.dumps(text))[2:-2],
    lambda text: quote(text, safe="").lower(),
    lambda text: "".join(f"\\u{ord(character):04x}" if ord(character) < 65536 else character for character in text),
]


@given(
    secret=st.text(alphabet=st.characters(exclude_characters="•", codec="utf-8"), min_size=4, max_size=40),
    write=st.sampled_from(WRITTEN),
    noise=NOISE,
)
@example(secret="\\tab\tand\\ space", write=WRITTEN[8], noise="")
@example(secret="<a\\\\b & c>", write=WRITTEN[1], noise="\\")
def test_a_known_secret_is_masked_however_it_is_written(secret: str, write: Callable[[str], str], noise: str) -> None:
    written = write(secret)
    assert written not in Redactor([secret])(f"{noise}{written}{noise}")


@pytest.mark.parametrize(
    "known",
    [
        "http://ana:pl%40nted@h.example:1",
        "postgresql://ana:pl@nted@h.example/bot",
        "postgresql://h.example/bot?user=ana&password=pl%40nted",
    ],
)
def test_the_password_in_a_known_url_is_masked_on_its_own(known: str) -> None:
    assert Redactor([known])("login failed for pl@nted, pl%40nted") == "login failed for •••, •••"


def test_the_login_of_a_known_proxy_is_masked_as_a_header_carries_it() -> None:
    assert Redactor(["http://ana:pl%40nted@h.example:1"])("Basic YW5hOnBsQG50ZWQ=") == "Basic •••"


def test_the_secret_part_of_a_known_token_is_masked_on_its_own() -> None:
    assert Redactor([TOKEN])("AAH-planted_token_planted_token_pl") == "•••"


def test_a_known_secret_that_would_be_found_everywhere_is_left_to_the_patterns() -> None:
    assert Redactor(["a", "http://ana:in@h.example"])("ana is in again") == "ana is in again"


@given(st.text())
def test_control_characters_are_spelled_out(text: str) -> None:
    escaped = escape_controls(text)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in escaped)
    assert escaped.splitlines() == ([escaped] if escaped else [])
    assert escaped.encode().decode() == escaped


@pytest.mark.not_followed
@pytest.mark.parametrize(
    "piece",
    [
        "1", "a", " ", "@", "\\", "://", "://x", "a:", "a:@b", "x" * 127 + ":", 'password="', 'password=\\"', "pwd ",
        "1.2.3.4:80:", "12345678-", "%31", "\\u0031", "123456:", "https://a'", TOKEN[:-1], "\\\\\\a", "p\\\\\\\\\\",
    ],
)  # fmt: skip
def test_no_text_takes_more_than_its_length_in_time(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    slow = Redactor([TOKEN, "\\a" * 20 + "b"])
    began = time.process_time()
    slow(text)
    # About 0.2 s on a small machine; what grows with the square of the length takes half a minute and more.
    assert time.process_time() - began < 7.5
