"""Of which proxy of a text a type is told, and by which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.reader import Clear, read_proxy
from tests.domain.proxy_parsing.examples import HTTP, OTHER, READ, ROW, SOCKS5
from tests.domain.proxy_parsing.strategies import refusal

URL = "http://ana:Pw1secret@203.0.113.7:8000"


@pytest.mark.parametrize(
    "text",
    [
        f"HTTP/S: {ROW}\nSOCKS5: {OTHER}",
        f"HTTPS/HTTP - {ROW}\nSOCKS5 - {OTHER}",
        f"Web proxy: {ROW}\nSOCKS5 proxy: {OTHER}",
        f"Обычный: {ROW}\nSocks: {OTHER}",
        f"{ROW}\n\nSOCKS5:\n{OTHER}",
        f"{ROW}\n{OTHER} socks5",
        f"{ROW}\n{OTHER}, тип: socks5",
        f"FR: {ROW}\nDE (socks5): {OTHER}",
        f"основной {ROW}, запасной socks5 {OTHER}",
        f"1) {ROW}\n2) socks5 {OTHER}",
        f"{ROW} — для Анны\n{OTHER} — для Олега, socks5",
    ],
)
def test_the_type_of_another_proxy_is_not_taken(text: str) -> None:
    assert read_proxy(text) == Clear(READ, several=True)


@pytest.mark.parametrize(
    "text",
    [
        f"socks5\n{ROW}\n{OTHER}",
        f"{ROW}\n{OTHER}\n\nsocks5",
        f"{ROW}\n{OTHER}\nвсе socks5",
        f"Тип: socks5\n{ROW}\n{OTHER}",
        f"SOCKS5:\n{ROW}\nHTTP:\n{OTHER}",
        f"{ROW} (socks5), {OTHER} (http)",
        f"SOCKS5 proxy: {ROW}\nHTTP proxy: {OTHER}",
        f"socks5 {ROW}\n{OTHER}",
    ],
)
def test_the_type_of_the_first_proxy_and_that_of_all_is_taken(text: str) -> None:
    assert read_proxy(text) == Clear(SOCKS5, several=True)


def test_a_type_that_cannot_be_used_is_of_its_own_proxy_alone() -> None:
    assert read_proxy(f"{ROW}\nsocks4 {OTHER}").ways[0].host == READ.host
    assert read_proxy(f"socks4 {ROW}\nsocks5 {OTHER}").ways[0].type is ProxyType.SOCKS5
    assert refusal(f"socks4 {ROW}").reason == "unsupported_type"


@pytest.mark.parametrize(
    "text",
    [
        f"{ROW}\n\nP.S. если нужен socks5 — пишите",
        f"{ROW}\nSocks5 available on request",
        f"{ROW}\nSOCKS5 по запросу",
        f"{ROW}\nПоддержка socks5 скоро",
        f"{ROW}\nSocks5: 8001",
        f"{ROW}, через ssh не ходит",
        f"{ROW} (SSH доступа нет)",
        f"{ROW} - not socks5",
        f"Купил вместо ssh вот: {ROW}",
        f"Smart http checker result → {ROW}",
        f"Proxy format IP:PORT:LOGIN:PASSWORD\n{ROW}\nSOCKS5 on request",
        f"Заказ на socks5\n{ROW}",
        f"works only with socks5, http is off\n{ROW}",
        f'профиль "SSH test" {ROW}',
        f'сервис "Socks Market"\n{ROW}',
        f"группа SSH, прокси {ROW}",
        f"分组「HTTP」 {ROW}",
        f'shop "Socks & Shoes" {ROW}',
        f"folder: SOCKS5\n{ROW}",
        f"{ROW} для профиля «SOCKS5 old»",
        f"{ROW}\nАккаунт: Socks Market",
        f"My SSH profile {ROW}",
        f"{ROW} # SSH group",
    ],
)
def test_neither_a_remark_nor_a_word_in_a_name_tells_a_type(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


@pytest.mark.parametrize(
    "text",
    [
        f"{URL} (выбирай socks5)",
        f"{URL} use as socks5",
        f"{URL} 用socks5",
        f"{URL}\nтип socks5",
        f"Protocol: SOCKS5\n{URL}",
        f"socks5 {URL}",
        f"{ROW} тип http или socks5?",
        f"{ROW} тип http. Или socks5?",
        f"тип сокс5, нет, хттп!! {ROW}",
        f"type: socks5, sorry, http\n{ROW}",
        "socks5://ana:Pw1secret@203.0.113.7:8000 sorry it's http not socks5",
    ],
)
def test_where_one_type_is_told_and_another_too_it_is_asked_for(text: str) -> None:
    assert read_proxy(text) == Clear(READ)


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
    assert read_proxy(text) == Clear(HTTP)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        (f"{ROW} supports https sites, type: http", ProxyType.HTTP),
        (f"нужен был socks5, но дали http: {ROW}", ProxyType.HTTP),
        (f"{ROW} no socks5, http only", ProxyType.HTTP),
        (f"This is your new socks5 proxy for the shop: {ROW}", ProxyType.SOCKS5),
        (f"SOCKS5 inbound: {ROW}", ProxyType.SOCKS5),
        (f"{ROW} socks5 для инсты", ProxyType.SOCKS5),
        (f"{ROW}\nGermany, 30 days, socks5", ProxyType.SOCKS5),
        (
            "代理主机 203.0.113.7\n代理端口 8000\n代理账号 ana\n代理密码 Pw1secret\n代理类型 HTTPS",
            ProxyType.HTTPS,
        ),
    ],
)
def test_what_is_said_of_the_proxy_tells_its_type(text: str, type_: ProxyType) -> None:
    assert read_proxy(text) == Clear(replace(READ, type=type_))


@pytest.mark.parametrize(
    "text",
    [
        f'type: "socks5"\n{ROW}',
        f'"socks5" {ROW}',
        f"«SOCKS5 proxy» {ROW}",
        f'"socks5 {ROW}"',
        '{"type":"socks5","host":"203.0.113.7","port":8000,"user":"ana","pass":"Pw1secret"}',
        f"прокси для профиля: socks5 {ROW}",
        f"профиль 3, socks5, {ROW}",
        f"{ROW} socks5 профиль 3",
        f"Proxy format IP:PORT:LOGIN:PASSWORD\n\n{ROW}\n\nProtocol: SOCKS5\nReplacement within 24h",
        "socks5\nip,port,user,pass\n203.0.113.7,8000,ana,Pw1secret",
        f"Заказ №90312 · IPv6 · SOCKS5\n{ROW}\nСпасибо за покупку!",
        f"ganti proxy ya: {ROW}, tipe socks5",
        f"{ROW}, giao thức socks5 nhé",
        f"{ROW}, тип сокс5. На вторую пока ничего",
        'proxy = dict(scheme="socks5", hostname="203.0.113.7", port=8000, username="ana", password="Pw1secret")',
        "SOCKS5-прокси: хост 203.0.113.7 порт 8000 логин ana пароль Pw1secret",
    ],
)
def test_a_type_in_quotes_beside_a_name_or_behind_a_label_is_told(text: str) -> None:
    assert read_proxy(text) == Clear(SOCKS5)


@pytest.mark.parametrize("word", ["sock5", "sock5:", "socs5", "soks5", "sox5", "s0cks5", "SOCKS5-прокси:"])
def test_a_mistyped_type_is_the_type(word: str) -> None:
    assert read_proxy(f"{word} {ROW}") == Clear(SOCKS5)


def test_a_user_may_be_called_like_a_mistyped_type() -> None:
    assert read_proxy("203.0.113.7:8000:sock5:Pw1secret") == Clear(replace(READ, user="sock5"))
