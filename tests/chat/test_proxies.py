"""Every proxy choice, from the chat to the request that arrives at ixBrowser; and what was typed stays nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Step, step
from bot.domain.proxy import Custom, Extraction, ProxyType
from bot.storage.tables import drafts
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram_state import Button, Person
from tests.support.chatting import GROUP, labels, said, timed
from tests.support.journeys import ASKS, LINK, ONWARD, WAYS, asked, draft_of, furnish, newcomer, walk
from tests.support.world import World

#: Tests that share a world with the others of this module.
KEY_LINK = "https://proxies.example/next?key=k3y88f2ab91"

busy = pytest.mark.asyncio(loop_scope="module")

OFF = {"enable_bypass": "0", "bypass_list": ""}
CONFIRM = ASKS[Step.CONFIRM]


def custom(
    kind: str = "socks5", host: str = "203.0.113.7", port: str = "1080", user: str = "ana", password: str = "hunter2"
) -> dict[str, Any]:
    address = {"proxy_type": kind, "proxy_ip": host, "proxy_port": port}
    return {"proxy_mode": 2} | address | {"proxy_user": user, "proxy_password": password} | OFF


async def sent(world: World, code: str, person: Person) -> dict[str, Any] | None:
    """Confirm; the ``proxy_config`` that arrived, None where none did."""
    card = await world.tap("✅ Import", person)
    assert "Imported" in card.text, card.text
    [body] = [body for body in world.browser.imports if body["transfer_code"] == code]
    assert body.keys() <= {"transfer_code", "group_id", "proxy_config"}
    return body.get("proxy_config")


def gone(world: World, person: Person, *texts: str) -> bool:
    """Whether every message that said this has been deleted from the chat, and there was one."""
    messages = world.telegram.chat(person.id).messages
    return all([m.deleted for m in messages if not m.from_bot and m.text == text] == [True] for text in texts)


def dealt_round(rows: Mapping[str, tuple[str, Any]], steps: Sequence[Step]) -> Sequence[Any]:
    """Each row at one of the steps, by turns; at the others as well where the long tests are asked for."""
    return [
        pytest.param(at, *row, id=f"{at}-{name}", marks=[] if at is steps[number % len(steps)] else pytest.mark.long)
        for number, (name, row) in enumerate(rows.items())
        for at in steps
    ]


# --- what is not asked for --------------------------------------------------------------------------------------------


@busy
async def test_keep_sends_no_proxy_config(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PROXY, person)
    card = await busy_world.tap("Keep", person)
    assert "Proxy: the profile's own (Keep)" in card.text
    assert "Bypass" not in labels(card)
    assert await sent(busy_world, code, person) is None


@busy
async def test_direct_sends_that_there_is_none(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PROXY, person)
    card = await busy_world.tap("Direct", person)
    assert "Proxy: none (Direct)" in card.text
    assert await sent(busy_world, code, person) == {"proxy_mode": 2, "proxy_type": "direct"} | OFF


# --- a proxy that is typed --------------------------------------------------------------------------------------------

SPELLINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "as a URL": ("socks5://ana:hunter2@203.0.113.7:1080", custom()),
    "as a URL with escapes": ("http://an%40a:p%3A%2Fw@203.0.113.7:1080", custom("http", user="an@a", password="p:/w")),
    "type in front": ("socks5 203.0.113.7:1080:ana:hunter2", custom()),
    "type behind": ("203.0.113.7:1080:ana:hunter2 SOCKS5", custom()),
    "user in front": ("https ana:hunter2@203.0.113.7:1080", custom("https")),
    "address first, then @": ("ssh 203.0.113.7:1080@ana:hunter2", custom("ssh")),
    "user first, then colons": ("http ana:hunter2:203.0.113.7:1080", custom("http")),
    "with bars": ("socks5|203.0.113.7|1080|ana|hunter2", custom()),
    "with spaces": ("socks5 203.0.113.7 1080 ana hunter2", custom()),
    "in lines": ("Type: socks5\nIP: 203.0.113.7\nPort: 1080\nLogin: ana\nPassword: hunter2", custom()),
    "in Russian": ("Тип: http\nАдрес: 203.0.113.7\nПорт: 1080\nЛогин: ana\nПароль: hunter2", custom("http")),
    "in Chinese": ("类型：socks5\n地址：203.0.113.7\n端口：１０８０\n账号：ana\n密码：hunter2", custom()),
    "in Vietnamese": (
        "Loại: http\nMáy chủ: 203.0.113.7\nCổng: 1080\nTài khoản: ana\nMật khẩu: hunter2",
        custom("http"),
    ),
    "IPv6": ("socks5://ana:hunter2@[2001:db8::7]:1080", custom(host="2001:db8::7")),
    "a host's name": ("socks5h://ana:hunter2@Gate.Example.com:1080", custom(host="gate.example.com")),
    "without a login": ("https://203.0.113.7:443", custom("https", port="443", user="", password="")),
    "with a link behind": ("socks5://ana:hunter2@203.0.113.7:1080[https://rotate.example/?k=1]", custom()),
    "quoted": ("`socks5://ana:hunter2@203.0.113.7:1080`", custom()),
    "an odd password": ("socks5 203.0.113.7:1080:ana:p@s:s<b>&", custom(password="p@s:s<b>&")),
}


@busy
@pytest.mark.parametrize(("at", "text", "config"), dealt_round(SPELLINGS, [Step.PROXY, Step.CUSTOM]))
async def test_a_proxy_is_read_however_it_is_written_and_sent_as_documented(
    busy_world: World, at: Step, text: str, config: dict[str, Any]
) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, at, person)
    card = await busy_world.say(text, person)
    assert CONFIRM in card.text
    assert gone(busy_world, person, text)
    assert not config["proxy_password"] or config["proxy_password"] not in "\n".join(said(busy_world, person))
    assert await sent(busy_world, code, person) == config


@busy
@pytest.mark.parametrize("type_", ["http", "https", "socks5", "ssh"])
@pytest.mark.parametrize("tapped", [True, False])
async def test_the_type_is_asked_for_where_the_text_does_not_say_it(
    busy_world: World, type_: str, tapped: bool
) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.CUSTOM_TYPE, person)
    assert labels(card)[:4] == ["http", "https", "socks5", "ssh"]
    card = await walk(busy_world, f"[{type_}]" if tapped else type_, person=person)
    assert f"Proxy: {type_} 203.0.113.7:1080 as ana, password ••••" in card.text
    assert await sent(busy_world, code, person) == custom(type_)


@busy
async def test_the_password_is_asked_for_where_only_a_user_was_told(busy_world: World) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.PASSWORD, person)
    assert "Type the password for socks5 203.0.113.7:1080 as ana." in card.text
    card = await busy_world.say("hunter2", person)
    assert "as ana, password ••••" in card.text
    assert gone(busy_world, person, "hunter2")
    assert await sent(busy_world, code, person) == custom()


@busy
@pytest.mark.parametrize("password", ["with spaces in it", "cancel", "пароль", "<b>&amp;", "0"])
async def test_any_line_of_text_is_a_password(busy_world: World, password: str) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.PASSWORD, person)
    await busy_world.say(password, person)
    assert await sent(busy_world, code, person) == custom(password=password)


@busy
@pytest.mark.parametrize(
    ("choose", "config"),
    [
        (["[1.]", "hunter2"], custom("ssh")),
        (["[2.]", "[http]"], custom("http", password="ssh")),
    ],
)
async def test_an_ambiguous_text_is_asked_back(
    busy_world: World, choose: Sequence[str], config: dict[str, Any]
) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.READING, person)
    ways = [
        "1. ssh 203.0.113.7:1080, login 3, no password",
        "2. 203.0.113.7:1080, login 3, password 3 characters",
    ]
    assert "\n".join(ways) in card.text
    assert [label.rstrip("…") in way for label, way in zip(labels(card), ways, strict=False)] == [True, True]
    await walk(busy_world, *choose, person=person)
    assert await sent(busy_world, code, person) == config


@busy
async def test_instead_of_choosing_a_reading_it_can_be_typed_clearly(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.READING, person)
    card = await busy_world.say("http://ana:hunter2@203.0.113.7:1080", person)
    assert CONFIRM in card.text
    assert await sent(busy_world, code, person) == custom("http")


WRONG: dict[str, tuple[str, str]] = {
    "no port": ("203.0.113.7", "The port is missing"),
    "a port too high": ("203.0.113.7:99999:ana:s3cr3t", "99999 is not a port: ports go from 1 to 65535"),
    "a port in words": ("203.0.113.7:port:ana:s3cr3t", "The port is not a number"),
    "an address that is none": ("203.0.113.700:1080:ana:s3cr3t", "“203.0.113.700” can't be a proxy's address"),
    "a type that there is not": ("socks4://ana:s3cr3t@203.0.113.7:1080", "but no socks4"),
    "no address": ("ana:12345", "I see no proxy's address in this"),
    "a range of ports": ("gate.example.com:10000-10010:ana:s3cr3t", "This is a range of ports"),
    "a label that nobody knows": (
        "IP: 203.0.113.7:1080\nLogin: ana\nSalasana: s3cr3t",
        "I don't know what “Salasana” means",
    ),
    "two passwords": ("203.0.113.7:1080\nLogin: ana\nPassword: s3cr3t\nPassword: other", "appears twice"),
    "a link": ("https://proxies.example/next", "This is a link, not a proxy"),
    "no proxy at all": ("hello s3cr3t", "I can't read a proxy in this"),
    "far too long": (f"203.0.113.7:1080:ana:{'s3cr3t' * 100}", "This is too long"),
}


@busy
@pytest.mark.parametrize(
    ("at", "text", "remark"), dealt_round(WRONG, [Step.PROXY, Step.CUSTOM, Step.CUSTOM_TYPE, Step.READING])
)
async def test_what_is_wrong_with_a_proxy_is_said_and_the_text_is_deleted_all_the_same(
    busy_world: World, at: Step, text: str, remark: str
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.say(text, person)
    assert remark in card.text
    assert ASKS[at] in card.text
    assert gone(busy_world, person, text)
    assert "s3cr3t" not in "\n".join(said(busy_world, person))


@busy
@pytest.mark.parametrize(
    ("text", "remark"), [("two\nlines", "A password is one line of text"), ("x" * 257, "This is too long")]
)
async def test_what_is_wrong_with_a_password_is_said(busy_world: World, text: str, remark: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.PASSWORD, person)
    card = await busy_world.say(text, person)
    assert remark in card.text
    assert ASKS[Step.PASSWORD] in card.text
    assert gone(busy_world, person, text)


# --- proxies that ixBrowser has ---------------------------------------------------------------------------------------


@busy
async def test_a_saved_proxy_is_sent_with_the_address_that_ixbrowser_keeps(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.SAVED, person)
    card = await busy_world.tap("socks5 203.0.113.7:1080", person)
    assert "Proxy: socks5 203.0.113.7:1080 (saved)" in card.text
    assert await sent(busy_world, code, person) == custom(user="eva", password="kept by ixBrowser")
    assert "kept by ixBrowser" not in "\n".join(said(busy_world, person))


@busy
async def test_a_static_proxy_is_sent_by_its_number(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.STATIC, person)
    card = await busy_world.tap("http 198.51.100.9:8000", person)
    assert "Proxy: http 198.51.100.9:8000 (static)" in card.text
    [number] = [key for key, row in busy_world.browser.proxies.items() if row["type"] == 2]
    assert await sent(busy_world, code, person) == {"proxy_mode": 3, "proxy_id": number} | OFF


@busy
@pytest.mark.parametrize(("label", "new_ip"), [("Keep the IP (5–60 min)", False), ("New IP at every opening", True)])
async def test_a_residential_proxy_is_sent_with_its_package_and_its_ip_policy(
    busy_world: World, label: str, new_ip: bool
) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.IP_POLICY, person)
    assert labels(card)[:2] == ["Keep the IP (5–60 min)", "New IP at every opening"]
    [package] = busy_world.browser.packages
    card = await busy_world.tap(label, person)
    policy = "a new IP at every opening" if new_ip else "the IP stays for 5–60 minutes"
    assert f"Proxy: Supplier A · {package} (residential, {policy})" in card.text
    wanted = {"proxy_mode": 1, "proxy_id": package, "gateway": "Default", "traffic_package_ip_policy": new_ip}
    assert await sent(busy_world, code, person) == wanted | OFF


@busy
@pytest.mark.parametrize(
    ("type_", "format_", "label", "method"),
    [
        ("http", "ip:port", "When the old one stops working", "invalid"),
        ("https", "ip:port:username:password", "At every opening", "every_type"),
        ("socks5", "username:password@ip:port", "When the old one stops working", "invalid"),
        ("ssh", "ip:port@username:password", "At every opening", "every_type"),
        ("http", "username:password:ip:port", "At every opening", "every_type"),
    ],
)
async def test_an_extraction_link_is_sent_with_its_type_format_and_method(
    busy_world: World, type_: str, format_: str, label: str, method: str
) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.LINK, person)
    card = await walk(busy_world, LINK, f"[{type_}]", f"[{format_}]", f"[{label}]", person=person)
    when = f"{label[0].lower()}{label[1:]}"
    assert f"Proxy: from a link ({type_}, {format_}), a new one {when}" in card.text
    assert gone(busy_world, person, LINK)
    assert "k3y-of-the-link" not in "\n".join(said(busy_world, person))
    assert (
        await sent(busy_world, code, person)
        == {
            "proxy_mode": 4,
            "proxy_check_line": "global_line",
            "proxy_type": type_,
            "proxy_service": "general",
            "proxy_data_format_type": "txt",
            "proxy_data_txt_format": format_,
            "proxy_extraction_method": method,
            "proxy_url": LINK,
        }
        | OFF
    )


@busy
@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("proxies.example/next?key=s3cr3t", "This is not a link"),
        ("https://proxies.example/two words", "This is not a link"),
        (f"https://proxies.example/{'s3cr3t' * 400}", "This is too long"),
    ],
)
async def test_what_is_no_link_is_said_and_deleted_all_the_same(busy_world: World, text: str, remark: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.LINK, person)
    card = await busy_world.say(text, person)
    assert remark in card.text
    assert ASKS[Step.LINK] in card.text
    assert gone(busy_world, person, text)


@busy
@pytest.mark.parametrize("at", [Step.LINK_TYPE, Step.FORMAT, Step.METHOD])
async def test_a_link_that_is_typed_again_where_a_tap_is_wanted_is_the_new_one(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    again = f"{KEY_LINK}&again=1"
    card = await busy_world.say(again, person)
    assert ASKS[Step.LINK_TYPE] in card.text
    assert gone(busy_world, person, again)
    draft = await draft_of(busy_world, person)
    assert draft.proxy == Extraction(link=again)


@busy
@pytest.mark.parametrize("at", [Step.RESIDENTIAL, Step.IP_POLICY, Step.CONFIRM])
async def test_words_where_a_tap_is_wanted_are_answered_and_stay(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.say("the first one please", person)
    advice = "Tap ✅ Import to start" if at is Step.CONFIRM else "Please tap one of the buttons below."
    assert advice in card.text
    assert ASKS[at] in card.text
    assert not gone(busy_world, person, "the first one please")


# --- which kinds are offered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("add", "offered"),
    [
        (lambda _: None, []),
        (FakeIxBrowser.add_saved_proxy, ["Saved"]),
        (FakeIxBrowser.add_static_proxy, ["Static"]),
        (FakeIxBrowser.add_traffic_package, ["Residential"]),
    ],
)
async def test_kinds_that_ixbrowser_has_none_of_are_not_offered(
    world: World, add: Callable[[FakeIxBrowser], object], offered: list[str]
) -> None:
    add(world.browser)
    card = await world.say(world.browser.offer())
    assert labels(card) == ["Keep", "Direct", "Custom", "Extraction link", *offered, "Back", "Cancel"]


async def test_many_saved_proxies_stand_on_pages(world: World) -> None:
    for number in range(20):
        world.browser.add_saved_proxy("http", f"203.0.113.{number}", port="80", note=f"No {number} <b>& 店")
    code = world.browser.offer()
    card = await walk(world, code, "[Saved]")
    assert "Page 1 of 3" in card.text
    assert labels(card)[0] == "http 203.0.113.0:80 · No 0 <b>& 店"
    card = await walk(world, "[Next ›]", "[Next ›]")
    assert labels(card)[:4] == [f"http 203.0.113.{number}:80 · No {number} <b>& 店" for number in range(16, 20)]
    card = await world.tap("http 203.0.113.19:80")
    assert "Proxy: http 203.0.113.19:80 · No 19 <b>& 店 (saved)" in card.text
    assert await sent(world, code, world.ana) == custom("http", "203.0.113.19", "80", "", "")


async def test_a_list_of_proxies_that_has_become_empty_says_so(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.add_saved_proxy()
        await world.say(world.browser.offer())
        world.browser.proxies.clear()
        clock.jump(10)
        card = await world.tap("Saved")
        assert "ixBrowser has none of these any more. Tap Back." in card.text
        assert labels(card) == ["Back", "Cancel"]
        assert "Saved" not in labels(await world.tap("Back"))


async def test_where_no_list_of_proxies_can_be_read_the_other_kinds_are_offered(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        furnish(world.browser)
        await world.say(world.browser.offer())
        world.browser.logged_in = False
        card = await world.tap("Default")
        assert "ixBrowser is logged out. Log in at the computer" in card.text
        assert labels(card) == ["Keep", "Direct", "Custom", "Extraction link", "Try again", "Back", "Cancel"]

        world.browser.logged_in = True
        clock.jump(2)
        card = await world.tap("Try again")
        assert "logged out" not in card.text
        assert labels(card)[4:] == ["Saved", "Static", "Residential", "Back", "Cancel"]


@pytest.mark.parametrize("at", [Step.SAVED, Step.STATIC, Step.RESIDENTIAL])
async def test_of_proxies_that_cannot_be_read_now_the_last_list_is_shown_and_can_be_tried_again(
    tmp_path: Path, at: Step
) -> None:
    async with timed(tmp_path) as (world, clock):
        furnish(world.browser)
        code = world.browser.offer()
        *before, last = WAYS[at]
        await walk(world, code, *before)
        clock.jump(10)
        world.browser.running = False
        card = await walk(world, last)
        assert ASKS[at] in card.text
        assert (
            "ixBrowser is not running. Somebody has to start it at the computer."
            " This list is from less than a minute ago." in card.text
        )
        assert labels(card)[1:] == ["Try again", "Back", "Cancel"]

        world.browser.running = True
        clock.jump(2)
        assert "not running" not in (await world.tap("Try again")).text
        card = await walk(world, *ONWARD[at])
        assert CONFIRM in card.text
        assert [found.text for found in (await draft_of(world)).codes] == [code]


async def test_one_list_that_fails_does_not_stop_the_others(world: World) -> None:
    world.browser.add_traffic_package("Supplier A")
    world.browser.always("proxy-list", refusal(1004))
    card = await world.say(world.browser.offer())
    assert "ixBrowser had an internal error" in card.text
    assert "Residential" in labels(card)
    assert CONFIRM in (await world.tap("Keep")).text


# --- secrets ----------------------------------------------------------------------------------------------------------


@busy
@pytest.mark.parametrize("at", [Step.GROUP, Step.GROUP_TITLE, Step.BYPASS, Step.IP_POLICY, Step.CONFIRM])
@pytest.mark.parametrize(
    "text", ["socks5://ana:s3cr3t@203.0.113.9:1080", "use socks5 203.0.113.9:1080:ana:s3cr3t please"]
)
async def test_a_proxy_with_its_password_that_nobody_asked_for_is_taken_and_its_message_deleted(
    busy_world: World, at: Step, text: str
) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    await busy_world.say(text, person)
    assert "Got the proxy. I deleted your message, since it held a password or a key." in said(busy_world, person)
    assert gone(busy_world, person, text)
    draft = await draft_of(busy_world, person)
    assert draft.proxy == Custom("203.0.113.9", 1080, ProxyType.SOCKS5, "ana", "s3cr3t")
    assert step(draft) is (at if at in {Step.GROUP, Step.GROUP_TITLE} else Step.CONFIRM)
    assert "s3cr3t" not in f"{await busy_world.rows(drafts)}" + "\n".join(said(busy_world, person))


@busy
async def test_a_link_that_is_sent_to_the_last_card_is_taken_and_its_message_deleted(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CONFIRM, person)
    await busy_world.say(KEY_LINK, person)
    assert step(await draft_of(busy_world, person)) is Step.LINK_TYPE
    assert gone(busy_world, person, KEY_LINK)


@pytest.mark.parametrize("title", ["Shops 2024 new batch", "Q4: ads", "shop.de 80 old stock", "ana@shop"])
async def test_a_groups_name_is_not_taken_for_a_proxy(world: World, title: str) -> None:
    card = await walk(world, world.browser.offer(), "[Keep]", "[Change group]", "[➕ New group]", title)
    assert f"Group: {title}" in card.text


async def test_in_a_group_no_secret_is_asked_for(world: World) -> None:
    chat = world.telegram.add_group(GROUP, "Team", can_delete=True)
    card = await world.say(world.browser.offer(), chat=chat)
    assert labels(card) == ["Keep", "Direct", "🔒 Continue in private", "Back", "Cancel"]
    assert "are chosen in a private chat with me" in card.text

    for action in ("proxy:custom", "proxy:extraction"):
        data = str(card.all_buttons[0].callback_data).replace("proxy:keep", action)
        world.telegram.press(world.ana, card, Button("forged", data))
        await world.rest()
    assert ASKS[Step.PROXY] in chat.card.text

    text = "socks5://ana:s3cr3t@203.0.113.7:1080"
    world.telegram.say(world.ana, text, chat, reply_to=chat.card)
    await world.rest()
    # What everybody could read is used at once, since it is deleted.
    assert "Proxy: socks5 203.0.113.7:1080 as ana, password ••••" in chat.card.text
    assert [message.deleted for message in chat.messages if message.text == text] == [True]


async def test_where_the_bot_may_not_delete_a_secret_it_says_so(world: World) -> None:
    chat = world.telegram.add_group(GROUP, "Team", can_delete=False)
    card = await world.say(world.browser.offer(), chat=chat)
    world.telegram.say(world.ana, "socks5://ana:s3cr3t@203.0.113.7:1080", chat, reply_to=card)
    await world.rest()
    assert "I can't delete it: please delete it yourself." in "\n".join(said(world, chat))
