"""``/audit`` on the screen: what was done as sentences, in pages, of one person, of one kind."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.audit import texts
from bot.chat.translator import translator
from bot.storage.audit import audit
from bot.storage.tables import handled_updates
from bot.usecases.audit import AuditEntry, AuditKind
from bot.usecases.permissions import UseCase
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_checks import message_text, too_long
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import GROUP, imported, labels, said, snapshot, timed
from tests.support.updates import deliver, record_updates
from tests.support.world import ADMIN, MEMBER, STRANGER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")


#: Day, time and zone before an entry.
_WHEN = re.compile(r"^\d+ \w+ \d\d:\d\d (UTC\S* )?")


def sentences(page: Message) -> list[str]:
    """The entries of a page, without the times before them."""
    return [_WHEN.sub("", line) for line in page.text.partition("\n\n")[2].splitlines()]


async def test_what_people_did_is_told_in_sentences_newest_first(world: World) -> None:
    await world.say("/timezone UTC")
    await world.let_in(world.mai)
    await imported(world, person=world.mai)
    await world.say(f"/remove {MEMBER}")
    await world.say("Hello?", world.sam)
    page = await world.say("/audit")
    assert page.text.startswith("Who did what, newest first\n\n")
    assert sentences(page) == [
        f"{STRANGER} was not allowed to use this bot",
        "Ana removed Mai",
        "Mai confirmed import 1",
        "Ana allowed Mai as a member",
    ]
    assert labels(page) == ["By person", "By kind"]


async def test_without_an_entry_it_says_so(world: World) -> None:
    assert "There are no entries yet." in (await world.say("/audit")).text


async def test_times_are_the_readers(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await world.say("/timezone Asia/Tokyo")
        now = clock.now()
        # So that no minute begins meanwhile.
        clock.jump(60 - now.second)
        await world.let_in(world.mai)
        moment = translator("en").moment(clock.now(), "Asia/Tokyo")
        assert f"{moment} Ana allowed {MEMBER}" in (await world.say("/audit")).text


async def test_what_a_role_does_not_allow_is_noted_with_what_was_wanted(world: World) -> None:
    await world.let_in(world.mai)
    for command in ("/remove 7", "/audit", "/allow"):
        assert (await world.say(command, world.mai)).text == "Only an admin can do this."
    assert sentences(await world.say("/audit"))[:3] == [
        "Mai was not allowed to see who may use this bot",
        "Mai was not allowed to read the audit",
        "Mai was not allowed to see who may use this bot",
    ]


async def test_an_update_that_comes_again_is_noted_once(world: World) -> None:
    await world.let_in(world.mai)
    recorded = record_updates(world)
    await world.say("/remove 7", world.mai)
    await world.say("/allow 7")
    await world.say("Hello?", world.sam)
    before = await world.rows(audit)
    assert len(before) == 4
    for update in recorded:
        await deliver(world, update)
    assert await world.rows(audit) == before


async def test_a_stranger_is_noted_once_an_hour_also_by_a_bot_that_was_started_anew(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    for _ in range(2):
        async with running(settings_for(tmp_path), telegram=telegram) as world:
            for _ in range(3):
                await world.say("Hello?", world.sam)
            assert [row["actor_id"] for row in await world.rows(audit)] == [STRANGER]
    assert len(said(world, world.sam)) == 2


async def test_it_is_turned_and_filtered_by_buttons_in_one_message(world: World) -> None:
    await world.let_in(world.mai)
    for number in range(11):
        await world.say(f"/allow {7000 + number}")
    await world.say("/remove 7003")
    page = await world.say("/audit")
    assert labels(page) == ["Next ›", "By person", "By kind"]
    assert len(sentences(page)) == 10
    await world.tap("Next ›")
    assert sentences(page)[-1] == f"Ana allowed {MEMBER} as a member"
    assert labels(page) == ["‹ Previous", "By person", "By kind"]
    await world.tap("‹ Previous")
    assert sentences(page)[0] == "Ana removed 7003"

    await world.tap("By person")
    assert set(labels(page)[:2]) == {"Ana", "7003"}
    assert labels(page)[-2:] == ["Next ›", "Back"]
    await world.tap("Next ›")
    assert str(MEMBER) in labels(page)
    await world.tap("‹ Previous")
    await world.tap("7003")
    assert sentences(page) == ["Ana removed 7003", "Ana allowed 7003 as a member"]
    assert "Person: 7003" in page.text

    await world.tap("By kind")
    await world.tap("Removed")
    assert sentences(page) == ["Ana removed 7003"]
    assert "Only: Removed" in page.text
    await world.tap("✖ 7003")
    assert sentences(page) == ["Ana removed 7003"]
    assert "Person" not in page.text
    await world.tap("✖ Removed")
    assert labels(page) == ["Next ›", "By person", "By kind"]
    await world.tap("By kind")
    await world.tap("Back")
    assert labels(page) == ["Next ›", "By person", "By kind"]


async def test_a_person_is_found_by_a_part_of_their_name_and_by_their_id(world: World) -> None:
    world.mai.first_name = "Mai <b>"
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    await imported(world)
    for typed in ("MAI <", str(MEMBER)):
        page = await world.say(f"/audit {typed}")
        assert sentences(page) == ["Ana allowed Mai <b> as a member"]
    both = await world.say("/audit a")
    assert labels(both) == ["Ana", "Mai <b>", "Back"]
    assert sentences(await world.tap("Mai <b>")) == ["Ana allowed Mai <b> as a member"]
    assert (await world.say("/audit Kim <i>")).text == "I found nobody with “Kim <i>” in their name."
    assert "There are no entries yet." in (await world.say("/audit 5")).text


async def test_a_group_is_told_nothing(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, f"/allow {MEMBER}", group)
    for text in ("/audit", "/audit a"):
        world.telegram.say(world.ana, text, group)
        await world.rest()
        assert world.newest(group).text == "Other people can read this chat. Send me /audit in private."
    page = await world.say("/audit")
    assert f"Ana allowed {MEMBER} as a member · in group chat {GROUP}" in sentences(page)
    for button in page.all_buttons:
        world.telegram.press(world.ana, group.newest(lambda message: message.from_bot), button)
    await world.rest()
    assert set(world.popups()) == {"This button is out of date. The card shows the current state."}


async def test_nobody_but_an_admin_reads_it_by_a_button(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    page = await world.say("/audit")
    own = world.telegram.post(world.telegram.chat(MEMBER), world.telegram.bot, text="old")
    before = await snapshot(world)
    for button in (*page.all_buttons, Button("?", "u:0:0:page:b9")):
        world.telegram.press(world.mai, own, button)
        await world.rest()
        assert world.popups()[-1] == "Only an admin can do this."
    assert await snapshot(world) == before


async def test_forged_buttons_show_nothing_wrong(world: World) -> None:
    await world.let_in(world.mai)
    page = await world.say("/audit")
    text, entries = page.text, sentences(page)
    for data in (
        "page",
        "page:",
        "page:x7",
        "page:b",
        "page:b1/",
        "page:b1/A",
        "page:b9999999999999",
        "go:n0",
        "kinds",
    ):
        world.telegram.press(world.ana, page, Button("?", f"u:0:0:{data}"))
        await world.rest()
        assert page.text == text
    for data in ("b1", "a999", "b0", "n5"):
        world.telegram.press(world.ana, page, Button("?", f"u:0:0:page:{data}"))
        await world.rest()
        assert sentences(page) == entries
    world.telegram.press(world.ana, page, Button("?", f"u:{'9' * 18}:0:page:n0/of_tomorrow"))
    await world.rest()
    assert "There are no entries yet." in page.text


async def test_an_admin_by_the_settings_is_called_by_their_name(world: World) -> None:
    await world.let_in(world.mai)
    assert str(ADMIN) not in (await world.say("/audit")).text
    assert len(await world.rows(handled_updates)) == 2


# --- sentences --------------------------------------------------------------------------------------------------------


def entry(kind: str, detail: str = "member") -> AuditEntry:
    return AuditEntry(1, datetime(2026, 3, 1, 12, tzinfo=UTC), kind, ADMIN, MEMBER, ADMIN, 7, detail)


def test_every_kind_has_a_sentence_and_fits_into_a_button() -> None:
    assert {kind for kind in AuditKind if kind not in texts.KINDS} == set()
    assert [kind for kind in AuditKind if len(kind) > 18] == []


def test_what_may_be_denied_has_words() -> None:
    t = translator("en")
    plain = {use_case for use_case in UseCase if texts._detail(t, use_case) == use_case.replace("_", " ")}
    everybodys = {"show_card", "choose_language", "choose_time_zone", "read_own_log", "read_whole_log"}
    everybodys |= {"ask_for_access", "join", "cancel_open", "cancel_imports", "cancel_chosen_batch", "keep_waiting"}
    assert plain <= everybodys


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans", "vi"])
def test_every_sentence_is_one_in_every_language(language: str) -> None:
    t, names = translator(language), {ADMIN: "Ana <&>", MEMBER: "Mai"}
    pages = {kind: texts.page(t, [entry(kind)], names, "UTC", of="Ana <&>", kind=kind) for kind in texts.KINDS}
    shown = [message_text({"text": page, "parse_mode": "HTML"}).text for page in pages.values()]
    assert len(set(shown)) == len(texts.KINDS)
    assert all("Ana <&>" in text and "{" not in text for text in shown)


def test_a_kind_of_a_newer_version_is_told_all_the_same() -> None:
    said_of = texts.page(translator("en"), [entry("moved_away", "far_off")], {}, "UTC", of=None, kind="moved_away")
    assert f"{ADMIN}: moved away {MEMBER}" in said_of
    assert "Only: moved away" in said_of


def test_the_longest_page_fits() -> None:
    names = {ADMIN: "<&>🛒" * 64, MEMBER: "店🛒" * 128}
    page = texts.page(translator("ru"), [entry("allowed")] * 10, names, "", of=names[ADMIN], kind="allowed")
    assert not too_long(message_text({"text": page, "parse_mode": "HTML"}))


def test_who_was_erased_is_told_from_others_who_were() -> None:
    t = translator("en")
    assert texts.person(t, 123456789012345678, {}) == "erased person 345678"
