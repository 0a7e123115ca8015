"""Text files, which are read as messages are, and everything else that is no text."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.attachments import LARGEST_FILE
from bot.domain.draft import Step
from tests.standins.telegram_state import Message
from tests.support.chatting import GROUP, hanging_calls, said
from tests.support.journeys import ASKS, codes_of
from tests.support.world import World

A, B = "11112222-33334444", "55556666-77778888"
SECRET = "socks5://ana:hunter2@203.0.113.7:1080"

pytestmark = pytest.mark.usefixtures("calm_log")


async def send(world: World, content: bytes, name: str = "codes.txt", **how: Any) -> Message:
    world.telegram.send_document(world.ana, name, content, **how)
    await world.rest()
    return world.newest(world.ana.id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_the_codes_of_a_text_file_are_read(world: World, encoding: str) -> None:
    card = await send(world, f"shops 店\r\n{A}\r\n{B}\r\n".encode(encoding))
    assert "Code: 1111••••-••••4444\nCode: 5555••••-••••8888" in card.text
    assert await codes_of(world) == [A, B]


async def test_a_file_is_known_by_its_name_and_its_caption_counts_too(world: World) -> None:
    await send(world, A.encode(), "CODES.TXT", caption=B, mime_type="application/octet-stream")
    assert sorted(await codes_of(world)) == [A, B]


async def test_a_file_with_a_password_is_deleted_as_a_message_is(world: World) -> None:
    card = await send(world, f"{A}\n{SECRET}".encode())
    assert "I deleted your message" in card.text or any("I deleted your message" in text for text in said(world))
    assert [each.deleted for each in world.telegram.chat(world.ana.id).messages if each.kind == "document"] == [True]
    assert await codes_of(world) == [A]


async def test_of_a_file_that_is_too_large_nothing_is_fetched(world: World) -> None:
    answer = await send(world, A.encode() + b" " * LARGEST_FILE)
    assert "This file is too large" in answer.text
    assert not any(method.lower() == "getfile" for method, _ in world.telegram.calls)


async def test_the_largest_file_is_read(world: World) -> None:
    await send(world, A.encode().ljust(LARGEST_FILE))
    assert await codes_of(world) == [A]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00", b"\x00" * 50, b"caf\xe9 " + A.encode()])
async def test_what_is_no_text_is_told(world: World, content: bytes) -> None:
    assert "no text that I can read" in (await send(world, content)).text


async def test_an_empty_file_and_other_files_are_told_apart(world: World) -> None:
    assert "This file is empty" in (await send(world, b"  \n")).text
    answer = await send(world, A.encode(), "codes.pdf", mime_type="application/pdf")
    assert "The only files I read are text files" in answer.text


async def test_a_file_that_cannot_be_fetched_is_told_and_its_caption_is_read(world: World) -> None:
    world.telegram.fail("getFile", 400, "Bad Request: wrong file_id")
    await send(world, A.encode(), caption=B)
    assert any("I could not fetch this file" in text for text in said(world))
    assert await codes_of(world) == [B]


async def test_telegram_has_two_seconds_to_hand_a_file_out(world: World) -> None:
    with hanging_calls(world, "getFile"):
        answer = await send(world, A.encode())
        assert "I could not fetch this file" in answer.text


async def test_while_an_import_is_open_its_card_comes_below_the_answer(world: World) -> None:
    await world.say(A)
    world.telegram.send_sticker(world.ana)
    await world.rest()
    assert "A sticker tells me nothing" in said(world)[-2]
    assert ASKS[Step.PROXY] in said(world)[-1]


async def test_the_file_of_a_stranger_is_not_fetched(world: World) -> None:
    world.telegram.send_document(world.sam, "codes.txt", A.encode())
    await world.rest()
    assert not any(method.lower() == "getfile" for method, _ in world.telegram.calls)


async def test_in_a_group_a_file_with_a_code_is_read_and_others_pass_in_silence(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.send_document(world.ana, "notes.txt", b"good morning", chat=group)
    world.telegram.send_document(world.ana, "large.txt", b" " * (LARGEST_FILE + 1), chat=group)
    await world.rest()
    assert said(world, group) == []
    world.telegram.send_document(world.ana, "codes.txt", A.encode(), chat=group)
    await world.rest()
    assert sum("Code: 1111••••-••••4444" in text for text in said(world, group)) == 1
