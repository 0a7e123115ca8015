"""Conversations over a draft, step by step: where each question is, and how to get there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.draft import Draft, Step
from bot.usecases.records import Place, StoredDraft
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram_state import Message, Person
from tests.support.world import PATIENCE, World

LINK = "https://proxies.example/next?key=k3y-of-the-link"

#: What is done from the first card on until a question is asked, in a furnished ixBrowser, by somebody who has never
#: imported before; the code itself is sent first. ``[…]`` is a button.
WAYS: Mapping[Step, tuple[str, ...]] = {
    Step.GROUP: (),
    Step.GROUP_TITLE: ("[➕ New group]",),
    Step.PROXY: ("[Shops EU]",),
    Step.CUSTOM: ("[Shops EU]", "[Custom]"),
    Step.READING: ("[Shops EU]", "203.0.113.7:1080:ana:ssh"),
    Step.CUSTOM_TYPE: ("[Shops EU]", "203.0.113.7:1080:ana:hunter2"),
    Step.PASSWORD: ("[Shops EU]", "socks5://ana@203.0.113.7:1080"),
    Step.SAVED: ("[Shops EU]", "[Saved]"),
    Step.STATIC: ("[Shops EU]", "[Static]"),
    Step.RESIDENTIAL: ("[Shops EU]", "[Residential]"),
    Step.IP_POLICY: ("[Shops EU]", "[Residential]", "[Supplier A]"),
    Step.LINK: ("[Shops EU]", "[Extraction link]"),
    Step.LINK_TYPE: ("[Shops EU]", "[Extraction link]", LINK),
    Step.FORMAT: ("[Shops EU]", "[Extraction link]", LINK, "[socks5]"),
    Step.METHOD: ("[Shops EU]", "[Extraction link]", LINK, "[socks5]", "[ip:port]"),
    Step.BYPASS: ("[Shops EU]", "[Direct]", "[Bypass]"),
    Step.CONFIRM: ("[Shops EU]", "[Direct]"),
}

#: How the import is reached from each of these questions.
ONWARD: Mapping[Step, tuple[str, ...]] = {
    Step.GROUP: ("[Shops EU]", "[Direct]"),
    Step.GROUP_TITLE: ("Shops Asia", "[Direct]"),
    Step.PROXY: ("[Direct]",),
    Step.CUSTOM: ("http://203.0.113.7:8080",),
    Step.READING: ("[2.]", "[socks5]"),
    Step.CUSTOM_TYPE: ("[socks5]",),
    Step.PASSWORD: ("hunter2",),
    Step.SAVED: ("[socks5 203.0.113.7:1080]",),
    Step.STATIC: ("[http 198.51.100.9:8000]",),
    Step.RESIDENTIAL: ("[Supplier A]", "[New IP]"),
    Step.IP_POLICY: ("[New IP]",),
    Step.LINK: (LINK, "[socks5]", "[ip:port]", "[At every opening]"),
    Step.LINK_TYPE: ("[socks5]", "[ip:port]", "[At every opening]"),
    Step.FORMAT: ("[ip:port]", "[At every opening]"),
    Step.METHOD: ("[At every opening]",),
    Step.BYPASS: ("*.example.com",),
    Step.CONFIRM: (),
}

#: What the card says when it asks this.
ASKS: Mapping[Step, str] = {
    Step.CODES: "Send me a transfer code",
    Step.MEANT_CODE: "Did you mean",
    Step.MEANING: "Which of these do you mean?",
    Step.GROUP: "Which group?",
    Step.GROUP_TITLE: "name for the new group",
    Step.GROUP_MAKING: "Making the group",
    Step.PROXY: "Which proxy?",
    Step.CUSTOM: "Type the proxy",
    Step.READING: "Which one is right?",
    Step.CUSTOM_TYPE: "Which type is this proxy?",
    Step.PASSWORD: "Type the password",
    Step.SAVED: "Which of ixBrowser's saved proxies?",
    Step.STATIC: "Which static proxy?",
    Step.RESIDENTIAL: "Which traffic package?",
    Step.IP_POLICY: "Which IP",
    Step.LINK: "Send the extraction link",
    Step.LINK_TYPE: "Which type are the proxies",
    Step.FORMAT: "In which format does the link give proxies?",
    Step.METHOD: "When should ixBrowser take a new proxy",
    Step.BYPASS: "Which websites",
    Step.CONFIRM: "Import th",
    Step.RECEIVER: "Who gets it?",
    Step.HANDOFF_NOTE: "Type a note.",
    Step.EXPIRY: "when should it come back to you",
    Step.HAND_OVER: "over to",
}


def furnish(browser: FakeIxBrowser) -> None:
    """Something of every kind to choose from."""
    browser.add_group("Shops EU")
    browser.add_group("Shops US")
    browser.add_saved_proxy("socks5", "203.0.113.7", port="1080", user="eva", password="kept by ixBrowser")
    browser.add_static_proxy("http", "198.51.100.9", port="8000")
    browser.add_traffic_package("Supplier A")


async def walk(world: World, *steps: str, person: Person | None = None) -> Message:
    """Do one after another: write it, or press the button that it names in brackets. The newest card."""
    for what in steps:
        if what.startswith("[") and what.endswith("]"):
            await world.tap(what[1:-1], person)
        else:
            await world.say(what, person)
        await made(world, person)
    return world.card(person)


async def made(world: World, person: Person | None = None) -> Message:
    """Wait until no group is being made for somebody (Ana); the card as it is then."""
    await world.telegram.settled(lambda: ASKS[Step.GROUP_MAKING] not in world.card(person).text, PATIENCE)
    await world.rest()
    return world.card(person)


async def asked(world: World, step: Step, person: Person | None = None) -> tuple[Message, str]:
    """Somebody (Ana) is asked this about a fresh code; the card, and the code."""
    code = world.browser.offer("Shop Berlin")
    card = await walk(world, code, *WAYS[step], person=person)
    assert ASKS[step] in card.text, card.text
    return card, code


async def newcomer(world: World, name: str = "Mai") -> Person:
    """Somebody new, whom Ana lets in."""
    user_id = 2001
    while world.telegram.find(user_id) is not None:
        user_id += 1
    person = world.telegram.add_person(user_id, name)
    await world.let_in(person)
    return person


async def open_draft(world: World, person: Person | None = None) -> StoredDraft:
    """The open draft of somebody (Ana) in their private chat, as it is stored."""
    person = person or world.ana
    stored = await world.app.store.read(lambda work: work.drafts.find_open(Place(person.id, person.id, None, "en")))
    assert stored is not None, "no open draft"
    return stored


async def draft_of(world: World, person: Person | None = None) -> Draft:
    """What somebody (Ana) has answered in it."""
    return (await open_draft(world, person)).draft


async def codes_of(world: World) -> list[str]:
    """The codes of Ana's open draft."""
    return [code.text for code in (await draft_of(world)).codes]
