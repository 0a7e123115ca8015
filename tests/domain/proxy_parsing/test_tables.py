"""Labels with a sign of somebody's own between them and their values, a line each, as in tables."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import find_addresses
from tests.domain.proxy_parsing.strategies import (
    HOSTS,
    ODD_PASSWORDS,
    PLANTED,
    PORTS,
    PROXIES,
    SENTENCES,
    USERS,
    readings,
    shown,
)

TABLES = ("| Host | {h} |\n| Port | {n} |\n| Login | {u} |\n| Password | {p} |", "Логин » {u}\nПароль » {p}\n{h}:{n}")


@given(PROXIES, st.sampled_from(TABLES))
def test_lines_of_a_table_tell_what_labels_tell(proxy: Custom, form: str) -> None:
    assume(":" not in (proxy.host or ""))
    found = readings(form.format(h=proxy.host, n=proxy.port, u=proxy.user, p=proxy.password))
    assert {(each.host, each.port, each.user) for each in found} == {(proxy.host, proxy.port, proxy.user)}
    assert {each.password for each in found} <= {proxy.password, None}


@pytest.mark.parametrize("sign", [": ", " - ", " | ", " » ", " / "])
@pytest.mark.parametrize("user", ["pw", "pass", "password", "login", "ana"])
def test_a_user_that_is_the_word_for_a_password_is_a_user(user: str, sign: str) -> None:
    lines = [f"Host{sign}h.example", f"Port{sign}1080", f"Login{sign}{user}", f"Password{sign}{PLANTED}1"]
    assert readings("\n".join(lines)) == (Custom("h.example", 1080, None, user, f"{PLANTED}1"),)


@pytest.mark.parametrize("user", ["ana0P", "a-cc-0P", "anaU", "bob1IP", "x2Pass"])
@pytest.mark.parametrize("sentence", ["{x}", "my proxy is {x} ok?", "proxy: {x}", "host {x}"])
@pytest.mark.parametrize("sign", [":", "@", "/", "|", ";", ",", " "])
def test_a_user_that_ends_as_a_label_does_is_whole(user: str, sentence: str, sign: str) -> None:
    found = readings(sentence.format(x=f"h.example:1080{sign}{user}:{PLANTED}1"))
    # Behind a slash it may be a path.
    assert {each.user for each in found} <= ({user, ""} if sign == "/" else {user})


@pytest.mark.parametrize("sign", ["*", "_", "$", "%", "&", "-", "#", "~"])
@pytest.mark.parametrize("name", ["no", "ID", "ip", "host", "type", "key", "proxy", "server", "user", "pass"])
@pytest.mark.parametrize("form", ["ana:{p}:h.example:1080", "ana:{p}:203.0.113.7:1080", "ana:{p}@h.example:1080"])
def test_a_password_that_ends_as_a_label_does_is_whole(form: str, name: str, sign: str) -> None:
    password = f"{PLANTED}{sign}{name}"
    found = readings(form.format(p=password))
    assert any(each.user == "ana" and each.password in {password, None} for each in found)


@pytest.mark.parametrize("user", ["a-cc-0TK", "l_", "u_", "p_", "ana0User"])
@pytest.mark.parametrize(
    "form", ["host=h.example port=1080 user={u} pass={p}", "Login » {u}\nPassword » {p}\nh.example:1080"]
)
def test_a_labelled_user_that_looks_like_a_label_is_whole(user: str, form: str) -> None:
    [found] = readings(form.format(u=user, p=f"{PLANTED}1"))
    assert (found.host, found.port, found.user, found.password) == ("h.example", 1080, user, f"{PLANTED}1")


@pytest.mark.parametrize("sign", ["|", "·", "»", "~", "•"])
def test_a_sign_that_parts_a_label_from_its_value_is_no_user(sign: str) -> None:
    found = readings(f"h.example:1080 Login {sign} ana")
    assert sign not in {each.user for each in found}


@pytest.mark.parametrize("address", ["gate.example:1080", "203.0.113.7:1080"])
@pytest.mark.parametrize("header", ["ip:port:user:pass", "host:port:login:password"])
def test_a_line_may_have_another_order_than_its_header(header: str, address: str) -> None:
    [found] = readings(f"{header}\nana:9:{PLANTED}@{address}")
    assert (f"{found.host}:{found.port}", found.user, found.password) == (address, "ana", f"9:{PLANTED}")


@pytest.mark.parametrize("host", ["[2001:db8::12]", "198.51.100.9", "gate.example"])
def test_under_a_header_a_user_may_be_an_address_of_mail_and_a_password_a_number(host: str) -> None:
    [found] = readings(f"ip:port:user:pass\n{host}:1080:ana@shop.example:9090")
    assert (found.host, found.port, found.user, found.password) == (host.strip("[]"), 1080, "ana@shop.example", "9090")


def test_under_a_header_a_host_needs_no_dot() -> None:
    [found] = readings(f"ip:port:user:pass\ngate:1080:ana@shop.example:{PLANTED}")
    assert (found.host, found.port, found.user, found.password) == ("gate", 1080, "ana@shop.example", PLANTED)


@given(HOSTS, PORTS, USERS, ODD_PASSWORDS, st.sampled_from(TABLES), st.sampled_from(SENTENCES))
def test_no_part_of_a_password_in_a_table_is_shown(  # noqa: PLR0917 - Hypothesis gives them by position
    host: str, port: int, user: str, password: str, form: str, sentence: str
) -> None:
    # What holds an address of its own is not to be told from a proxy.
    assume("@" not in password and not find_addresses(password))
    text = sentence.format(x=form.format(h=host, n=port, u=user, p=password))
    assert PLANTED.lower() not in shown(text).lower()
