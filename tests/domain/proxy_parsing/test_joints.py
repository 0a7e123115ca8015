"""Fields of a proxy that other signs join than a colon, with words around them, and such that nothing but spaces do."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.draft import Step
from bot.domain.message_secrets import secrets_in
from bot.domain.proxy import Custom
from bot.domain.typed_proxy import ways_to_read
from tests.domain.proxy_parsing.strategies import PLANTED, PORTS, readings

HOSTS = st.ip_addresses(v=4).map(str) | st.from_regex(r"[a-z]{2,8}\.[a-z]{2,8}(-[a-z]{2,4})?\.example", fullmatch=True)
LOGINS = st.from_regex(r"[a-z]{3,8}([.][a-z]{3,6})?[0-9]", fullmatch=True)
SECRETS = st.from_regex(rf"{PLANTED}[A-Za-z0-9]{{0,9}}[0-9]", fullmatch=True)
#: Host, port, user and password.
Parts = tuple[str, int, str, str]
PARTS = st.tuples(HOSTS, PORTS, LOGINS, SECRETS)
STEPS = st.none() | st.sampled_from(Step)

LONG = ("---", "----", "-----", "====", "~~~", "||||", "###")
ROWS = ("{h}{s}{n}{s}{u}{s}{p}", "{u}{s}{p}{s}{h}{s}{n}", "{h}:{n}{s}{u}{s}{p}", "{u}{s}{p}{s}{h}:{n}")
HALVES = ("{h}:{n}{s}{u}:{p}", "{u}:{p}{s}{h}:{n}")
AROUND = (
    *("{x}", "use {x}", "use {x} please", "my proxy {x}", "Shop 1 {x}", "{x} thanks", "28087799-19876849 {x}"),
    *(
        "{x} 28087799-19876849",
        "proxy: {x}",
        "прокси {x}",
        "прокси: {x} спасибо",
        "代理：{x}",
        "Shop Berlin\n{x}\nthanks",
    ),
    *("socks5 {x}", "socks5: {x}", "socks5://{x}", "{x} socks5", '"{x}"', "({x})", "dùng {x} nhé"),
)
#: Unusual signs, without spaces around them and with.
ODD = ("#", "~", "=", "*", "+", "&", "^", "!", ">", "=>", "->", "→", "、", "·", "•", "\\", "@", "::")
#: Such as domains and their pages hold as well.
ODD_OF_ADDRESSES = ("/", "_", "-")


def assert_found(text: str, asked: Step | None, expected: Parts) -> None:
    [proxy] = readings(text)
    assert (proxy.host, proxy.port, proxy.user, proxy.password) == expected
    found = secrets_in(text, asked)
    assert found.certain
    assert found.choice == proxy


@given(PARTS, st.sampled_from(LONG), st.sampled_from(ROWS + HALVES), st.sampled_from(AROUND), STEPS)
def test_signs_that_stand_several_times_join_fields_whatever_stands_around_them(
    parts: Parts, sign: str, form: str, around: str, asked: Step | None
) -> None:
    host, port, user, password = parts
    text = around.format(x=form.format(h=host, n=port, u=user, p=password, s=sign))
    assert_found(text, asked, parts)


@given(PARTS, st.sampled_from(ODD), st.sampled_from(ROWS[:2]), st.sampled_from(AROUND), STEPS)
def test_one_unusual_sign_joins_fields(parts: Parts, sign: str, form: str, around: str, asked: Step | None) -> None:
    host, port, user, password = parts
    for joint in (sign, f" {sign} "):
        text = around.format(x=form.format(h=host, n=port, u=user, p=password, s=joint))
        assert_found(text, asked, parts)


@pytest.mark.parametrize("sign", ODD_OF_ADDRESSES)
@pytest.mark.parametrize("form", ROWS[:2])
@pytest.mark.parametrize("around", ["{x}", "socks5://{x}", "socks5 {x}"])
@pytest.mark.parametrize("asked", [None, Step.GROUP, Step.CONFIRM])
def test_signs_of_domains_join_fields_around_an_address_of_numbers_or_with_spaces(
    sign: str, form: str, around: str, asked: Step | None
) -> None:
    for host, joint in (("203.0.113.7", sign), ("203.0.113.7", f" {sign} "), ("gate.example", f" {sign} ")):
        text = around.format(x=form.format(h=host, n=1080, u="ana", p=f"{PLANTED}7", s=joint))
        assert_found(text, asked, (host, 1080, "ana", f"{PLANTED}7"))


@pytest.mark.parametrize("text", ["gate.example/1080/ana/{p}", "gate-1080-ana.example-{p}", "203.0.113.0/24/ana/{p}"])
def test_what_may_be_a_page_or_a_network_is_no_proxy(text: str) -> None:
    assert secrets_in(text.format(p=f"{PLANTED}7"), None).choice is None


@pytest.mark.parametrize("sign", ["_", "--"])
@pytest.mark.parametrize("scheme", ["", "socks5://", "socks5 "])
def test_what_is_joined_as_parts_of_a_domain_are_is_doubtful(scheme: str, sign: str) -> None:
    found = secrets_in(scheme + sign.join(["gate.example.com", "1080", "ana", f"{PLANTED}7"]), Step.GROUP)
    assert found.doubtful
    assert found.choice is None


def test_so_are_pages_of_a_proxy() -> None:
    assert secrets_in(f"socks5://gate.example.com/1080/ana/{PLANTED}7", Step.GROUP).doubtful
    assert not secrets_in("https://shop.example.com/2024/sale/item7", Step.GROUP).doubtful


@pytest.mark.parametrize("password", ["pa--ss7", "pa|ss7", "pa;ss7", "pa,ss7", "pa~~ss7"])
def test_a_password_may_hold_other_signs_than_the_joint(password: str) -> None:
    ways = readings(f"203.0.113.7----1080----ana----{password}")
    assert {(way.host, way.port, way.user) for way in ways} == {("203.0.113.7", 1080, "ana")}
    assert {way.password for way in ways} <= {password, None}


@pytest.mark.parametrize("sign", ["|", "----", ";", ","])
def test_labelled_fields_may_be_joined_with_the_address_at_the_end(sign: str) -> None:
    [found] = readings(sign.join(["账号：ana", f"密码：{PLANTED}7", "203.0.113.7:1080"]))
    assert (found.host, found.port, found.user, found.password) == ("203.0.113.7", 1080, "ana", f"{PLANTED}7")


SPACED = (
    *("{h} {n} {u} {p}", "{h}:{n} {u} {p}", "{h}:{n} {u}:{p}", "{u} {p} {h} {n}", "{u}:{p} {h}:{n}"),
    *("{h}\n{n}\n{u}\n{p}", "{h}:{n}\n{u}\n{p}", "{h}:{n}\n{u}:{p}"),
)
#: With nothing else in its lines but words of a sentence.
ALONE = (
    "{x}",
    "use {x} please",
    "Shop Berlin\n{x}\nthank you",
    "socks5 {x}",
    "28087799-19876849 {x}",
    "{x}\n28087799 19876849",
)


@given(st.ip_addresses(v=4).map(str), PORTS, st.sampled_from(SPACED), st.sampled_from(ALONE), STEPS)
def test_a_login_that_only_spaces_join_is_used_where_nothing_else_is_said(
    host: str, port: int, form: str, around: str, asked: Step | None
) -> None:
    # Of a login in lines the last one has no words behind it.
    assume("\n" not in form or "please" not in around)
    text = around.format(x=form.format(h=host, n=port, u="ana7", p="Pw1secret"))
    found = secrets_in(text, asked)
    assert found.certain
    assert isinstance(found.choice, Custom)
    ways = ways_to_read(found.choice) if found.choice.unclear else [found.choice]
    assert (host, port, "ana7", "Pw1secret") in {(way.host, way.port, way.user, way.password) for way in ways}


@pytest.mark.parametrize("around", ["socks5 {x}", "{x}"])
@pytest.mark.parametrize("form", ["{h}:{n} {u} {p}", "{h}\n{n}\n{u}\n{p}"])
@pytest.mark.parametrize("asked", [None, Step.GROUP, Step.CONFIRM])
def test_so_is_one_beside_a_domain_with_its_port(form: str, around: str, asked: Step | None) -> None:
    text = around.format(x=form.format(h="gate.example.com", n=1080, u="ana7", p="Pw1secret"))
    assert_found(text, asked, ("gate.example.com", 1080, "ana7", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7:8080 nginx v1.25.3",
        "dev.example.com:8080 build a1b2c3d",
        "ping 203.0.113.7:80 timed out after 5000ms",
        "amazon.de 2024 batch7 shop22",
        "10.0.0.1:80 error E1234x seen on node9",
        "localhost:8080 admin panel2",
    ],
)
@pytest.mark.parametrize("asked", [None, Step.GROUP, Step.GROUP_TITLE])
def test_what_only_looks_like_one_stays(text: str, asked: Step | None) -> None:
    assert not secrets_in(text, asked).certain


@pytest.mark.parametrize(
    "around", ["({x})", "use ({x}) please", "use [{x}]", "use `{x}`, thanks", "«{x}»", "use {{{x}}}"]
)
@pytest.mark.parametrize(
    "form",
    [
        *("{u}:{p}:{h}:{n}", "{u}|{p}|{h}|{n}", "{u}:{p} {h}:{n}", "{u} {p} {h} {n}", "{h}:{n} {u}:{p}"),
        *("{h} {n} {u} {p}", "{u}:{p}@{h}:{n}", "{h}:{n}:{u}:{p}"),
    ],
)
def test_brackets_around_a_proxy_are_no_part_of_its_login(around: str, form: str) -> None:
    text = around.format(x=form.format(h="203.0.113.7", n=1080, u="ana7", p=f"{PLANTED}7"))
    assert ("203.0.113.7", 1080, "ana7", f"{PLANTED}7") in {
        (way.host, way.port, way.user, way.password) for way in readings(text)
    }
    assert secrets_in(text, Step.GROUP).certain
