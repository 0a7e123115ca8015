"""Of which proxy of a text a type is told."""

from __future__ import annotations

import pytest

from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from bot.errors import InputError

PROXY = "203.0.113.7:8000:ana:Pw1secret"
OTHER = "198.51.100.7:8001:bob:Pw2secret"


@pytest.mark.parametrize(
    "text",
    [
        f"HTTP/S: {PROXY}\nSOCKS5: {OTHER}",
        f"HTTPS/HTTP - {PROXY}\nSOCKS5 - {OTHER}",
        f"Web proxy: {PROXY}\nSOCKS5 proxy: {OTHER}",
        f"Обычный: {PROXY}\nSocks: {OTHER}",
        f"{PROXY}\n\nSOCKS5:\n{OTHER}",
        f"{PROXY}\n{OTHER} socks5",
        f"{PROXY}\n{OTHER}, тип: socks5",
        f"FR: {PROXY}\nDE (socks5): {OTHER}",
        f"основной {PROXY}, запасной socks5 {OTHER}",
        f"1) {PROXY}\n2) socks5 {OTHER}",
        f"{PROXY} — для Анны\n{OTHER} — для Олега, socks5",
    ],
)
def test_the_type_of_another_proxy_is_not_taken(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"), several=True)


@pytest.mark.parametrize(
    "text",
    [
        f"socks5\n{PROXY}\n{OTHER}",
        f"{PROXY}\n{OTHER}\n\nsocks5",
        f"{PROXY}\n{OTHER}\nвсе socks5",
        f"Тип: socks5\n{PROXY}\n{OTHER}",
        f"SOCKS5:\n{PROXY}\nHTTP:\n{OTHER}",
        f"{PROXY} (socks5), {OTHER} (http)",
        f"SOCKS5 proxy: {PROXY}\nHTTP proxy: {OTHER}",
        f"socks5 {PROXY}\n{OTHER}",
    ],
)
def test_its_own_is(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", "Pw1secret"), several=True)


@pytest.mark.parametrize(
    "text",
    [
        f"{PROXY}\n\nP.S. если нужен socks5 — пишите",
        f"{PROXY}\nSocks5 available on request",
        f"{PROXY}\nSOCKS5 по запросу",
        f"{PROXY}\nПоддержка socks5 скоро",
        f"{PROXY}\nSocks5: 8001",
        f"{PROXY}, через ssh не ходит",
        f"{PROXY} (SSH доступа нет)",
        f"{PROXY} - not socks5",
        f"Купил вместо ssh вот: {PROXY}",
        f"Smart http checker result → {PROXY}",
    ],
)
def test_a_remark_tells_no_type(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (f"{PROXY} supports https sites, type: http", ProxyType.HTTP),
        (f"нужен был socks5, но дали http: {PROXY}", ProxyType.HTTP),
        (f"{PROXY} no socks5, http only", ProxyType.HTTP),
        (f"This is your new socks5 proxy for the shop: {PROXY}", ProxyType.SOCKS5),
        (f"SOCKS5 inbound: {PROXY}", ProxyType.SOCKS5),
        (f"{PROXY} socks5 для инсты", ProxyType.SOCKS5),
        (f"{PROXY}\nGermany, 30 days, socks5", ProxyType.SOCKS5),
    ],
)
def test_what_is_said_of_the_proxy_does(text: str, type_: ProxyType) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, type_, "ana", "Pw1secret"))


def test_a_type_that_cannot_be_used_is_of_its_own_proxy_alone() -> None:
    assert _first(f"{PROXY}\nsocks4 {OTHER}").ways[0].host == "203.0.113.7"
    assert _first(f"socks4 {PROXY}\nsocks5 {OTHER}").ways[0].type is ProxyType.SOCKS5
    with pytest.raises(InputError):
        read_proxy(f"socks4 {PROXY}")


def _first(text: str) -> Clear:
    reading = read_proxy(text)
    assert isinstance(reading, Clear)
    return reading


