"""What people do in stories of codes that they leave for one another, and where those codes may never be found."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.chat.callbacks import read
from bot.chat.translator import Html
from bot.logs import RedactingFormatter
from tests.end_to_end import leaks
from tests.end_to_end.look import Look
from tests.standins.telegram_state import Message
from tests.stories.phone import Phone, seen
from tests.stories.team import Team, TeamStory, Tell, imports_a_code, team_story
from tests.support.updates import record_updates


async def team_of(team: Team, count: int) -> Sequence[Phone]:
    """So many members, all of whom have imported before, and Ana too; what was said of it is another story."""
    members = [await team.member() for _ in range(count)]
    for phone in (team.ana, *members):
        await imports_a_code(phone)
    forget(team)
    return members


def forget(team: Team) -> None:
    """What was done and heard so far is another story."""
    team.all_heard()
    for phone in team.phones:
        phone.count_from_here()


async def leave(giver: Phone, receiver: Phone | None, *codes: str) -> Message:
    """Send codes, and leave them for somebody, or for the team; the receipt."""
    await giver.send("\n".join(codes))
    await giver.tap("hand")
    if receiver is None:
        await giver.tap("team")
    else:
        await giver.tap("receiver", str(receiver.person.id))
    await giver.tap("hand_over")
    return giver.chat.card


def begins(message: Message | str, sentence: Html) -> bool:
    """Whether a message begins with a sentence."""
    text = message if isinstance(message, str) else message.text
    return text.startswith(seen(sentence))


# --- where codes may never be -----------------------------------------------------------------------------------------


def handoff_story(**settings: Any) -> Callable[[Tell], TeamStory]:
    """A story of a team at whose end the codes are nowhere but where somebody has asked to see them."""

    def made(tell: Tell) -> TeamStory:
        async def told(team: Team) -> None:
            updates = record_updates(team.world)
            with _logged() as log:
                await tell(team)
                await team.ana.rest()
            complaints = [*_sent(team, updates), *leaks.told(log.getvalue(), _codes(team), "the log"), *_kept(team)]
            assert not complaints, "\n".join(complaints)

        told.__name__ = tell.__name__
        return team_story(**settings)(told)

    return made


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """What the bot writes into its log meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter())
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)


def _codes(team: Team) -> set[str]:
    return {*team.world.browser.offers, *team.world.browser.made}


def _sent(team: Team, updates: Sequence[dict[str, Any]]) -> Sequence[str]:
    """Every call that the bot has ever made, but for the messages of codes alone to who has pressed Show code."""
    pressed = [update["callback_query"] for update in updates if "callback_query" in update]
    presses = [(press["from"]["id"], read(press["data"])) for press in pressed]
    asked = {user_id for user_id, press in presses if press is not None and press.action == "codes"}
    codes = _codes(team)
    complaints: list[str] = []
    for method, params in team.world.telegram.calls:
        chat_id = params.get("chat_id")
        shown = chat_id in asked and set(seen(Html(str(params.get("text", "")))).split()) <= codes
        if not shown:
            complaints += leaks.told(repr(params), codes, f"{method} for chat {chat_id}")
    return complaints


def _kept(team: Team) -> Sequence[str]:
    """Every row of the database, and every file beside it where it is a file."""
    settings = team.world.app.settings
    file = settings.database_file
    look = Look(settings.database_url.get_secret_value() if file is None else f"sqlite:///{file}")
    return leaks.left(Path(os.devnull) if file is None else file.parent, look, _codes(team))
