"""Proxies that a text sets aside for another, or of which it prefers one."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from bot.domain.message_secrets import secrets_in
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.finder import find_proxies
from bot.domain.proxy_parsing.reader import Clear, Unclear, read_proxy
from tests.domain.proxy_parsing.examples import ASKED, OF_OTHER, OTHER, READ, ROW, SOCKS5


@pytest.mark.parametrize(
    "text",
    [
        "~~{old}~~\n{new}",
        "~{old}~\n{new}",
        "~~{old}~~ → {new}",
        "<del>{old}</del>\n{new}",
        "# {old}\n{new}",
        "//{old}\n{new}",
        "; {old}\n{new}",
        "#proxy = {old}\nproxy = {new}",
        "/* {old} */\n{new}",
        "- {old}\n+ {new}",
        "{old} - не тот\n{new} вот этот",
        "{old} (not this one)\n{new}",
        "не тот: {old}. правильный {new}",
        "wrong: {old}\nright: {new}",
        "{old} ❌\n{new} ✅",
        "{old} 不是这个\n{new}",
        "{old} (устарел)\n{new}",
        "{old} (не работает), {new} (работает)",
        "don't use {old}\n{new}",
        "вместо {old} бери {new}",
        "[-] {old}\n[+] {new}",
        "замени {old} на {new}",
        "replace {old} with {new}",
        "thay {old} bằng {new}",
        "запасной пока не трогать: {old}\nосновной: {new}",
        "spare: {old}\nmain: {new}",
        "备用代理：{old}\n{new}",
        "❌ {old} ✅ {new}",
        "замени прокси {old} -> {new}",
        "replace {old} with the new {new}",
        "replace {old}\nwith\n{new}",
        "替换 {old} 为 {new}",
        "替换代理 {old} 成 {new}",
        "把 {old} 换成 {new}",
        "把代理 {old} 改成 {new}",
        "Replace proxy:\n{old}\nwith\n{new}",
        "Не работает {old}, замените на {new}",
        "Старый (не использовать): {old}\nНовый: {new}",
        "❌ {old}\n✅ {new}",
        "{old} is dead, I have {new} as well",
        "proxy cũ {old} chết rồi, proxy mới {new}",
        "旧代理 {old} 失效，新代理 {new}",
        "❌ {old}\n{new}",
        "не тот скинула 🙈 {old} — это Машин. Твой: {new}",
    ],
)
def test_one_that_a_mark_or_words_set_aside_is_passed_over(text: str) -> None:
    assert read_proxy(text.format(old=OTHER, new=ROW)) == Clear(READ)


@pytest.mark.parametrize(
    "text", ["✅ {new} ❌ {old}", "1. ✅ {new} ❌ {old}", "✔ {new} | ✖ {old}", "👍 {new} 👎 {old}"]
)
def test_a_mark_between_two_is_of_the_second_where_the_line_begins_with_one(text: str) -> None:
    assert read_proxy(text.format(old=OTHER, new=ROW)) == Clear(READ)


@pytest.mark.parametrize("text", ["{new}\n-- {old}", "{new}\n# {old}", "{new}\nbackup: {old}", "{new}\n备用 {old}"])
def test_one_behind_that_could_be_used_all_the_same_is_told_of(text: str) -> None:
    given = text.format(old=OTHER, new=ROW)
    assert read_proxy(given) == Clear(READ, several=True)
    assert secrets_in(given, Step.PROXY).more


@pytest.mark.parametrize("text", ["# {old}\n{new}", "backup {old}\n{new}", "备用 {old}\n{new}"])
def test_a_message_with_one_in_front_that_could_be_used_is_kept(text: str) -> None:
    assert secrets_in(text.format(old=OTHER, new=ROW), Step.PROXY).more


@pytest.mark.parametrize(
    "text",
    [
        "Замени прокси: {new}\n{old}",
        "Change done. Replace proxy: {new}\n{old}",
        "替换 {new}\n店铺3 {old}",
        "Замени прокси:\n{new}\n{old}",
        "Thay proxy: {new}\nProfile Mai: {old}",
        "For the site: {new}\nFor the shop: {old}",
        "My site {new}\n{old}",
        "Кабинет {new} {old}",
        "panel {new}\n{old}",
    ],
)
def test_where_words_may_name_the_new_or_what_it_is_for_both_are_asked_about(text: str) -> None:
    assert read_proxy(text.format(old=OTHER, new=ROW)) == Unclear((READ, OF_OTHER))


@pytest.mark.parametrize(
    "text",
    [
        "把 {new} 给小王，{old} 给小李",
        "bot {new}\ndatabase {old}",
        "use the US one\nUS: {new}\nUK: {old}",
        "use it\nUS: {new}\nUK: {old}",
    ],
)
def test_where_words_set_none_aside_or_pick_the_first_that_is_taken(text: str) -> None:
    assert read_proxy(text.format(old=OTHER, new=ROW)) == Clear(READ, several=True)


def test_one_to_be_replaced_may_be_told_without_its_login() -> None:
    bare = Custom("198.51.100.7", 8001, password="")
    assert read_proxy(f"Замени: 198.51.100.7:8001\n{ROW}") == Unclear((bare, READ))


def test_words_glued_to_it_in_chinese_pick_none_and_its_password_is_asked_for() -> None:
    assert read_proxy(f"把{ROW}用在店铺3\n{OTHER}") == Clear(ASKED, several=True)


def test_one_without_a_login_that_is_set_aside_is_passed_over() -> None:
    assert read_proxy("~~198.51.100.7:8001~~\n203.0.113.7:8000\nana:Pw1secret") == Clear(READ)


def test_a_scheme_behind_the_sign_of_a_comment_is_no_word() -> None:
    text = "#http://bob:Pw2secret@198.51.100.7:8001\nsocks5://ana:Pw1secret@203.0.113.7:8000"
    assert read_proxy(text) == Clear(SOCKS5)


@pytest.mark.parametrize(
    "text",
    [
        "#1 {first}\n#2 {second}",
        "# 1 {first}\n{second}",
        "#DE {first}\n#US {second}",
        "# these are new\n{first}\n{second}",
        "# {first}\n# {second}",
        "-- {first}\n-- {second}",
        "- {first}\n- {second}",
        "✅ {first}\n✅ {second}",
        "[x] {first}\n[ ] {second}",
        "{first} # DE\n{second} # US",
        "→ {first}\n→ {second}",
    ],
)
def test_what_all_have_or_numbers_them_is_no_mark(text: str) -> None:
    assert read_proxy(text.format(first=ROW, second=OTHER)) == Clear(READ, several=True)


@pytest.mark.parametrize("text", ["# {}", "~~{}~~", "[ ] {}", "{} ❌", "❌ {}", "пример: {}"])
def test_one_alone_is_read(text: str) -> None:
    assert read_proxy(text.format(ROW)).ways[0] == READ


@pytest.mark.parametrize(
    "text",
    [
        "{old}\n{new} вот этот",
        "{old}\n✅ {new}",
        "[ ] {old}\n[x] {new}",
        "☐ {old}\n☑ {new}",
        "{old}\nправильный: {new}",
        "format: {old}\n{new}",
        "{old}\nой не тот, вот: {new}",
        "{old} -> {new}",
        "{old}\nзамени на {new}",
        "{old}\nreplace it with {new}",
        "{old} 换成 {new}",
        "{old}\nмой: {new}",
        "pls use the UK one\n\nUS: {old}\nUK: {new}",
        "📍Бельгия\n{old}\n📍Франция\n{new}\nбери Францию",
        "美国 {old}\n英国 {new}\n用英国的",
    ],
)
def test_where_another_than_the_first_is_preferred_both_are_asked_about(text: str) -> None:
    given = text.format(old=OTHER, new=ROW)
    assert read_proxy(given) == Unclear((READ, OF_OTHER))
    assert [proxy.readings for proxy in find_proxies(given)] == [(READ, OF_OTHER)]
    assert secrets_in(given, Step.PROXY).choice == Custom(unclear=given)


@pytest.mark.parametrize(
    "text",
    [
        "Enter proxy as host:port:user:pass (e.g. 198.51.100.7:8001:u:p)\n{new}",
        "пример: 198.51.100.7:8001:user:pass\nмой: {new}",
        "например {old}\n{new}",
        "ví dụ 198.51.100.7:8001:user:pass\n{new}",
        "例如 {old}\n{new}",
        "Por ejemplo: {old}\n{new}",
        "format: 198.51.100.7:8001:user:pass\n{new}",
        "{old} (example)\n{new}",
        "Example:\nsocks5://user:pass@198.51.100.7:8001\n\nYours:\n{new}",
    ],
)
def test_an_example_is_passed_over(text: str) -> None:
    assert read_proxy(text.format(old=OTHER, new=ROW)) == Clear(READ)


def test_a_line_that_names_an_order_makes_no_example_of_the_next() -> None:
    assert read_proxy(f"format ip:port:user:pass\n{ROW}\n{OTHER}") == Clear(READ, several=True)


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:53200 api, прокси {new}",
        "127.0.0.1:9222 debug\n{new}",
        "локальный 192.168.1.5:3128 {new}",
        "listen 127.0.0.1:1080\nserver 203.0.113.7:8000 ana Pw1secret",
    ],
)
def test_an_address_of_the_computer_itself_is_passed_over_where_words_say_so(text: str) -> None:
    assert read_proxy(text.format(new=ROW)) == Clear(READ)


def test_where_no_words_say_so_both_are_asked_about() -> None:
    assert read_proxy(f"127.0.0.1:1080 → {ROW}") == Unclear((READ, Custom("127.0.0.1", 1080, password="")))


def test_with_a_login_an_address_of_the_computer_is_a_proxy() -> None:
    assert read_proxy(f"127.0.0.1:1080:bob:Pw2secret\n{ROW}").ways[0].host == "127.0.0.1"
