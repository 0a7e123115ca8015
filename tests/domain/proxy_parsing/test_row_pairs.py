"""Rows in which one cell has both user and password."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.strategies import readings, refusal

RIGHT = Custom("203.0.113.7", 1080, None, "ana", "Pw1secret")
SOCKS5 = Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "Pw1secret")


@pytest.mark.parametrize("behind", ["Germany", "active", "2026-12-28", "350", "Анна", "my shop", "76686828-89727101"])
@pytest.mark.parametrize("address", ["203.0.113.7:1080", "203.0.113.7\t1080", "Shop\t203.0.113.7:1080"])
@pytest.mark.parametrize("between", ":/;| ")
def test_what_stands_in_the_next_cell_is_no_password(address: str, between: str, behind: str) -> None:
    assert readings(f"{address}\tana{between}Pw1secret\t{behind}") == (RIGHT,)


@pytest.mark.parametrize("sign", ["\t", "|", ";", ",", "----"])
@pytest.mark.parametrize(
    "row", ["{a}{s}{u}{s}SOCKS5", "{u}{s}{a}{s}socks5", "{a}{s}socks5{s}{u}", "{a}{s}{u}{s}socks5{s}US"]
)
def test_a_type_at_the_end_of_a_row_is_the_type(row: str, sign: str) -> None:
    assert readings(row.format(a="203.0.113.7:1080", u="ana:Pw1secret", s=sign)) == (SOCKS5,)


@pytest.mark.parametrize("sign", ["\t", "|", ";", ",", "----"])
@pytest.mark.parametrize("row", ["{a}{s}{u}{s}Germany", "{a}{s}US{s}{u}", "{a}{s}{u}{s}US{s}2026-12-28"])
def test_a_country_in_a_row_is_no_part_of_the_login(row: str, sign: str) -> None:
    assert readings(row.format(a="203.0.113.7:1080", u="ana:Pw1secret", s=sign)) == (RIGHT,)


@pytest.mark.parametrize(
    "header", ["IP:Port\tLogin:Pass\tCountry", "Прокси\tЛогин:Пароль\tСтрана", "proxy\tuserpass\tnote"]
)
def test_a_header_may_name_both_in_one_column(header: str) -> None:
    assert readings(f"{header}\n203.0.113.7:1080\tana:Pw1secret\tGermany") == (RIGHT,)


@pytest.mark.parametrize("cells", ["ana:Pw1secret | US", "ana/Pw1secret | Germany | 350", "US | ana:Pw1secret"])
def test_signs_with_spaces_around_part_cells_as_tabs_do(cells: str) -> None:
    header = (
        "| IP | Port | " + " | ".join("Login/Pass" if "ana" in cell else "Geo" for cell in cells.split(" | ")) + " |"
    )
    assert readings(f"203.0.113.7:1080 | {cells}") == (RIGHT,)
    assert readings(f"{header}\n|---|---|---|---|\n| 203.0.113.7 | 1080 | {cells} |") == (RIGHT,)


@pytest.mark.parametrize("sign", ["\t", "|", ";", ",", "----", " | ", "; ", ", "])
@pytest.mark.parametrize(
    "row", ["7{s}{u}{s}{a}", "Kim{s}350{s}{u}{s}{a}", "2026-12-28{s}US{s}{u}{s}{a}", "{u}{s}{a}{s}Germany"]
)
def test_a_login_in_front_of_its_address_has_cells_around_it(row: str, sign: str) -> None:
    found = readings(row.format(a="203.0.113.7:1080", u="ana:Pw1secret", s=sign))
    assert found
    assert {(each.user, each.password) for each in found} <= {("ana", "Pw1secret"), ("ana", None), ("", "")}


@pytest.mark.parametrize("sign", ["|", ";", ",", "----"])
@pytest.mark.parametrize("cells", ["Kim", "7", "Comcast{s}12", "shop1{s}76686828-89727101", "28.12.2026{s}$3.5"])
def test_cells_behind_a_password_are_no_part_of_it(cells: str, sign: str) -> None:
    found = readings(f"203.0.113.7:1080:ana:Pw1secret{sign}{cells.format(s=sign)}")
    assert {(each.user, each.password) for each in found} in ({("ana", "Pw1secret")}, {("ana", None)})
    # Behind an address they may be a login as well.
    assert RIGHT in readings(f"ana:Pw1secret:203.0.113.7:1080{sign}{cells.format(s=sign)}")


@pytest.mark.parametrize("sign", ["|", ";", ",", "----"])
@pytest.mark.parametrize("cells", ["Kim", "active{s}12", "shop1{s}76686828-89727101", "Comcast{s}Berlin"])
def test_of_cells_in_front_of_a_user_it_is_asked_whether_they_are_a_part_of_it(cells: str, sign: str) -> None:
    read = read_proxy(f"{cells.format(s=sign)}{sign}ana:Pw1secret@203.0.113.7:1080")
    assert not isinstance(read, Clear)
    assert Custom("203.0.113.7", 1080, None, "ana", "Pw1secret") in read.ways


def test_the_end_of_a_link_is_no_user() -> None:
    assert readings("Kim;https://rotate.example/change?key=abc123;ana:Pw1secret@203.0.113.7:1080") == ()


def test_a_bar_may_be_in_the_password() -> None:
    read = read_proxy("203.0.113.7:1080|ana:pa|ss")
    assert isinstance(read, Clear)
    assert (read.proxy.user, read.proxy.password) == ("ana", None)


@pytest.mark.parametrize("row", ["203.0.113.7:1080|bob|ana:Pw1secret", "203.0.113.7:1080\tbob\tana:Pw1secret"])
def test_two_who_may_be_the_user_are_refused(row: str) -> None:
    assert refusal(row).reason == "unreadable"


@pytest.mark.parametrize("row", ["203.0.113.7:1080\tana\tGermany", "203.0.113.7:1080|ana|2026-12-28"])
def test_a_user_with_a_country_or_a_date_has_the_password_asked(row: str) -> None:
    assert [(each.user, each.password) for each in readings(row)] == [("ana", None)]


@pytest.mark.parametrize(
    "text",
    [
        "账号密码：ana：Pw1secret\n地址：203.0.113.7：1080",
        "Login/password: ana：Pw1secret\n203.0.113.7:1080",
        "логин：пароль — ana：Pw1secret\n203.0.113.7:1080",
    ],
)
def test_a_full_width_colon_parts_a_pair(text: str) -> None:
    assert readings(text) == (RIGHT,)


@pytest.mark.parametrize(
    "row", ["ana\tQm:77\t203.0.113.7\t8000", "socks5\tana\tQm:77\t203.0.113.7:8000", "ana / Qm:77 / 203.0.113.7:8000"]
)
def test_a_password_with_a_colon_in_a_cell_of_its_own_is_torn_nowhere(row: str) -> None:
    assert readings(row) == ()


@pytest.mark.parametrize(
    "tail", ["<br>", "</code>", "&lt;br&gt;", "\\n", "\\r\\n", "%0A", "…", "«DE»", "•", "،", "<b>"]
)
def test_what_a_page_or_a_program_has_behind_a_password_may_be_no_part_of_it(tail: str) -> None:
    [found] = readings(f"203.0.113.7:1080:ana:Pw1secret{tail}")
    assert (found.user, found.password) in {("ana", None), ("ana", "Pw1secret")}
