"""Who may do what as a table, made from the one that the program goes by: the README shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.usecases.permissions import PERMISSIONS, UseCase
from bot.usecases.records import Role

#: What people call it, and what the program does. All use cases of a line are for the same roles.
LINES: Mapping[str, Collection[UseCase]] = {
    "ask for access, open an invitation": {UseCase.ASK_FOR_ACCESS, UseCase.JOIN},
    "read the team's imports (`/history`)": {UseCase.READ_OWN_LOG, UseCase.READ_WHOLE_LOG, UseCase.SHOW_CARD},
    "choose language and time zone": {UseCase.CHOOSE_LANGUAGE, UseCase.CHOOSE_TIME_ZONE},
    "send codes and proxies, choose, confirm": {
        *(UseCase.TAKE_TEXT, UseCase.TAKE_COMMAND, UseCase.TAKE_EDIT, UseCase.LOOK_THROUGH, UseCase.BEGIN_IMPORT),
        *(UseCase.ANSWER, UseCase.CONFIRM, UseCase.ASK_SEARCH, UseCase.SET_CODE_CHOICES),
        *(UseCase.MAKE_PRIVATE_LINK, UseCase.GO_ON_IN_PRIVATE),
    },
    "cancel one's own imports, let them wait on": {
        *(UseCase.CANCEL_OPEN, UseCase.CANCEL_CHOSEN_BATCH, UseCase.CANCEL_IMPORTS, UseCase.KEEP_WAITING),
    },
    "cancel what is not confirmed, try again, set a proxy again": {
        *(UseCase.CANCEL_DRAFT, UseCase.CANCEL_CHOSEN_DRAFT, UseCase.TRY_AGAIN, UseCase.ANOTHER_CODE),
        *(UseCase.LOOK_AGAIN, UseCase.RETRY_PROXY, UseCase.LEAVE_PROXY),
    },
    "see one's own codes again, delete one's messages": {UseCase.SHOW_CODES, UseCase.DELETE_OFFERED},
    "leave codes for others, take what was left (`/inbox`, `/given`)": {
        *(UseCase.HAND_OVER, UseCase.TAKE_HANDOFF, UseCase.DECLINE_HANDOFF, UseCase.PUT_OFF_HANDOFF),
        *(UseCase.WITHDRAW_HANDOFF, UseCase.REASSIGN_HANDOFF, UseCase.SPLIT_HANDOFF, UseCase.IMPORT_RETURNED),
        *(UseCase.SHOW_HANDED_CODES, UseCase.LIST_INBOX, UseCase.LIST_GIVEN, UseCase.SHOW_HANDOFF),
        UseCase.LIST_RECEIVERS,
    },
    "see what everybody has left, give it to somebody else": {UseCase.LIST_ALL_HANDOFFS},
    "see who may use the bot (`/members`)": {UseCase.LIST_MEMBERS, UseCase.SHOW_MEMBER},
    "let people in, promote, demote and remove them": {
        *(UseCase.CHANGE_ROLE, UseCase.REMOVE_MEMBER, UseCase.SHOW_KEPT_CODES),
        *(UseCase.ANSWER_REQUEST, UseCase.SHOW_NEXT_OF_CROWD, UseCase.REFUSE_CROWD),
        *(UseCase.ASK_REMOVAL, UseCase.REMOVE_JOINED),
    },
    "invite people by a link (`/invite`)": {
        *(UseCase.BEGIN_INVITATION, UseCase.CHOOSE_INVITATION, UseCase.INVITE),
        *(UseCase.LIST_INVITATIONS, UseCase.REVOKE_INVITATION),
    },
    "decide in which group chats the bot works": {
        *(UseCase.ALLOW_GROUP_CHAT, UseCase.REFUSE_GROUP_CHAT, UseCase.REFUSE_GROUP_CHATS),
    },
    "choose where the team is told what was imported (`/feed`)": {UseCase.SET_FEED},
    "read who did what (`/audit`)": {UseCase.READ_AUDIT, UseCase.LIST_AUDITED},
    "see how the bot is, choose what one is told of that (`/status`)": {UseCase.READ_STATUS, UseCase.CHOOSE_ALERTS},
}
_COLUMNS: Mapping[str, Role | None] = {"stranger": None} | {role.value: role for role in Role}


def table() -> str:
    """The table in Markdown."""
    head = ["| | " + " | ".join(_COLUMNS) + " |", "|---" * (len(_COLUMNS) + 1) + "|"]
    lines = [f"| {what} | " + " | ".join(_marks(use_cases)) + " |" for what, use_cases in LINES.items()]
    return "\n".join([*head, *lines])


def _marks(use_cases: Collection[UseCase]) -> list[str]:
    allowed = {role: set(use_cases) & PERMISSIONS[role] for role in _COLUMNS.values()}
    odd = {role: some for role, some in allowed.items() if some and some != set(use_cases)}
    assert not odd, f"not for the same roles: {odd}"
    return ["✓" if allowed[role] else "–" for role in _COLUMNS.values()]
