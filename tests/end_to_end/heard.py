"""What somebody is told, read from their chat: how imports ended, and what they may do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.callbacks import DRAFT
from bot.domain.transfer_code import mask
from bot.usecases.records import Role
from tests.end_to_end.talk import MASKED, is_notice, is_receipt, kind
from tests.standins.telegram_state import Chat

_FINAL = "✅❌🚫❓"

#: Not to be let in; and to be removed.
REFUSED, REMOVED = "refused", "removed"

#: How a message begins that tells of it. Who is welcomed as a viewer is told so further on.
_BEGINNINGS = (
    ("An admin has given you access.", Role.MEMBER),
    ("Welcome, ", Role.MEMBER),
    ("You can import profiles with this bot now.", Role.MEMBER),
    ("You are no longer an admin of this bot.", Role.MEMBER),
    ("You are an admin of this bot now.", Role.ADMIN),
    ("You can't import any more.", Role.VIEWER),
    ("An admin has removed you,", REMOVED),
    ("I'm sorry, an admin has not given you access.", REFUSED),
)
_VIEWER = "You can look at the team's imports now"


class Endings:
    """The signs with which the cards of batches say how imports ended, read in the order in which they changed."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._signs: dict[str, str] = {}
        #: Every sign that was ever there, with the masked code.
        self.ever: set[tuple[str, str]] = set()
        self._looked_until = 0

    def of(self, code: str) -> str:
        """Empty while there is none."""
        news = [message for message in self._chat.messages if message.changed > self._looked_until]
        for message in sorted(news, key=lambda message: message.changed):
            self._looked_until = message.changed
            if message.deleted or not message.from_bot or kind(message) == DRAFT:
                continue
            if is_receipt(message) or is_notice(message):
                continue
            for line in message.text.splitlines():
                if (shown := MASKED.search(line)) is not None:
                    sign = message.text[0] if line.startswith("Code:") else line[0]
                    self._signs[shown.group()] = sign if sign in _FINAL else ""
                    self.ever.add((shown.group(), sign))
        return self._signs.get(mask(code), "")


class Heard:
    """What was said in a chat of its person's role, in order. The same twice in a row counts once: it is said at least
    once, and again by a process whose predecessor was killed before it had noted that."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._read = 0
        self._roles: list[str] = []

    @property
    def roles(self) -> Sequence[str]:
        """Roles, ``REFUSED`` and ``REMOVED``."""
        news = self._chat.messages[self._read :]
        self._read += len(news)
        for message in news:
            found = next((role for text, role in _BEGINNINGS if message.text.startswith(text)), None)
            if not message.from_bot or found is None:
                continue
            role = str(Role.VIEWER if _VIEWER in message.text else found)
            if self._roles[-1:] != [role]:
                self._roles.append(role)
        return self._roles

    @property
    def last(self) -> str:
        """Empty where nothing was said."""
        return self.roles[-1] if self.roles else ""

    @property
    def may_import(self) -> bool:
        return self.last in {Role.MEMBER, Role.ADMIN}
