"""Labels that are spelled, marked or joined in another way than usual, or stand under a heading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from bot.domain.proxy_parsing.respelled import respelled
from tests.domain.proxy_parsing.examples import HTTP, READ, SOCKS5
from tests.domain.proxy_parsing.strategies import refusal

LINES = "Host: 203.0.113.7\nPort: 8000\nUsername: ana\nPassword: Pw1secret"


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ("HTTP proxy", HTTP),
        ("Proxy", READ),
        ("Прокси-сервер", READ),
        ("代理", READ),
        ("socks5代理", SOCKS5),
        ("Proxy details", READ),
    ],
)
def test_a_name_for_a_proxy_may_be_a_heading_over_labels(heading: str, read: Custom) -> None:
    assert read_proxy(f"{heading}\n{LINES}") == Clear(read)


def test_passwords_may_have_any_signs_under_a_heading() -> None:
    for password in ("Lk#J82sd", "#Lk82sd", "Ab@12cd!", "q|W2ertz"):
        text = f"HTTP proxy\n{LINES}".replace("Pw1secret", password)
        assert read_proxy(text) == Clear(replace(HTTP, password=password))


@pytest.mark.parametrize(
    "text",
    [
        "IP:203.0.113.7 Port:8000 Acc:ana Pwd:Pw1secret",
        "айпи 203.0.113.7\nпорт 8000\nлог ana\nпас Pw1secret",
        "сервак 203.0.113.7 порт 8000 лог ana пас Pw1secret",
        "usr ana pwd Pw1secret adr 203.0.113.7 prt 8000",
        "server=203.0.113.7;port=8000;uid=ana;pwd=Pw1secret",
        "203.0.113.7:8000\nЛог/Пар: ana/Pw1secret",
        "Лог: ana\nПар: Pw1secret\nСервак: 203.0.113.7\nПорт: 8000",
        "сервер 203.0.113.7 порт 8000 користувач ana пароль Pw1secret",
        "serwer 203.0.113.7 port 8000 użytkownik ana hasło Pw1secret",
        "sunucu 203.0.113.7 port 8000 kullanıcı ana şifre Pw1secret",
        "хост:порт 203.0.113.7:8000\nлогин ana\nпароль Pw1secret",
        "代理主机:代理端口 203.0.113.7:8000\n代理账号 ana\n代理密码 Pw1secret",
        "proxi 203.0.113.7:8000 loggin ana pasword Pw1secret",
        "203.0.113.7:8000\nusername: ana\npasswrod: Pw1secret",
        "203.0.113.7:8000 логн ana пороль Pw1secret",
    ],
)
def test_short_slangy_and_mistyped_names_are_labels(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


def test_a_mistyped_label_with_words_behind_it_is_told() -> None:
    assert refusal("203.0.113.7:8000 passwrod is wrong").reason == "unknown_label"


@pytest.mark.parametrize(
    "text",
    [
        "ip-203.0.113.7 port-8000 login-ana pass-Pw1secret",
        "203.0.113.7:8000 логин-ana пароль-Pw1secret",
        "прокси-203.0.113.7:8000:ana:Pw1secret",
        "Germany-203.0.113.7:8000:ana:Pw1secret",
    ],
)
def test_a_dash_joins_a_label_and_its_value(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("203.0.113.7:8000:login-ana:pass-Pw1", "login-ana", "pass-Pw1"),
        ("203.0.113.7 8000 user-ana Pw1secret", "user-ana", "Pw1secret"),
        ("203.0.113.7:8000 user-ana-country-us pass-word1", "user-ana-country-us", "pass-word1"),
    ],
)
def test_a_dash_in_a_login_is_a_part_of_it(text: str, user: str, password: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, user=user, password=password))


@pytest.mark.parametrize(
    "login",
    [" user-ana pass-word1", "\nuser-ana\npass-Pw1secret", " user—ana pass—Pw1secret", " my user-ana pass-word1"],
)
def test_where_only_the_login_has_dashes_they_may_be_a_part_of_it(login: str) -> None:
    whole = next(word for word in login.split() if word.startswith("user"))
    ways = tuple(replace(READ, user=user, password=None) for user in ("ana", whole))
    assert read_proxy(f"203.0.113.7:8000{login}") == Unclear(ways)


@pytest.mark.parametrize(
    "text",
    [
        "Address ......... 203.0.113.7\nPort ............ 8000\nLogin ........... ana\nPassword ........ Pw1secret",
        "Host …… 203.0.113.7\nPort …… 8000\nUser …… ana\nPass …… Pw1secret",
        "Host......203.0.113.7\nPort......8000\nUser......ana\nPass......Pw1secret",
        "*host:* 203.0.113.7\n*port:* 8000\n*user:* ana\n*pass:* Pw1secret",
        "_IP_: 203.0.113.7\n_Port_: 8000\n_Login_: ana\n_Password_: Pw1secret",
        "~host:~ 203.0.113.7\n~port:~ 8000\n~user:~ ana\n~pass:~ Pw1secret",
    ],
)
def test_leaders_and_marks_of_markdown_are_no_part_of_a_label(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize(
    "text",
    [
        "账号“ana”密码“Pw1secret”地址“203.0.113.7”端口“8000”",
        '账号"ana"密码"Pw1secret"地址"203.0.113.7"端口"8000"',
        "地址「203.0.113.7」端口「8000」账号「ana」密码「Pw1secret」",
        "логин «ana» пароль «Pw1secret» айпишник «203.0.113.7» порт «8000»",
        "логин: «ana»\nпароль: «Pw1secret»\nхост: «203.0.113.7»\nпорт: «8000»",
        "203.0.113.7:8000 логин «ana» пароль «Pw1secret»",
    ],
)
def test_values_may_stand_in_quotes(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize(
    "text",
    [
        "指纹浏览器代理设置：代理类型 Socks5 代理主机 203.0.113.7 代理端口 8000 代理账号 ana 代理密码 Pw1secret",
        "Hidemyacc: type SOCKS5, host 203.0.113.7, port 8000, user ana, pass Pw1secret",
        "IPv4 203.0.113.7\nSOCKS5 8000\nUsername ana\nPassword Pw1secret",
        "IP: 203.0.113.7\nSocks5 - 8000\nLogin: ana\nPassword: Pw1secret",
    ],
)
def test_a_type_under_a_heading_or_as_the_name_of_the_port_is_the_type(text: str) -> None:
    assert read_proxy(text) == Clear(SOCKS5)


@pytest.mark.parametrize("label", ["IP ", "IP: ", "Proxy: ", "прокси ", "Host: "])
def test_only_the_first_line_has_a_label(label: str) -> None:
    assert read_proxy(f"{label}203.0.113.7\n8000\nana\nPw1secret") == Clear(READ)


@pytest.mark.parametrize("text", ["pasword: Pw1", "логин «ana», пароль «Pw1»", "ip-203.0.113.7 port-80", "a-b «c»"])
def test_a_text_stays_as_long_as_it_is(text: str) -> None:
    assert len(respelled(text)) == len(text)
