"""What holds for every text in which a proxy stands: its host is kept, its password is shown nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.chat.drafting.notices import notice
from bot.domain.draft import Notice
from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.finder import find_labelled_passwords, find_links, find_proxies
from bot.domain.proxy_parsing.mistyped import is_mistyped
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from bot.domain.proxy_parsing.vocabulary import Part
from tests.domain.proxy_parsing.strategies import (
    ENDS_LIKE_REMARK,
    FORMS,
    HOSTS,
    ODD_PASSWORDS,
    PLANTED,
    PORTS,
    PROXIES,
    SENTENCES,
    SIGNS,
    USERS,
    T,
    address,
    mistake_of,
    readings,
    shown,
    written,
)


@given(PROXIES, st.sampled_from(FORMS), st.sampled_from(SENTENCES))
def test_a_proxy_is_read_or_asked_about_whatever_stands_around_it(proxy: Custom, form: str, sentence: str) -> None:
    found = readings(sentence.format(x=written(proxy, form)))
    assert found
    assert {(each.host, each.port) for each in found} == {(proxy.host, proxy.port)}
    assert any(each.user == proxy.user and each.password in (proxy.password, None) for each in found)


@given(HOSTS, PORTS, st.sampled_from(FORMS[:4]), USERS, ODD_PASSWORDS, st.sampled_from(SENTENCES))
@example("gate.example", 1, "{u}:{p}:{a}", "a-cc-00", f":1::{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a", f"1.é:1;{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a.aa", f"1;{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a.aa", f"1::{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a.aa", f"80::{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}:{a}", "a.aa", f"1::{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}:{a}", "a.aa", f"80;{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}:{a}", "a.aa", f"1@{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a.aa", f"80:x:{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a.aa", f"1':{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a", f'é.é:80"]{PLANTED}', "{x}")
@example("gate.example", 1, "{u}:{p}@{a}", "a", f"{PLANTED}[`1", "`{x}`")
@example("gate.example", 1, "{u}:{p}@{a}", "a", f"{PLANTED}(**1", "**{x}**")
@example("gate.example", 1, "{u}:{p}:{a}", "a", f"é:1:{PLANTED}", "{x}")
@example("gate.example", 1, "{u}:{p}:{a}", "a.aa", f"1:{PLANTED}", "{x}")
def test_no_reading_has_another_host_without_asking(  # noqa: PLR0917 - Hypothesis gives them by position
    host: str, port: int, form: str, user: str, password: str, sentence: str
) -> None:
    # Two proxies: "b.example:80;ana:ss@gate.example:8000".
    assume(not (find_addresses(f"{user}:{password}") and re.match(r"[0-9]+[|;,][^|;,:@/]+:", password)))
    found = readings(sentence.format(x=written(Custom(host=host, port=port, user=user, password=password), form)))
    # What can't be read is refused, and that is said.
    assert not found or (host, port) in {(each.host, each.port) for each in found}


def test_hardly_any_odd_password_is_refused() -> None:
    refused = []

    @settings(max_examples=400, derandomize=True, database=None)
    @given(HOSTS, PORTS, st.sampled_from(FORMS[:4]), USERS, ODD_PASSWORDS, st.sampled_from(SENTENCES))
    def read(host: str, port: int, form: str, user: str, password: str, sentence: str) -> None:  # noqa: PLR0917 - as above
        proxy = Custom(host=host, port=port, user=user, password=password)
        # Of two addresses nobody knows which is the proxy's.
        assume(not find_addresses(password))
        refused.append(not readings(sentence.format(x=written(proxy, form))))

    read()
    assert refused.count(True) <= len(refused) // 100


@given(HOSTS, PORTS, st.sampled_from(FORMS), USERS, ODD_PASSWORDS, st.sampled_from(SENTENCES))
def test_no_part_of_a_password_is_shown(  # noqa: PLR0917 - Hypothesis gives them by position
    host: str, port: int, form: str, user: str, password: str, sentence: str
) -> None:
    # One that is an address with its port is not to be told from a second proxy's.
    assume(all(PLANTED.lower() not in found.host.lower() for found in find_addresses(password)))
    proxy = Custom(host=host, port=port, user=user, password=password)
    text = sentence.format(x=written(proxy, form))
    assert PLANTED.lower() not in shown(text).lower()


LABELLED = (
    *("IP: {h}\nPort: {n}\nLogin: {u}\nPassword: {p}", "host={h} port={n} user={u} pass={p}"),
    *("Адрес: {h}\nПорт: {n}\nЛогин: {u}\nПароль: {p}", "主机：{h}\n端口：{n}\n账号：{u}\n密码：{p}"),
    *(
        "Máy chủ - {h}\nCổng - {n}\nTài khoản - {u}\nMật khẩu - {p}",
        "Host\n{h}\nPort\n{n}\nUsername\n{u}\nPassword\n{p}",
    ),
    *("{h}:{n}\nlogin: {u}\npassword: {p}", '{{"host": "{h}", "port": {n}, "username": "{u}", "password": "{p}"}}'),
    "curl -x {h}:{n} -U {u}:{p} https://checker.example/ip",
)


@given(PROXIES, st.sampled_from(LABELLED))
def test_labels_tell_what_they_tell(proxy: Custom, form: str) -> None:
    assume(":" not in (proxy.host or ""))
    text = form.format(h=proxy.host, n=proxy.port, u=proxy.user, p=proxy.password)
    found = readings(text)
    assert {(each.host, each.port, each.user) for each in found} == {(proxy.host, proxy.port, proxy.user)}
    assert {each.password for each in found} <= {proxy.password, None}


@given(HOSTS, PORTS, USERS, ODD_PASSWORDS, st.sampled_from(LABELLED), st.sampled_from(SENTENCES))
def test_no_part_of_a_labelled_password_is_shown(  # noqa: PLR0917 - Hypothesis gives them by position
    host: str, port: int, user: str, password: str, form: str, sentence: str
) -> None:
    # What begins with "//" makes a scheme of the user before it, which is told: "ana://secret".
    assume(":" not in host and not password.startswith("//"))
    text = sentence.format(x=form.format(h=host, n=port, u=user, p=password))
    mistake = mistake_of(text)
    if mistake is None:
        assert (host, port) in {(each.host, each.port) for each in readings(text)}
    else:
        # A name in front of the first label looks like a label of its own.
        assert (mistake.reason, mistake.values) == ("unknown_label", {"value": "Germany"})
    assert PLANTED.lower() not in shown(text).lower()


@given(PROXIES, st.from_regex(r"[A-Z][a-z]{3,9}wort", fullmatch=True), st.sampled_from([": ", " = ", " - "]))
@example(Custom(host="h.example", port=1, user="na"), "Aaaawort", ": ")
def test_a_labelled_line_that_is_not_understood_is_told_by_its_label(proxy: Custom, label: str, sign: str) -> None:
    # A typing error is understood: "Paaswort".
    assume(not is_mistyped(label.lower(), (Part.PASSWORD,)) and label not in ("Passwort", "Kennwort"))
    mistake = mistake_of(f"IP: {address(proxy)}\nLogin: {proxy.user}\n{label}{sign}{PLANTED}x1")
    assert mistake is not None
    assert (mistake.reason, mistake.values) == ("unknown_label", {"value": label})


@given(PROXIES, st.sampled_from(sorted(ProxyType)))
@example(Custom(host="203.0.113.7", port=1080, user="ana", password=f"{PLANTED}-BD"), ProxyType.SOCKS5)
@example(Custom(host="h.example", port=1, user="a", password=f"{PLANTED}-22-02"), ProxyType.HTTP)
def test_what_is_written_as_a_url_is_read_back(proxy: Custom, proxy_type: ProxyType) -> None:
    proxy = replace(proxy, type=proxy_type)
    read = read_proxy(f"{proxy_type}://{quote(proxy.user)}:{quote(proxy.password or '')}@{address(proxy)}")
    # What ends like a seller's remark is asked for, since only its person knows: "secret-DE".
    may_end_in_remark = ENDS_LIKE_REMARK.search(proxy.password or "")
    assert read == Clear(proxy) or (may_end_in_remark and read == Clear(replace(proxy, password=None)))


@given(HOSTS, PORTS)
def test_a_proxy_without_a_login_is_read_back(host: str, port: int) -> None:
    proxy = Custom(host=host, port=port, password="")
    assert read_proxy(address(proxy)) == Clear(proxy)


@given(USERS, st.integers(1, 99999))
def test_a_login_without_an_address_is_no_address(user: str, number: int) -> None:
    assume("." not in user)
    assert readings(f"{user}:{number}") == ()


PIECES = (
    *(
        "203.0.113.7",
        "[::1]",
        "a.b",
        "1080",
        "ana",
        "socks5",
        "socks4",
        "http://",
        "IP: ",
        "port=",
        "Пароль:",
        "密码：",
    ),
    *(":", "@", "|", ";", ",", " ", "\n", "://", "/x?y", "[https://a.b/c]", "%0A", "`", "ſcheme: ", "ıp: ", "\t", '"'),
    *(
        "t.me/socks?server=a&port=1",
        "28087799-19876849",
        "ip:port",
        "-U ",
        "curl -x ",
        "1) ",
        "🇩🇪",
        "password ",
        "Foo: ",
    ),
)
TEXTS = (
    st.text()
    | st.text(SIGNS + " \n0123456789[]\u200bs", max_size=80)
    | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
)


@given(TEXTS)
@example("ПАРОЛЬ:) 0.A:1")
@example("0.A:1 0.A:1;ПАРОЛЬ:0")
def test_no_text_is_too_strange_to_be_answered(text: str) -> None:
    mistake = mistake_of(text)
    if mistake is not None:
        assert "That can't be used here" not in notice(T, Notice(mistake.reason, mistake.values))
        return
    reading = read_proxy(text)
    found = reading.ways
    assert isinstance(reading, Clear) or 2 <= len(found) <= 4
    assert len(set(found)) == len(found)
    for proxy in found:
        assert proxy.host
        assert 1 <= (proxy.port or 0) <= 65535
        assert proxy.user or proxy.password is not None


@given(TEXTS)
def test_what_is_found_stands_in_the_text(text: str) -> None:
    for found in find_proxies(text):
        assert all(0 <= start < end <= len(text) for start, end in found.spans)
        assert list(found.spans) == sorted(found.spans)
    for link in find_links(text):
        assert text[slice(*link.span)].startswith(("http", "HTTP"))
    assert all(0 <= start < end <= len(text) for start, end in find_labelled_passwords(text))


@given(PROXIES, st.sampled_from(FORMS), st.sampled_from(SENTENCES))
@example(Custom(host="203.0.113.7", port=1080, user="a", password=f"{PLANTED}AAA"), "{u}:{p}:{a}", "{x}")
def test_a_found_proxy_covers_its_password(proxy: Custom, form: str, sentence: str) -> None:
    text = sentence.format(x=written(proxy, form))
    asked_or_evident = [found for found in find_proxies(text) if found.evident or len(found.readings) > 1]
    assert any(way.user == proxy.user for found in asked_or_evident for way in found.readings)
    rest = text
    for found in reversed(find_proxies(text)):
        for start, end in reversed(found.spans):
            rest = rest[:start] + rest[end:]
    assert PLANTED not in rest
