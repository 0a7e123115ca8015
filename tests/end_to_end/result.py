"""What an office has been through whose bot was killed, and what its people see where something is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.chat.callbacks import DRAFT
from bot.domain.transfer_code import mask
from tests.end_to_end.office import Office
from tests.end_to_end.people import Somebody
from tests.end_to_end.talk import kind
from tests.standins.telegram_state import Chat


@dataclass(slots=True)
class Result:
    """What one office has been through. ``wrong`` are sentences; none of them: all went well."""

    seed: str
    moments: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    imports: int = 0
    confirmed: int = 0
    #: Codes that are right and that nobody has cancelled: how many there are, and how many are imported.
    good: int = 0
    imported: int = 0
    shared: int = 0
    updates: int = 0
    #: What became of who comes and goes.
    team: Mapping[str, int] = field(default_factory=dict)
    #: What became of what couriers have left for one another.
    handoffs: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        wrong = f"{len(self.wrong)} WRONG" if self.wrong else "all well"
        told = ", ".join(f"{count} {what}" for what, count in (*self.team.items(), *self.handoffs.items()))
        return (
            f"seed {self.seed}: killed {len(self.moments)} times, {self.updates} updates, {self.confirmed} imports"
            f" confirmed, {self.shared} of codes that others had, {self.imports} sent, {self.imported} of {self.good}"
            f" good codes imported; {told}: {wrong}"
        )

    def __str__(self) -> str:
        return f"seed {self.seed}, killed {', '.join(self.moments)}\n" + "\n".join(self.wrong)


def stands_at(task: asyncio.Task[None]) -> str:
    """The functions in which a task waits, the outermost first."""
    names: list[str] = []
    waiting: Any = task.get_coro()
    while (frame := getattr(waiting, "cr_frame", None)) is not None:
        names.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        waiting = waiting.cr_await
    return ", ".join(names)


def seen(person: Somebody, handled: Collection[int]) -> str:
    """What somebody did last, what they are asked, what is said of codes whose end was not told, and the chat's end.

    ``handled`` are the ids of all updates that the bot has handled.
    """
    left = [mask(code) for code in person.promises if not person.ending(code)]
    about = [
        message
        for message in person.chat.messages[:-6]
        if any(code in message.text for code in left) or (kind(message) == DRAFT and not message.deleted)
    ]
    lost = sorted(person.updates.difference(handled))[-6:]
    head = f"{person.person.first_name}, who last {person.did_last} (of theirs never handled: {lost}), sees:"
    return "\n".join([head, *(f"#{message.id} {message.transcript()}" for message in about[-6:]), end(person.chat)])


def end(chat: Chat) -> str:
    """The newest messages of a chat."""
    return "\n".join(f"#{message.id} {message.transcript()}" for message in chat.messages[-6:])


def unsettled(office: Office) -> Sequence[str]:
    """What the bot has still to do."""
    cards = [row for table in ("batches", "drafts", "shared_cards") for row in office.rows(table)]
    behind = [card for card in cards if card["shown_revision"] < card["revision"]]
    rows = office.rows()
    links = [row for row in rows if row["proxy_status"] in {"pending", "setting"}]
    return [
        *(f"card {row['message_id']} is not up to date" for row in behind),
        *(f"import {row['id']} is {row['status']}" for row in rows if row["finished_at"] is None),
        *(f"the link of import {row['id']} is {row['proxy_status']}" for row in links),
        *(f"{row} is still to be sent" for row in office.rows("outbox")),
    ]
