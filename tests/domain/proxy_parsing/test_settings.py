"""What programs and scripts are told of a proxy, and what stands beside it there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.finder import find_labelled_passwords
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import READ, WITHOUT_LOGIN
from tests.domain.proxy_parsing.readings import BARE
from tests.domain.proxy_parsing.strategies import readings, refusal

FULL = replace(BARE, user="ana", password="Pw1secret")
HTTP = ProxyType.HTTP


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("PROXY_AUTH=ana:Pw1secret\nPROXY=203.0.113.7:1080", FULL),
        ("PROXY_URL=203.0.113.7:1080\nPROXY_CREDENTIALS=ana:Pw1secret", FULL),
        ('export PROXY=203.0.113.7:1080\nexport PROXY_USERPASS="ana:Pw1secret"', FULL),
        ("PROXY_SERVER=203.0.113.7:1080\nPROXY_LOGIN=ana\nPROXY_PASSWD=Pw1secret", FULL),
        ("proxy_addr: 203.0.113.7:1080\nproxy_auth: ana:Pw1secret", FULL),
        ("--all-proxy=203.0.113.7:1080 --all-proxy-user=ana --all-proxy-passwd=Pw1secret", FULL),
        (
            "--http-proxy=http://203.0.113.7:1080 --http-proxy-user=ana --http-proxy-passwd=Pw1secret",
            replace(FULL, type=HTTP),
        ),
        ("--proxy http://203.0.113.7:1080 --proxy-login ana --proxy-pass Pw1secret", replace(FULL, type=HTTP)),
        ("tool --proxy 203.0.113.7:1080 -u ana -p Pw1secret", FULL),
        ("tool -p 203.0.113.7:1080 -u ana -P Pw1secret", FULL),
        ("tool -h 203.0.113.7 -p 1080 -u ana -P Pw1secret", FULL),
        ('{"proxy":"203.0.113.7:1080","proxy_auth":"ana:Pw1secret","expire":1798416000}', FULL),
        ('{"proxy":"203.0.113.7:1080","userpass":"ana:Pw1secret"}', FULL),
        ('{"proxy":"203.0.113.7:1080","basic_auth":"ana:Pw1secret"}', FULL),
        ('$proxy = "203.0.113.7:1080";\n$proxyauth = "ana:Pw1secret";', FULL),
        (
            "curl_setopt($ch, CURLOPT_PROXY, '203.0.113.7:1080');\n"
            "curl_setopt($ch, CURLOPT_PROXYUSERPWD, 'ana:Pw1secret');",
            FULL,
        ),
        (
            "$ch = curl_init();\ncurl_setopt($ch, CURLOPT_PROXY, '203.0.113.7');\n"
            "curl_setopt($ch, CURLOPT_PROXYPORT, 1080);\ncurl_setopt($ch, CURLOPT_PROXYUSERPWD, 'ana:Pw1secret');",
            FULL,
        ),
        (
            'System.setProperty("http.proxyHost", "203.0.113.7");\nSystem.setProperty("http.proxyPort", "1080");\n'
            'System.setProperty("http.proxyUser", "ana");\nSystem.setProperty("http.proxyPassword", "Pw1secret");',
            FULL,
        ),
        ('proxy = {"http": "203.0.113.7:1080"}\nauth = HTTPProxyAuth("ana", "Pw1secret")', replace(FULL, type=HTTP)),
        ("(203.0.113.7, 1080, 'ana', 'Pw1secret')", FULL),
        ('{"proxy":["203.0.113.7",1080,"ana","Pw1secret"]}', FULL),
        (
            "client = Client('a', 1, 'h', proxy=(socks.SOCKS5, '203.0.113.7', 1080, True, 'ana', 'Pw1secret'))",
            replace(FULL, type=ProxyType.SOCKS5),
        ),
        (
            'WebProxy proxy = new WebProxy("203.0.113.7", 1080);\n'
            'proxy.Credentials = new NetworkCredential("ana", "Pw1secret");',
            FULL,
        ),
        ("ssh ana@203.0.113.7 -p 1080\nPassword: Pw1secret", replace(FULL, type=ProxyType.SSH)),
        ("sshpass -p 'Pw1secret' ssh -p 1080 ana@203.0.113.7", replace(FULL, type=ProxyType.SSH)),
        ('203.0.113.7:1080 "ana:Pw1secret"', FULL),
        ("203.0.113.7:1080\n'ana:Pw1secret'", FULL),
        ("IP203.0.113.7端口1080用户ana密码Pw1secret类型socks5", replace(FULL, type=ProxyType.SOCKS5)),
        ("proxy = '203.0.113.7:1080'\nauth = aiohttp.BasicAuth('ana', 'Pw1secret')", FULL),
    ],
)
def test_names_of_settings_tell_which_part_of_a_proxy_they_hold(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        (
            "HTTP_PROXY=http://203.0.113.7:1080\nHTTPS_PROXY=http://203.0.113.7:1080\nNO_PROXY=localhost,127.0.0.1",
            replace(BARE, type=HTTP),
        ),
        ("HTTP_PROXY=http://203.0.113.7:1080\nTZ=Europe/Moscow\nDEBUG=1", replace(BARE, type=HTTP)),
        ("PROXY=203.0.113.7:1080\nAPP_ENV=staging2", BARE),
        ("203.0.113.7:1080\nretries=5 timeout=10", BARE),
        ('{"proxy":"203.0.113.7:1080","timeout":30}', BARE),
        (
            '{"proxies":{"default":{"httpProxy":"http://203.0.113.7:1080","noProxy":"*.test.example,.example.org"}}}',
            replace(BARE, type=HTTP),
        ),
        ("curl -x 203.0.113.7:1080 -k https://page.example", BARE),
        ("tool 203.0.113.7:1080 --verbose --retries=4", BARE),
        ("curl_setopt($ch, CURLOPT_PROXY, '203.0.113.7:1080');", BARE),
        ("203.0.113.7:1080/tcp ana Pw1secret", FULL),
        ("||203.0.113.7:1080||ana||Pw1secret||", FULL),
    ],
)
def test_what_is_about_something_else_is_no_login(text: str, proxy: Custom) -> None:
    assert read_proxy(text) == Clear(proxy)


@pytest.mark.parametrize(
    "text",
    [
        "PROXY=203.0.113.7:1080\nSTEAM_USERPASS=ana:Pw1secret",
        '{"proxy":"203.0.113.7:1080","foo":"Pw1secret"}',
        "HOME=ana:Pw1secret\n203.0.113.7:1080",
        '{"proxy":"203.0.113.7:1080","nick":"ana","code":"Pw1secret"}',
        "Proxy-Authorization: Basic YW5hOlB3MXNlY3JldA==\nHost: 203.0.113.7:1080",
    ],
)
def test_a_setting_that_may_hold_the_login_is_no_user_and_not_left_out(text: str) -> None:
    assert refusal(text).reason == "unreadable"


@pytest.mark.parametrize(
    "text",
    [
        "curl -x 203.0.113.7:1080 -u ana:Pw1secret https://page.example",
        "203.0.113.7:1080--ana:Pw1secret",
        "203.0.113.7:1080 creds below\nana\nPw1secret",
        "203.0.113.7:1080 доступы ниже\nana_7\nPw1secret",
    ],
)
def test_whether_a_login_is_that_of_the_proxy_is_asked(text: str) -> None:
    reading = read_proxy(text)
    assert isinstance(reading, Unclear)
    assert {(each.user, each.password) for each in reading.ways} <= {
        ("ana", "Pw1secret"),
        ("ana_7", "Pw1secret"),
        ("", ""),
    }


@pytest.mark.parametrize("user", ["-u", "--ana", "A_B=c", "$ana", "ana("])
def test_what_a_sign_joins_on_to_an_address_may_be_any_user(user: str) -> None:
    assert read_proxy(f"203.0.113.7:1080:{user}:Pw1secret") == Clear(replace(FULL, user=user))


@pytest.mark.parametrize("tail", ["US|NY|10001", "12345", "fb-ads-14", "US|Berlin|101X"])
def test_fields_behind_a_bar_may_be_no_part_of_a_password(tail: str) -> None:
    assert read_proxy(f"203.0.113.7:1080:ana:Pw1secret|{tail}") == Clear(replace(FULL, password=None))


def test_a_bar_within_a_password_is_a_part_of_it() -> None:
    assert read_proxy("203.0.113.7:1080:ana:pass|word") == Clear(replace(FULL, password="pass|word"))


def test_the_password_of_a_setting_is_found_in_any_text() -> None:
    text = "Proxy-Authorization: Basic YW5hOlB3MXNlY3JldA=="
    assert [text[slice(*span)] for span in find_labelled_passwords(text)] == ["Basic YW5hOlB3MXNlY3JldA=="]


@pytest.mark.parametrize("name", ["proxy-auth=", "userpwd=", "basic-auth=", "proxy_userpwd=", "proxyauth:"])
def test_the_name_of_a_login_is_no_user(name: str) -> None:
    found = readings(f"server=203.0.113.7:8000 {name}ana:Pw1secret")
    assert {each.user for each in found} <= {"ana"}


@pytest.mark.parametrize("text", ["пароль: --kotik", "password = hash(Pw1secret)", "пароль:\nHOME=kotik"])
def test_a_password_that_looks_like_a_setting_is_seen(text: str) -> None:
    assert find_labelled_passwords(text)


@pytest.mark.parametrize("password", ["None,x", "true, x"])
def test_no_value_is_cut_within_quotes(password: str) -> None:
    found = readings(f"(203.0.113.7, 1080, 'ana', '{password}')")
    assert {each.password for each in found} <= {password, None}


NCAT = "ncat --proxy 203.0.113.7:8000 --proxy-type {} --proxy-auth ana:Pw1secret"


@pytest.mark.parametrize("type_", [ProxyType.SOCKS5, ProxyType.HTTP])
@pytest.mark.parametrize("tail", ["", " gate.example 443", " --verbose"])
def test_an_option_whose_name_begins_like_another_is_read_by_its_own(type_: ProxyType, tail: str) -> None:
    assert read_proxy(NCAT.format(type_.value) + tail) == Clear(replace(READ, type=type_))


def test_the_value_of_an_option_is_one_word() -> None:
    text = "curl --proxy 203.0.113.7:8000 -U ana:Pw1secret gate.example"
    assert read_proxy(text) == Clear(READ)


def test_words_on_either_side_of_options_are_no_login() -> None:
    text = "ncat --proxy 203.0.113.7:8000 --proxy-type socks5 gate.example 443"
    assert read_proxy(text) == Clear(replace(WITHOUT_LOGIN, type=ProxyType.SOCKS5))


@pytest.mark.parametrize("sign", ["#", "//", ";", "--"])
def test_a_login_in_a_comment_is_asked_about(sign: str) -> None:
    found = read_proxy(f"adb shell settings put global http_proxy 203.0.113.7:8000 {sign} bobKx8 Zp2mQ").ways
    assert [(each.user, each.password) for each in found] == [("bobKx8", "Zp2mQ"), ("", "")]


def test_a_login_whose_user_may_begin_with_the_sign_of_a_comment_is_asked_about() -> None:
    found = read_proxy("203.0.113.7:8000 #ana Pw1secret").ways
    assert [each.user for each in found] == ["ana", "#ana", ""]


@pytest.mark.parametrize("comment", ["# main proxy", "# DE", "# Facebook work", "#12 order"])
def test_another_comment_is_no_login(comment: str) -> None:
    assert read_proxy(f"203.0.113.7:8000 {comment}") == Clear(WITHOUT_LOGIN)


@pytest.mark.parametrize(
    "text",
    [
        "ssh -D 1080 ana@203.0.113.7 -p 8000 password Pw1secret",
        "ssh -N -D 1080 -p 8000 ana@203.0.113.7\nпароль: Pw1secret",
    ],
)
def test_a_command_of_ssh_may_have_options(text: str) -> None:
    assert read_proxy(text) == Clear(replace(READ, type=ProxyType.SSH))
