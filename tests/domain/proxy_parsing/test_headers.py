"""Rows under a header line: read by what it calls their cells, whatever other columns there are."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.proxy import Custom, ProxyType
from tests.domain.proxy_parsing.strategies import PLANTED, PROXIES, readings

OTHERS = {
    "Rotation link": "https://rot.example/x?k=1",
    "ISP": "AT&T",
    "Status": "Active",
    "Оператор": "МТС",
    "Exit IP": "198.51.100.9",
    "Ablaufdatum": "2026-12-01",
    "Paket": "Altin",
    "地区": "上海",
    "Foo": "bar",
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, Custom]:
    """A table with a row, its columns in any order and others among them, and the proxy in it."""
    proxy = draw(PROXIES)
    sign = draw(st.sampled_from(["\t", ";", ",", " | ", "|", "   "]))
    joined = draw(st.booleans())
    address = {"Proxy": f"{proxy.host}:{proxy.port}"} if joined else {"Host": proxy.host, "Port": str(proxy.port)}
    cells = address | {"User": proxy.user, "Password": proxy.password}
    for name in draw(st.lists(st.sampled_from(list(OTHERS)), unique=True, max_size=3)):
        cells[name] = OTHERS[name]
    parting = sign.strip(" ")
    # A cell that holds the sign would be two.
    assume(not parting or not any(parting in (cell or "") for cell in cells.values()))
    assume(":" not in (proxy.host or ""))
    names = draw(st.permutations(list(cells)))
    return f"{sign.join(names)}\n{sign.join(cells[name] or '' for name in names)}", proxy


@given(tables())
def test_a_row_is_read_by_its_header_whatever_other_columns_there_are(table: tuple[str, Custom]) -> None:
    text, proxy = table
    [found] = readings(text)
    assert (found.host, found.port, found.user) == (proxy.host, proxy.port, proxy.user)
    assert found.password in {proxy.password, None}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Host;Port;Password;User", "203.0.113.7;8000;{p};ana;US"),
        ("Host Port Password User", "203.0.113.7 8000 {p} ana extra"),
        ("country;ip;pass;port;user", "203.0.113.7:8000:{p}:ana"),
        ("Host;Port;Foo;User;Pass", "203.0.113.7;8000;ana;{p}"),
        ("ip;port;city;login;password;note", "203.0.113.7;8000;ana;{p};main"),
        ("IP  Port  City  User  Password  Expires", "203.0.113.7  8000    ana  {p}  2026-12-01"),
        ("IP,Port,City,User,Password,Note,Exp", '203.0.113.7,8000,"New York, NY",ana,{p},2026'),
        ("IP,Port,Type,User,Password", "203.0.113.7,8000,ftp,ana,{p}"),
        ("Login: ana\nPassword: Pw2secret\nIP,Port,Country", "203.0.113.7,8000,US"),
        ("IP,Port,User,Password,Country", "203.0.113.7,8000,ana,{p},US\nNew password: Pw2secret"),
    ],
)
def test_a_row_that_is_not_what_its_header_says_is_not_read_in_the_usual_order(header: str, row: str) -> None:
    assert readings(f"{header}\n{row.format(p=f'{PLANTED}1')}") == ()


def test_a_row_with_a_port_for_each_type_is_asked_about() -> None:
    found = readings(f"Login\tPassword\tIP\tPort HTTP\tPort SOCKS5\nana\t{PLANTED}1\t203.0.113.7\t8000\t8001")
    assert [(each.type, each.port, each.user) for each in found] == [
        (ProxyType.HTTP, 8000, "ana"),
        (ProxyType.SOCKS5, 8001, "ana"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| IP | Port | Country | Login | Password |\n|---|---|---|---|---|\n| 203.0.113.7 | 8000 | US | ana | {p} |",
        "Host;Port;User;Password;Rotation link\n203.0.113.7;8000;ana;{p}",
        'City,IP,Port,User,Password\n"New York, NY",203.0.113.7,8000,ana,{p}',
        'Name,Host,Port,User,Password,Notes\nwork,203.0.113.7,8000,ana,{p},"hello, world"',
        "Mine: user;pass;ip;port\nana;{p};203.0.113.7;8000",
        "IP,Port,User,Password (SOCKS5)\n203.0.113.7,8000,ana,{p}",
        "ip\tport\tlogin\n203.0.113.7\t8000\tana:{p}",
        "Type, Host, Password\nana:{p}@203.0.113.7:8000",
        "the ip port user password are\n203.0.113.7:8000:ana:{p}",
        "Name,Proxy,Login,Password\nShop 1,203.0.113.7:8000,ana,{p}",
        "STT\tIP\tCổng\tTài khoản\tMật khẩu\tHạn\n1\t203.0.113.7\t8000\tana\t{p}\t12/12/2026",
        "序号,地区,IP,端口,用户名,密码\n1,上海,203.0.113.7,8000,ana,{p}",
        "Host Port Foo User Pass\n203.0.113.7 8000 bar ana {p}",
    ],
)
def test_so_are_tables_as_dashboards_have_them(text: str) -> None:
    assert readings(text.format(p=f"{PLANTED}1")) == (Custom("203.0.113.7", 8000, None, "ana", f"{PLANTED}1"),)


@pytest.mark.parametrize(
    "said",
    [
        " (сначала пароль, потом логин)",
        "\nпервым идёт пароль",
        " 先密码后账号",
        " (pass:login)",
        " (password first, then username)",
        " (mật khẩu trước, tài khoản sau)",
        " (пароль:логин)",
    ],
)
def test_a_password_that_is_said_to_be_first_is_shown_as_no_user(said: str) -> None:
    assert readings(f"203.0.113.7:8000:{PLANTED}1:ana{said}") == ()
