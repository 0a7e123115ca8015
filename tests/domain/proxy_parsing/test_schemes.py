"""A scheme in front of a login, and signs that join fields in one text and stand within a domain in another."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.proxy_parsing.types import TYPES
from tests.domain.proxy_parsing.strategies import PLANTED, PORTS, mistake_of, readings, shown

#: A login and an address in which every sign is one that joins.
JOINED = (
    *("{u} {p} {h} {n}", "{u}----{p}----{h}----{n}", "{u}|{p}|{h}|{n}", "{u} | {p} | {h} | {n}", "{u};{p};{h};{n}"),
    *("{u},{p},{h},{n}", "{u}:{p} {h}:{n}", "{u}:{p}\n{h}:{n}", "{u}:{p} @ {h}:{n}"),
)


#: Without signs that join fields, and with a digit, so that they are no words of a sentence.
LOGINS = st.from_regex(r"[a-z]{3,8}([.][a-z]{3,6})?[0-9]", fullmatch=True)
SECRETS = st.from_regex(rf"{PLANTED}[A-Za-z0-9]{{0,9}}[0-9]", fullmatch=True)


@given(
    st.ip_addresses(v=4).map(str), PORTS, LOGINS, SECRETS, st.sampled_from(["socks5", "http"]), st.sampled_from(JOINED)
)
@example("203.0.113.7", 1, "yok.aaa0", f"{PLANTED}0", "socks5", "{u} | {p} | {h} | {n}")
def test_a_scheme_in_front_of_a_login_says_what_the_word_says(  # noqa: PLR0917 - Hypothesis gives them by position
    host: str, port: int, user: str, password: str, scheme: str, form: str
) -> None:
    written = form.format(u=user, p=password, h=host, n=port)
    found = readings(f"{scheme}://{written}")
    assert found == readings(f"{scheme} {written}")
    assert (host, port, user, password) in {(each.host, each.port, each.user, each.password) for each in found}
    assert {each.type for each in found} == {TYPES[scheme]}


@pytest.mark.parametrize("text", ["socks5://gate:1080 ana {p}", "socks5://gate:1080:ana:{p}"])
def test_behind_a_scheme_a_name_without_a_dot_is_a_host(text: str) -> None:
    [found] = readings(text.format(p=f"{PLANTED}7"))
    assert (found.host, found.port, found.user, found.password) == ("gate", 1080, "ana", f"{PLANTED}7")


def test_of_two_such_hosts_the_first_is_taken() -> None:
    assert [each.port for each in readings("http://gate:1080\nhttp://gate:1081")] == [1080]


@pytest.mark.parametrize("host", ["a---0.a---0.com", "x----1.y----2.example", "shop---7.gate.example"])
@pytest.mark.parametrize(
    "form",
    [
        "{h}:1080:ana:{p}",
        "{h}:1080@ana:{p}",
        "ana:{p}:{h}:1080",
        "ana:{p}@{h}:1080",
        "socks5://ana:{p}@{h}:1080",
        "IP: {h}\nPort: 1080\nLogin: ana\nPassword: {p}",
        "host={h} port=1080 user=ana pass={p}",
    ],
)
def test_hyphens_of_a_domain_join_no_fields(host: str, form: str) -> None:
    [found] = readings(form.format(h=host, p=f"{PLANTED}7"))
    assert (found.host, found.port, found.user, found.password) == (host, 1080, "ana", f"{PLANTED}7")


@pytest.mark.parametrize("host", ["a---0.com", "r3---sn.gate.example", "a---0.a---0.com", "x----1.y----2.example"])
@pytest.mark.parametrize(
    "form",
    [
        "u:{p}:{h}:1080",
        "ana:{p}---x:{h}:1080",
        "ana:{p}---x@{h}:1080",
        "ana:x@{p}@{h}:1080",
        "ana---x:{p}@{h}:1080",
        "ana----:{p}@{h}:1080",
        "ana---x:{p}:{h}:1080",
        "{h}:1080:ana:{p}---8080",
        "my proxy {h}:1080@ana---x:{p}",
    ],
)
def test_nor_do_they_where_the_login_has_some_too(host: str, form: str) -> None:
    assert {(way.host, way.port) for way in readings(form.format(h=host, p=PLANTED))} == {(host, 1080)}


@pytest.mark.parametrize("form", ["proxy:ana:{p}---gate.example:1080", "代理：ana:{p}----gate.example:1080"])
def test_a_name_glued_on_to_the_login_is_no_part_of_it(form: str) -> None:
    [found] = readings(form.format(p=f"{PLANTED}7"))
    assert (found.host, found.port, found.user, found.password) == ("gate.example", 1080, "ana", f"{PLANTED}7")


@pytest.mark.parametrize("form", ["ana----{p}----gate.example:1080", "gate.example:1080----ana----{p}"])
@pytest.mark.parametrize("password", [f"{PLANTED}7:b:c", f"a:b:{PLANTED}7", f"{PLANTED}@7:b"])
def test_between_four_hyphens_a_password_may_have_colons(form: str, password: str) -> None:
    [found] = readings(form.format(p=password))
    assert (found.host, found.port, found.user, found.password) == ("gate.example", 1080, "ana", password)


@pytest.mark.parametrize("host", ["gate.example", "203.0.113.7"])
@pytest.mark.parametrize("form", ["ana{s}{p}{s}{h}{s}1080", "{h}{s}1080{s}ana{s}{p}", "ana{s}{p}{s}{h}:1080"])
@pytest.mark.parametrize("sign", ["---", "----", "==", "##", "||"])
def test_signs_that_stand_several_times_join_fields(host: str, form: str, sign: str) -> None:
    [found] = readings(form.format(h=host, s=sign, p=f"{PLANTED}7"))
    assert (found.host, found.port, found.user, found.password) == (host, 1080, "ana", f"{PLANTED}7")


@pytest.mark.parametrize("around", ["{x}", "Germany – {x}"])
@pytest.mark.parametrize("login", ['mk:"{p}', "tk:'{p}", "a.-hi:{p}", "a-hi:{p}", "hi:{p}", "a--mk:{p}"])
def test_nor_does_a_quote_that_nothing_ends_or_a_hyphen_make_a_label_of_it(login: str, around: str) -> None:
    written = login.format(p=PLANTED)
    user, _, password = written.partition(":")
    for way in readings(around.format(x=f"{written}@gate.example:1080")):
        assert (way.host, way.port, way.user) == ("gate.example", 1080, user)
        assert way.password in (password, None)


@pytest.mark.parametrize("user", ["mk", "tk", "pw", "user", "login", "ana"])
@pytest.mark.parametrize("sign", [":", "::"])
def test_what_stands_before_an_address_is_a_login_although_it_is_called_as_a_label(user: str, sign: str) -> None:
    found = readings(f"{user}{sign}{PLANTED}@gate.example:1080")
    assert {(each.host, each.port, each.user) for each in found} == {("gate.example", 1080, user)}
    # With two signs it may begin with one.
    assert {each.password for each in found} <= {PLANTED, None}


@pytest.mark.parametrize("password", [f"({PLANTED}://", f'"{PLANTED}://x', f"a({PLANTED}://"])
def test_what_is_a_scheme_within_a_password_is_not_told(password: str) -> None:
    mistake = mistake_of(f"ana:{password}@gate.example:1080")
    assert mistake is None or PLANTED.lower() not in str(mistake.values).lower()


@pytest.mark.parametrize("text", ["(htpp://{x})", '"(htpp://{x})"', "see <htpp://{x}>", "proxy: htpp://{x}"])
def test_a_mistyped_scheme_is_told_also_in_brackets(text: str) -> None:
    mistake = mistake_of(text.format(x=f"ana:{PLANTED}@gate.example:1080"))
    assert mistake is not None
    assert (mistake.reason, mistake.values) == ("unsupported_type", {"value": "htpp"})


@pytest.mark.parametrize("word", ["s5", "socks5", "http"])
@pytest.mark.parametrize("form", ["{a}:{w}:{p}:", "{w}:{p}:@{a}", "{w}:{p}::{a}"])
def test_what_ends_with_a_sign_behind_the_word_for_a_type_is_asked_about(word: str, form: str) -> None:
    found = readings(form.format(a="gate.example:1080", w=word, p=PLANTED))
    assert {(each.user, each.password) for each in found} == {(PLANTED, ""), (word, f"{PLANTED}:")}


@pytest.mark.parametrize("form", ["{a}:s5:ana:{p}", "s5:ana:{p}@{a}"])
def test_behind_the_word_for_a_type_stands_a_login(form: str) -> None:
    [found] = readings(form.format(a="gate.example:1080", p=PLANTED))
    assert (found.user, found.password, found.type) == ("ana", PLANTED, TYPES["socks5"])


@pytest.mark.parametrize("marks", ["", '"', "(", '<"', "('", '"("'])
@pytest.mark.parametrize("form", ["ana:{p}@h.example:1080", "ana:{p}:h.example:1080", "h.example:1080:ana:{p}"])
def test_a_scheme_within_a_password_is_no_type_and_is_not_shown(form: str, marks: str) -> None:
    text = form.format(p=f"{marks}{PLANTED}://x")
    assert PLANTED.lower() not in shown(text).lower()
    mistake = mistake_of(text)
    assert mistake is None or mistake.reason != "unsupported_type"


@pytest.mark.parametrize("form", ["{x}", '"{x}"', '("{x}")', "use <{x}> please", "use ('{x}') please"])
def test_a_type_that_there_is_not_is_told_behind_brackets_and_quotes_too(form: str) -> None:
    mistake = mistake_of(form.format(x="ftp://ana:pass@h.example:1080"))
    assert mistake is not None
    assert (mistake.reason, mistake.values) == ("unsupported_type", {"value": "ftp"})
