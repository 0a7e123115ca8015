"""What the import log keeps of a proxy choice, and when a choice has all its answers."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot.domain.proxy import (
    KINDS,
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    TextFormat,
    complete,
    summary,
)

CUSTOM = Custom(host="203.0.113.7", port=1080, type=ProxyType.SOCKS5, user="ana", password="s3cret-word")
SAVED = Saved(proxy_id=4, label="http 198.51.100.2:8080 · office")
STATIC = Static(proxy_id=9, label="socks5 198.51.100.9:1080")
RESIDENTIAL = Residential(package_id=2, label="Lumi", new_ip=True)
EXTRACTION = Extraction(
    link="https://gate.example/get?token=s3cret-word",
    type=ProxyType.SOCKS5,
    format=TextFormat.IP_PORT,
    method=ExtractionMethod.WHEN_INVALID,
)
FULL: tuple[ProxyChoice, ...] = (Keep(), Direct(), CUSTOM, SAVED, STATIC, RESIDENTIAL, EXTRACTION)


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        (Keep(), "keep"),
        (Direct(), "direct"),
        (CUSTOM, "socks5 203.0.113.7:1080 as ana"),
        (replace(CUSTOM, user="", password=""), "socks5 203.0.113.7:1080"),
        (replace(CUSTOM, host="2001:db8::7"), "socks5 [2001:db8::7]:1080 as ana"),
        (replace(CUSTOM, type=None, port=None), "203.0.113.7 as ana"),
        (Custom(unclear="a:1:b:2"), "custom"),
        (SAVED, "saved: http 198.51.100.2:8080 · office"),
        (STATIC, "static: socks5 198.51.100.9:1080"),
        (RESIDENTIAL, "residential: Lumi, new IP at every opening"),
        (replace(RESIDENTIAL, new_ip=False), "residential: Lumi, IP kept"),
        (replace(RESIDENTIAL, new_ip=None), "residential: Lumi"),
        (EXTRACTION, "extraction: socks5, ip:port, invalid"),
        (
            Extraction(type=ProxyType.HTTP, method=ExtractionMethod.EVERY_OPENING),
            "extraction: http, every_type",
        ),
    ],
)
def test_the_log_keeps_one_line_of_a_choice(choice: ProxyChoice, line: str) -> None:
    assert summary(choice) == line


@pytest.mark.parametrize("choice", FULL, ids=lambda choice: choice.kind)
def test_no_secret_stands_in_a_summary_or_a_repr(choice: ProxyChoice) -> None:
    assert "s3cret-word" not in summary(choice) + repr(choice)


@pytest.mark.parametrize("choice", FULL, ids=lambda choice: choice.kind)
def test_a_choice_with_every_answer_is_complete(choice: ProxyChoice) -> None:
    assert complete(choice)


@pytest.mark.parametrize(
    "choice",
    [
        None,
        Custom(),
        replace(CUSTOM, host=None),
        replace(CUSTOM, port=None),
        replace(CUSTOM, type=None),
        replace(CUSTOM, password=None),
        replace(CUSTOM, unclear="a:1:b:2"),
        Saved(),
        Static(),
        replace(RESIDENTIAL, package_id=None),
        replace(RESIDENTIAL, new_ip=None),
        *[replace(EXTRACTION, **{field.name: None}) for field in fields(EXTRACTION)],
    ],
)
def test_a_choice_with_an_answer_missing_is_not_complete(choice: ProxyChoice | None) -> None:
    assert not complete(choice)


def test_a_proxy_that_needs_no_user_is_complete_without_one() -> None:
    assert complete(replace(CUSTOM, user="", password=""))


def test_every_kind_is_found_by_its_name() -> None:
    assert [KINDS[choice.kind] for choice in FULL] == [type(choice) for choice in FULL]
