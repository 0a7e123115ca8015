"""Lines around a proxy that are about something else, though nobody knows their labels."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.strategies import refusal

BLOCK = "Host: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: Pw1secret"


@pytest.mark.parametrize(
    "line",
    [
        "Whatsapp: +84 912 345 678",
        "Вопросы: help@gate.example",
        "Skype: gate_help",
        "Discord: gate#1234",
        "Renewal: Dec 28, 2026",
        "Charged on: 3 January 2027",
        "udp: true",
        "Cookie: c_user=10009",
    ],
)
def test_a_line_that_is_evidently_about_something_else_is_left_out(line: str) -> None:
    assert read_proxy(f"{BLOCK}\n{line}") == Clear(Custom("203.0.113.7", 1080, None, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    "line", ["Kontoname: bob@gate.example", "Rufname: +84 912 345 678", "Skype: ana\ncode: Pw1secret"]
)
def test_what_may_be_a_user_is_told_where_its_label_is_not_known(line: str) -> None:
    assert refusal(f"203.0.113.7:1080\n{line}").reason == "unknown_label"
