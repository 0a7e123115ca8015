"""What a button carries: ``kind:id:revision:action[:argument][~text]``, 64 bytes at most.

It is input from outside, as any other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.chat.generation import MARK
from bot.chat.translator import cut, plain
from bot.domain.characters import without_direction

#: Requests to be let in.
ACCESS = "a"
DRAFT = "d"
BATCH = "b"
HISTORY = "h"
#: An offer to delete a message.
OFFER = "o"
#: A choice in the list of what can be cancelled.
CANCEL = "c"
#: A page of the help.
HELP = "i"
#: What somebody chooses for themselves.
PREFERENCE = "p"
#: An invitation, the list of them, and who has come by one.
INVITATION = "v"
#: A page of the audit.
AUDIT = "u"
#: The answer to whether the bot may work in a group chat.
GROUP_CHAT = "g"
#: The people who may use the bot.
MEMBERS = "m"
#: Codes that somebody has left for somebody else, or for the team.
HANDOFF = "f"
#: Where the team's feed is, and how loud.
FEED = "e"
#: How the bot is, and what is told of that.
STATUS = "s"
#: What admins answer after the database was restored.
RECOVERY = "r"
#: A button that belongs to no row, as under the greeting.
ANYWHERE = "n"

#: Colours of buttons, as the Bot API (9.4) names them: green for what goes through, red for what ends it.
_STYLES = {
    (DRAFT, "import"): "success",
    (DRAFT, "hand_over"): "success",
    (DRAFT, "cancel"): "danger",
    (HANDOFF, "take"): "success",
    (HANDOFF, "import"): "success",
    (HANDOFF, "withdraw"): "danger",
    (BATCH, "cancel"): "danger",
    (INVITATION, "make"): "success",
    (INVITATION, "remove"): "danger",
    (ACCESS, "allow"): "success",
    (ACCESS, "refuse"): "danger",
    (ACCESS, "sure"): "danger",
    (GROUP_CHAT, "allow"): "success",
    (GROUP_CHAT, "refuse"): "danger",
    (GROUP_CHAT, "sure"): "danger",
    (MEMBERS, "remove_yes"): "danger",
    (FEED, "move"): "success",
    (FEED, "stop"): "danger",
    (RECOVERY, "go_on"): "success",
    (RECOVERY, "stop"): "danger",
}
#: Bytes that a button carries: the Bot API takes 64, and in front the mark of the generation may stand.
MOST_BYTES = 64 - MARK
#: Characters of a label: what a phone shows on one line.
LABEL = 48

_FORM = re.compile(
    r"([a-z]):([0-9]{1,18}):([0-9]{1,9}):([a-z_]{1,16})(?::([A-Za-z0-9_][A-Za-z0-9_/+-]{0,31}))?"
    r"(?:~([^\x00-\x1f\x7f]{1,56}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Press:
    """A button, written and read. ``id`` and ``revision`` are 0 where they mean nothing.

    ``text`` is what somebody has typed and is looking for; for most kinds it means nothing.
    """

    kind: str
    id: int
    revision: int
    action: str
    argument: str = ""
    text: str = ""

    def __str__(self) -> str:
        argument = f":{self.argument}" if self.argument else ""
        text = f"~{self.text}" if self.text else ""
        return f"{self.kind}:{self.id}:{self.revision}:{self.action}{argument}{text}"


def read(data: str | None) -> Press | None:
    """The press, or None for what no button of ours can carry."""
    found = _FORM.fullmatch(data or "")
    if found is None:
        return None
    kind, row_id, revision, action, argument, text = found.groups()
    return Press(kind, int(row_id), int(revision), action, argument or "", text or "")


def style_of(data: str) -> str | None:
    """The colour of a button, as the Bot API names it; None for the usual one."""
    press = read(data)
    return None if press is None else _STYLES.get((press.kind, press.action))


def button(label: str, press: Press) -> tuple[str, str]:
    """A button as the presenter takes it: its label, and what it carries."""
    return short(plain(label)), str(press)


def short(label: str) -> str:
    """A label that fits on a button; Telegram refuses one with nothing to be seen in it."""
    label = " ".join(without_direction(label).split())
    return cut(label, LABEL) if any(map(_is_visible, label)) else "—"


def _is_visible(character: str) -> bool:
    blanks = "\u2800\ufffc"  # of Braille, and for an object that is not there
    return not character.isspace() and unicodedata.category(character) != "Cf" and character not in blanks
