"""Forms in which sellers, their dashboards and their customers write proxies."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import read_password
from tests.domain.proxy_parsing.strategies import PLANTED, readings, refusal

P = f"{PLANTED}1"
PROXY = Custom("203.0.113.7", 8000, None, "ana", P)
BLOCK = f"IP: 203.0.113.7\nPort: 8000\nLogin: ana\nPassword: {P}"


@pytest.mark.parametrize(
    "text",
    [
        f"隧道域名：203.0.113.7 端口：8000 通行证书：ana 通行密钥：{P}",
        f"Proxy server\n203.0.113.7\nPort\n8000\nProxy login\nana\nProxy password\n{P}",
        f"Proxy IP\n203.0.113.7\nProxy port\n8000\nProxy login\nana\nProxy password\n{P}",
        f"dia chi: 203.0.113.7\ncong: 8000\ntai khoan: ana\nmat khau: {P}",
        f"IP: 203.0.113.7\nPort....: 8000\nLogin...: ana\nPassword: {P}",
        f"{BLOCK}\nAuthentication: Yes",
        f"{BLOCK}\nAuth: IP whitelist",
        f"{BLOCK}\n后台端口：8443\n认证方式：账号密码",
        f"proxy user ana proxy pass {P} proxy 203.0.113.7 proxy port 8000",
        f"{BLOCK}\nАвторизация: да",
        f"{BLOCK}\nAuthorization: login/password",
        f"{BLOCK}\nPreis: 3 EUR\nHarga: 3\nGiá: 85.000đ",
        f'{{server: "203.0.113.7:8000", username: "ana", password: "{P}"}}',
        f"ip是203.0.113.7，端口8000，账号ana，密码{P}",
        f"الخادم: 203.0.113.7\nالمنفذ: 8000\nاسم المستخدم: ana\nالباسورد: {P}",
        f"होस्ट: 203.0.113.7\nपोर्ट: 8000\nयूजर: ana\nपासवर्ड: {P}",
        f"호스트: 203.0.113.7\n포트: 8000\n아이디: ana\n비번: {P}",
        f"IP: 203.0.113.7\nпорт: 8000\nлогин: ana\nпарольчик: {P}",
        f"203.0.113.7:8000\nлог пас: ana {P}",
        f"203.0.113.7:8000\nлогпас: ana:{P}",
        f"203.0.113.7 8000 ana {P} PIN-код 4471",
        f"new password: ana:{P}@203.0.113.7:8000",
        f"mật khẩu mới: 203.0.113.7:8000:ana:{P}",
    ],
)
def test_a_login_is_read_whatever_its_parts_are_called(text: str) -> None:
    assert readings(text) == (PROXY,)


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ('{"code":0,"data":[{"ip":"203.0.113.7","port":8000,"city":"x"}]}', ("", "")),
        ('{"host":"203.0.113.7","port":8000,"user":"","password":""}', ("", "")),
        (f"http://ana:{P}@203.0.113.7:8000?changeip=x", ("ana", P)),
    ],
)
def test_so_are_answers_of_programs(text: str, login: tuple[str, str]) -> None:
    [found] = readings(text)
    assert (found.host, found.port, found.user, found.password) == ("203.0.113.7", 8000, *login)


@pytest.mark.parametrize("user", ["bWlrZTo4bXhhM3U=", "bWlrZTo4bXhhM3U"])
def test_a_login_in_base64_is_read_and_shown_nowhere(user: str) -> None:
    # v2rayN shares proxies so: "mike:8mxa3u"
    assert readings(f"socks://{user}@203.0.113.7:1080#US") == (
        Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "mike", "8mxa3u"),
    )
    assert readings("socks5://sessionabc@203.0.113.7:1080")[0].user == "sessionabc"


@pytest.mark.parametrize("name", ["Port 2", "Backup port", "Admin port", "SSH port", "Служебный порт"])
@pytest.mark.parametrize("first", [True, False])
def test_of_two_ports_each_may_be_meant_and_the_login_is_that_of_both(name: str, first: bool) -> None:
    lines = ["Port: 8000", f"{name}: 8443"]
    text = "\n".join(["IP: 203.0.113.7", *(lines if first else lines[::-1]), "Login: ana", f"Password: {P}"])
    found = readings(text)
    assert {(each.host, each.port, each.user, each.password) for each in found} == {
        ("203.0.113.7", 8000, "ana", P),
        ("203.0.113.7", 8443, "ana", P),
    }


def test_a_port_with_an_unknown_name_is_told() -> None:
    assert refusal(f"{BLOCK}\nCổng quản lý: 8443").reason == "unknown_label"


@pytest.mark.parametrize(
    "text",
    [
        "password for {a}: {p}",
        "пароль от прокси {a}: {p}",
        "密码 {a}：{p}",
        "пароль к {a} - {p}",
        "pass {a} {p}",
        "mật khẩu của {a}: {p}",
    ],
)
def test_a_password_without_its_user_is_no_user(text: str) -> None:
    assert readings(text.format(a="203.0.113.7:8000", p=P)) == ()


@pytest.mark.parametrize(
    ("above", "line"),
    [
        (BLOCK, "Zugangswort:{p}"),
        (BLOCK, "Zugangswort: {p}"),
        (BLOCK, "Zugangswort: ganz geheimes wort"),
        ("203.0.113.7:8000", "Zugangswort: {p}"),
        ("203.0.113.7:8000", "Zugangswort: ganz geheimes wort"),
        ("203.0.113.7:8000", "Zugangswort:\n{p}"),
    ],
)
def test_a_line_whose_label_is_not_known_is_never_dropped(above: str, line: str) -> None:
    assert refusal(f"{above}\n{line.format(p=P)}").reason in {"unknown_label", "unreadable"}


@pytest.mark.parametrize("text", ["用{x}", "用76686828-89727101和{x}", "你好，用这个代理{x}"])
def test_in_chinese_no_space_stands_in_front_of_an_address(text: str) -> None:
    assert readings(text.format(x=f"203.0.113.7:8000:ana:{P}")) == (PROXY,)


def test_a_user_who_is_spoken_of_is_no_login() -> None:
    assert readings("203.0.113.7:8000 user Tom says it is slow") == ()


@pytest.mark.parametrize(
    "behind", ["，谢谢", "谢谢", "这个", "，这个给店铺", "（socks5）", "。好的", " and my mail password: Y77yyyy"]
)
def test_what_a_sentence_adds_to_a_password_is_asked_about(behind: str) -> None:
    [found] = readings(f"代理：203.0.113.7:8000:ana:{P}{behind}")
    assert (found.user, found.password) == ("ana", None)


@pytest.mark.parametrize(
    "text",
    [
        "{x},{c}",
        "{x}|{c}",
        "{x};{c}",
        "{x}，{c}",
        "{x}----{c}",
        "{c},{x}",
        "迁移码：{c}，代理：{x}",
        "代码:{c},代理:{x}",
        "code:{c},proxy:{x}",
        "код:{c},прокси:{x}",
        "mã:{c},proxy:{x}",
        "{c}代理{x}",
        "{c}----{x}",
        "{c},ana:" + P + "@203.0.113.7:8000",
        "{x}|code:{c}",
    ],
)
def test_a_transfer_code_beside_a_proxy_is_no_part_of_it(text: str) -> None:
    [found] = readings(text.format(c="76686828-89727101", x=f"203.0.113.7:8000:ana:{P}"))
    assert (found.host, found.port, found.user, found.password) == ("203.0.113.7", 8000, "ana", P)


@pytest.mark.parametrize(
    "text",
    ["password: {p}", "sorry, password is {p}", "пароль: {p}", "mk: {p}", "密码是{p}", "密码：{p}", "mật khẩu: {p}"],
)
def test_a_password_that_is_asked_for_may_have_its_label(text: str) -> None:
    assert read_password(text.format(p=P)) == P


@pytest.mark.parametrize(
    "text", ["pass:word1", "correct horse battery", "password", "pass word1", "Pw1 password", "p:1"]
)
def test_what_may_be_a_password_as_it_stands_is_one(text: str) -> None:
    assert read_password(text) == text
