"""What stands behind a password, and in front of an address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import ADDRESS, ASKED, READ, ROW, SOCKS5


@pytest.mark.parametrize(
    "behind",
    [
        " (Comcast-Business)",
        " 【到期2025-12-21】",
        " #FB_Ads_51",
        ";UK;London;BT",
        ",DE,Vodafone",
        "|US|Miami",
    ],
)
def test_a_remark_is_no_part_of_the_password(behind: str) -> None:
    assert read_proxy(f"{ROW}{behind}").ways == (READ,)


@pytest.mark.parametrize(
    "behind", [" (Pw2secret)", " #5aB", ";UK", ";us;london", ";UK;Kim", "(US)", ";UK;London:bob", "#New York"]
)
def test_a_password_with_what_may_be_a_remark_is_asked_for(behind: str) -> None:
    assert set(read_proxy(f"{ROW}{behind}").ways) == {ASKED}


@pytest.mark.parametrize(
    ("password", "typed"),
    [("_Pw-1.q~1", "_Pw-1.q~1"), ("Pw1#123", "Pw1%23123"), ("Pw1secret;US;DE", "Pw1secret;US;DE"), ("a/ss7", "a/ss7")],
)
def test_in_front_of_the_address_of_a_url_stands_no_remark(password: str, typed: str) -> None:
    expected = replace(SOCKS5, password=password)
    assert read_proxy(f"socks5://ana:{typed}@{ADDRESS}").ways == (expected,)


@pytest.mark.parametrize("typed", ["****", "Pw1secret."])
def test_an_odd_password_in_front_of_it_is_still_asked_for(typed: str) -> None:
    assert read_proxy(f"socks5://ana:{typed}@{ADDRESS}").ways[0].password is None


@pytest.mark.parametrize("date", ["2026-12-20", "20.12.2026"])
def test_a_date_may_end_a_row_with_slashes(date: str) -> None:
    assert read_proxy(f"203.0.113.7/8000/ana/Pw1secret/{date}") == Clear(READ)