@pytest.mark.parametrize(
    "text",
    [
        f'профиль "SSH test" {PROXY}',
        f'сервис "Socks Market"\n{PROXY}',
        f"группа SSH, прокси {PROXY}",
        f"分组「HTTP」 {PROXY}",
        f'shop "Socks & Shoes" {PROXY}',
        f"folder: SOCKS5\n{PROXY}",
        f"{PROXY} для профиля «SOCKS5 old»",
        f"{PROXY}\nАккаунт: Socks Market",
        f"My SSH profile {PROXY}",
        f"{PROXY} # SSH group",
    ],
)
def test_a_word_in_a_name_tells_no_type(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        f'type: "socks5"\n{PROXY}',
        f'"socks5" {PROXY}',
        f"«SOCKS5 proxy» {PROXY}",
        f'"socks5 {PROXY}"',
        '{"type":"socks5","host":"203.0.113.7","port":8000,"user":"ana","pass":"Pw1secret"}',
        f"прокси для профиля: socks5 {PROXY}",
        f"профиль 3, socks5, {PROXY}",
        f"{PROXY} socks5 профиль 3",
    ],
)
def test_a_type_in_quotes_or_beside_a_name_is_told(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", "Pw1secret"))


URL = "http://ana:Pw1secret@203.0.113.7:8000"


@pytest.mark.parametrize(
    "text",
    [
        f"{URL} (выбирай socks5)",
        f"{URL} use as socks5",
        f"{URL} 用socks5",
        f"{URL}\nтип socks5",
        f"Protocol: SOCKS5\n{URL}",
        f"socks5 {URL}",
    ],
)
def test_where_words_tell_another_type_than_a_scheme_it_is_asked_for(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        f"{URL} (not socks5)",
        f"{URL}\nsocks5 по запросу",
        f"{URL} (для профиля «SSH test»)",
        f"http прокси: {URL}",
        f'HTTPS_PROXY="{URL}"',
        f'proxies={{"https": "{URL}"}}',
    ],
)
def test_what_tells_no_other_type_leaves_a_scheme_as_it_is(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, ProxyType.HTTP, "ana", "Pw1secret"))


@pytest.mark.parametrize("word", ["sock5", "sock5:", "socs5", "soks5", "sox5", "s0cks5", "SOCKS5-прокси:"])
def test_a_mistyped_type_is_the_type(word: str) -> None:
    assert _first(f"{word} {PROXY}") == Clear(Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", "Pw1secret"))


def test_a_user_may_be_called_so() -> None:
    assert _first("203.0.113.7:8000:sock5:Pw1secret") == Clear(Custom("203.0.113.7", 8000, None, "sock5", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        f"Proxy format IP:PORT:LOGIN:PASSWORD\n\n{PROXY}\n\nProtocol: SOCKS5\nReplacement within 24h",
        "socks5\nip,port,user,pass\n203.0.113.7,8000,ana,Pw1secret",
        f"Заказ №90312 · IPv6 · SOCKS5\n{PROXY}\nСпасибо за покупку!",
        f"ganti proxy ya: {PROXY}, tipe socks5",
        f"{PROXY}, giao thức socks5 nhé",
        f"{PROXY}, тип сокс5. На вторую пока ничего",
        'proxy = dict(scheme="socks5", hostname="203.0.113.7", port=8000, username="ana", password="Pw1secret")',
        "SOCKS5-прокси: хост 203.0.113.7 порт 8000 логин ana пароль Pw1secret",
    ],
)
def test_the_type_that_a_label_names_is_told(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, ProxyType.SOCKS5, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        f"{PROXY} тип http или socks5?",
        f"Proxy format IP:PORT:LOGIN:PASSWORD\n{PROXY}\nSOCKS5 on request",
        f"Заказ на socks5\n{PROXY}",
        f"{PROXY} тип http. Или socks5?",
        f"works only with socks5, http is off\n{PROXY}",
    ],
)
def test_one_of_several_is_not(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"))


@pytest.mark.parametrize(
    "text",
    [
        f"тип сокс5, нет, хттп!! {PROXY}",
        f"type: socks5, sorry, http\n{PROXY}",
        "socks5://ana:Pw1secret@203.0.113.7:8000 sorry it's http not socks5",
    ],
)
def test_a_type_that_is_taken_back_is_asked_for(text: str) -> None:
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, None, "ana", "Pw1secret"))


def test_the_last_line_may_tell_the_type_in_chinese() -> None:
    text = "代理主机 203.0.113.7\n代理端口 8000\n代理账号 ana\n代理密码 Pw1secret\n代理类型 HTTPS"
    assert _first(text) == Clear(Custom("203.0.113.7", 8000, ProxyType.HTTPS, "ana", "Pw1secret"))
