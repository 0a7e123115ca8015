"""A proxy that is typed, from the chat to the request that arrives at ixBrowser; and what was typed stays nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.domain.draft import Step, step
from bot.domain.proxy import Custom, ProxyType
from bot.storage.tables import drafts
from tests.standins.telegram_state import Button
from tests.support.chatting import GROUP, labels, said
from tests.support.journeys import ASKS, asked, draft_of, newcomer, walk
from tests.support.sent_proxies import NO_BYPASS, custom, gone, sent
from tests.support.world import World

KEY_LINK = "https://proxies.example/next?key=k3y88f2ab91"

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]


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
    assert await sent(busy_world, code, person) == {"proxy_mode": 2, "proxy_type": "direct"} | NO_BYPASS


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
    assert "Proxy: 203.0.113.7:1080 as ana, password ••••\n" in card.text
    card = await walk(busy_world, f"[{type_}]" if tapped else type_, person=person)
    assert f"Proxy: {type_} 203.0.113.7:1080 as ana, password ••••" in card.text
    assert await sent(busy_world, code, person) == custom(type_)


@busy
async def test_another_proxy_in_place_of_the_type_is_seen_on_the_card(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.CUSTOM_TYPE, person)
    card = await busy_world.say("203.0.113.8 - 1081 - bob - Zx9kLm2p", person)
    assert "Proxy: 203.0.113.8:1081 as bob, password ••••\n\nWhich type is this proxy?" in card.text
    assert gone(busy_world, person, "203.0.113.8 - 1081 - bob - Zx9kLm2p")


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
    "a type that there is not": ("socks4://ana:s3cr3t@203.0.113.7:1080", "but not socks4"),
    "no address": ("ana:12345", "I see no proxy address in this"),
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
    # Where buttons are to be tapped as well, nobody was told that what is typed is deleted.
    assert gone(busy_world, person, text) is ("s3cr3t" in text or at is not Step.PROXY)
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
    assert "Got the proxy. I deleted your message, because it contained a password or a key." in said(
        busy_world, person
    )
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
    assert labels(card) == ["Keep", "Direct", "🔒 Continue in private", "Hand over", "Back", "Cancel"]
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
