"""All that somebody can press and write, and what each of it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.callbacks import read
from bot.domain.proxy import KINDS
from bot.usecases.permissions import UseCase
from tests.standins.telegram_state import Button, Message, Person
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class Act:
    """A press or a message, and what it asks for; None for what everybody with a role may do."""

    what: str
    use_case: UseCase | None
    pressed: bool


_OF_DRAFTS: Mapping[str, UseCase] = {
    "import": UseCase.CONFIRM,
    "hand_over": UseCase.HAND_OVER,
    "cancel": UseCase.CANCEL_DRAFT,
    "codes": UseCase.SHOW_CODES,
    "search": UseCase.ASK_SEARCH,
    "private": UseCase.MAKE_PRIVATE_LINK,
    **dict.fromkeys(
        [
            *("default", "new_group", "all", "no_bypass", "back", "group:1", "page:0", "pick:301", "reading:0"),
            *("new_ip:1", "format:0", "method:0", "type:http", *(f"proxy:{kind}" for kind in KINDS)),
            *("hand", "team", "no_note", "receiver:1", "expiry:4", "change:receiver", "change:handoff_note"),
            *("change:group", "change:proxy", "change:bypass", "yes", "no", "rubbish"),
        ],
        UseCase.ANSWER,
    ),
}
_OF_BATCHES: Mapping[str, UseCase] = {
    "cancel": UseCase.CANCEL_IMPORTS,
    "go_on": UseCase.KEEP_WAITING,
    "look": UseCase.LOOK_AGAIN,
    "proxy": UseCase.RETRY_PROXY,
    "leave": UseCase.LEAVE_PROXY,
    "codes": UseCase.SHOW_CODES,
    "again": UseCase.TRY_AGAIN,
    "another": UseCase.ANOTHER_CODE,
}
_OF_MEMBERS: Mapping[str, UseCase] = {
    "page": UseCase.LIST_MEMBERS,
    **dict.fromkeys(["person", "role:member_admin", "remove:member"], UseCase.SHOW_MEMBER),
    **dict.fromkeys(["role_yes:member_admin", "role_yes:admin_member"], UseCase.CHANGE_ROLE),
    "remove_yes:member": UseCase.REMOVE_MEMBER,
    "codes": UseCase.SHOW_KEPT_CODES,
}
_OF_REQUESTS: Mapping[str, UseCase] = {
    "ask": UseCase.ASK_FOR_ACCESS,
    **dict.fromkeys(["allow", "refuse"], UseCase.ANSWER_REQUEST),
    "next": UseCase.SHOW_NEXT_OF_CROWD,
    **dict.fromkeys(["refuse_all:99", "sure:99", "keep"], UseCase.REFUSE_CROWD),
}
#: Without ``nobody``, which takes the button below the keyboard away from whoever has it.
_OF_INVITATIONS: Mapping[str, UseCase] = {
    **dict.fromkeys(["role:viewer", "uses:5", "life:86400", "person"], UseCase.CHOOSE_INVITATION),
    "make": UseCase.INVITE,
    "list": UseCase.LIST_INVITATIONS,
    "revoke": UseCase.REVOKE_INVITATION,
    "new": UseCase.BEGIN_INVITATION,
    **dict.fromkeys(["ask", "keep"], UseCase.ASK_REMOVAL),
    "remove:member": UseCase.REMOVE_JOINED,
}
_OF_GROUP_CHATS: Mapping[str, UseCase] = {
    "allow": UseCase.ALLOW_GROUP_CHAT,
    "refuse": UseCase.REFUSE_GROUP_CHAT,
    **dict.fromkeys(["refuse_all:9", "sure:9", "keep"], UseCase.REFUSE_GROUP_CHATS),
}
_OF_AUDIT: Mapping[str, UseCase | None] = {
    **dict.fromkeys(["page:n0", "page:b99/denied", "page:a1"], UseCase.READ_AUDIT),
    "people:n0": UseCase.LIST_AUDITED,
    "kinds:n0": None,
}
_OF_HANDOFFS: Mapping[str, UseCase] = {
    "take": UseCase.TAKE_HANDOFF,
    "decline": UseCase.DECLINE_HANDOFF,
    "later": UseCase.PUT_OFF_HANDOFF,
    **dict.fromkeys(["show", "show:i0_1", "receipt", "rubbish"], UseCase.SHOW_HANDOFF),
    "list:a0_1": UseCase.LIST_ALL_HANDOFFS,
    "list:g0_1": UseCase.LIST_GIVEN,
    "list:i0_1": UseCase.LIST_INBOX,
    "withdraw": UseCase.WITHDRAW_HANDOFF,
    "reassign": UseCase.LIST_RECEIVERS,
    "assign:team": UseCase.REASSIGN_HANDOFF,
    "split:2": UseCase.SPLIT_HANDOFF,
    "import": UseCase.IMPORT_RETURNED,
    "codes": UseCase.SHOW_HANDED_CODES,
}
#: What each kind of button asks for, by its action and argument.
BUTTONS: Mapping[str, Mapping[str, UseCase | None]] = {
    "d": _OF_DRAFTS,
    "b": _OF_BATCHES,
    "h": {
        "find:mine": None,
        **dict.fromkeys(["mine", "mine~Ana"], UseCase.READ_OWN_LOG),
        **dict.fromkeys(["all", "all:b7", "all~Ana", "all:b7~Ana"], UseCase.READ_WHOLE_LOG),
    },
    "o": {"delete": UseCase.DELETE_OFFERED, "delete_code": UseCase.DELETE_OFFERED},
    "c": {"draft": UseCase.CANCEL_CHOSEN_DRAFT, "batch": UseCase.CANCEL_CHOSEN_BATCH, "nothing": None},
    "i": dict.fromkeys(["first", "proxies", "handing_over", "trouble", "groups", "admins"]),
    "p": {"lang:vi": UseCase.CHOOSE_LANGUAGE, "zone:Asia/Tokyo": UseCase.CHOOSE_TIME_ZONE, "rubbish": None},
    "n": {"new": UseCase.BEGIN_IMPORT, "rubbish": None},
    "m": _OF_MEMBERS,
    "f": _OF_HANDOFFS,
    "a": _OF_REQUESTS,
    "v": _OF_INVITATIONS,
    "g": _OF_GROUP_CHATS,
    "u": _OF_AUDIT,
    "e": dict.fromkeys(["imported:loud", "handed_over:off", "failed:silent", "move", "keep", "stop"], UseCase.SET_FEED),
    "s": {"refresh": UseCase.READ_STATUS, "alert:disk/off": UseCase.CHOOSE_ALERTS, "rubbish": None},
}
CODE = "11112222-33334444"
WRITTEN: Mapping[str, UseCase | None] = {
    **dict.fromkeys(["/start", "/start from_website", "/help", "/language", "/timezone", "/timezone x"]),
    **dict.fromkeys([f"/start {CODE}", "/import", f"/import {CODE}"], UseCase.BEGIN_IMPORT),
    **dict.fromkeys(
        [CODE, "good morning", "socks5://ana:hunter2@203.0.113.7:1080", "Direct", "yes"], UseCase.TAKE_TEXT
    ),
    "/nothing": UseCase.TAKE_COMMAND,
    f"/start private_{'t' * 32}": UseCase.GO_ON_IN_PRIVATE,
    "/cancel": UseCase.CANCEL_OPEN,
    "/inbox": UseCase.LIST_INBOX,
    "/given": UseCase.LIST_GIVEN,
    **dict.fromkeys(["/history", "/history Ana", "/history 7101"], UseCase.READ_OWN_LOG),
    "/timezone Tokyo": UseCase.CHOOSE_TIME_ZONE,
    **dict.fromkeys(["/members", "/allow"], UseCase.LIST_MEMBERS),
    **dict.fromkeys(["/allow 4711", "/allow x"], UseCase.CHANGE_ROLE),
    **dict.fromkeys(["/remove 4711", "/remove"], UseCase.REMOVE_MEMBER),
    f"/start i_{'t' * 32}": UseCase.JOIN,
    "/invite": UseCase.BEGIN_INVITATION,
    **dict.fromkeys(["/audit", "/audit 4711"], UseCase.READ_AUDIT),
    "/audit Ana": UseCase.LIST_AUDITED,
    "/feed": UseCase.SET_FEED,
    "/status": UseCase.READ_STATUS,
}


def forged(person: Person, card: Message) -> Sequence[Act]:
    """Every button of every kind, with the numbers that stand on the card, and the person's own."""
    there = [press for button in card.all_buttons if (press := read(button.callback_data)) is not None]
    numbers = {press.kind: (press.id, press.revision) for press in there}
    acts = []
    for kind, actions in BUTTONS.items():
        number, revision = numbers.get(kind, (person.id, 0))
        acts += [Act(f"{kind}:{number}:{revision}:{action}", use_case, True) for action, use_case in actions.items()]
    return acts


def real(card: Message) -> Sequence[Act]:
    """The buttons that stand on the card."""
    found = []
    for button in card.all_buttons:
        press = read(button.callback_data)
        if press is not None:
            by_action = {key.partition(":")[0]: use_case for key, use_case in BUTTONS[press.kind].items()}
            found.append(Act(str(press), by_action[press.action], True))
    return found


def written() -> Sequence[Act]:
    return [Act(text, use_case, False) for text, use_case in WRITTEN.items()]


def do(world: World, person: Person, card: Message, act: Act) -> None:
    if act.pressed:
        world.telegram.press(person, card, Button("?", act.what))
    else:
        world.telegram.say(person, act.what)
