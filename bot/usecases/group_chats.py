"""In which group chats the bot works: who brings it there, who allows it, and what becomes of one that it has left.

| who brings the bot there | what becomes of it |
|---|---|
| an admin, who may also write to it there, or make it an admin of the group | it works at once |
| a member, where it was allowed before | the same |
| anybody else | it is silent, and the admins are asked |
| anybody else, within a week of a refusal | it leaves without asking |
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.buttons import Problem
from bot.usecases.draft_closing import let_go
from bot.usecases.group_chat_rows import GroupChat, GroupChatState
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_admins, show_changed

#: For so long after a refusal nobody is asked about the same group chat again.
REFUSED_FOR = timedelta(days=7)
#: With so many cards within so long, further group chats join the newest of them.
MOST_CARDS, CARDS_WITHIN = 5, timedelta(hours=1)

_NOT_ALLOWED = frozenset(GroupChatState) - {GroupChatState.ALLOWED}
_WAITING = frozenset({GroupChatState.WAITING})


class Standing(StrEnum):
    """Whether the bot works in a group chat."""

    ALLOWED = "allowed"
    NOW_ALLOWED = "now_allowed"  # by what has just been done
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class GroupChatSeen:
    """A group chat as Telegram describes it now, and the username of who did something there."""

    chat_id: int
    title: str
    username: str = ""


def bot_seen(work: UnitOfWork, actor: Actor, seen: GroupChatSeen, *, added: bool = True) -> Standing:
    """The actor, who may be a stranger, has added the bot to a group chat, or has shown that it is there."""
    group = work.group_chats.find(seen.chat_id)
    if added or group is None or group.state is GroupChatState.LEFT:
        work.audit.note(AuditKind.GROUP_JOINED, actor.user_id, chat_id=seen.chat_id)
    was_allowed = group is not None and group.state is GroupChatState.LEFT and group.was_allowed
    is_new = False
    if group is None:
        group = work.group_chats.add(seen.chat_id, seen.title, GroupChatState.WAITING)
        # By now it may be there, and answered: a group that is becoming a supergroup.
        is_new = group.state is GroupChatState.WAITING
    if may(actor, UseCase.ALLOW_GROUP_CHAT) or (was_allowed and may(actor, UseCase.CONFIRM)):
        return _allow(work, actor, seen, group)
    if is_new or _is_to_be_asked_about(work, group, added=added):
        _ask(work, actor, seen, group)
    elif group.state is GroupChatState.ALLOWED:
        # It has become a supergroup: Telegram tells of that as if somebody had added the bot.
        return Standing.ALLOWED
    elif group.state is GroupChatState.REFUSED and added:
        _leave(work, group)
    return Standing.SILENT


def _is_to_be_asked_about(work: UnitOfWork, group: GroupChat, *, added: bool) -> bool:
    if group.state is GroupChatState.REFUSED:
        lasts = group.answered_at is not None and work.now - group.answered_at < REFUSED_FOR
        return added and not lasts
    return group.state is GroupChatState.LEFT


def written_to(work: UnitOfWork, actor: Actor, seen: GroupChatSeen, *, to_bot: bool) -> Standing:
    """Somebody with a role has done something in a group chat; ``to_bot`` when they have written to the bot there.

    In one of which the bot does not know, its people can set that right so.
    """
    group = work.group_chats.find(seen.chat_id)
    if group is not None and group.state is GroupChatState.ALLOWED:
        return Standing.ALLOWED
    unknown = group is None or group.state is GroupChatState.LEFT
    if to_bot and (may(actor, UseCase.ALLOW_GROUP_CHAT) or (unknown and may(actor, UseCase.CONFIRM))):
        return bot_seen(work, actor, seen, added=False)
    return Standing.SILENT


def works_in(work: UnitOfWork, chat_id: int) -> bool:
    """Whether the bot works in this group chat."""
    group = work.group_chats.find(chat_id)
    return group is not None and group.state is GroupChatState.ALLOWED


# --- the answer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerGroupChat:
    """``group_id`` is the number of the row."""

    group_id: int


@dataclass(frozen=True, slots=True)
class GroupChatAnswered:
    """``group`` is None where the press did nothing."""

    group: GroupChat | None = None
    problem: Problem | None = None


_NOTHING_DONE = GroupChatAnswered(problem=Problem.OLD_BUTTON)


def allow_group_chat(work: UnitOfWork, actor: Actor, command: AnswerGroupChat) -> GroupChatAnswered:
    """Let the bot work in a group chat that waits for an answer. The first answer counts."""
    require(actor, UseCase.ALLOW_GROUP_CHAT)
    group = _answer(work, actor, command.group_id, GroupChatState.ALLOWED)
    if group is None:
        return _NOTHING_DONE
    work.audit.note(AuditKind.GROUP_ALLOWED, actor.user_id, chat_id=group.chat_id, object_id=group.id)
    return GroupChatAnswered(group)


def refuse_group_chat(work: UnitOfWork, actor: Actor, command: AnswerGroupChat) -> GroupChatAnswered:
    """Have the bot leave a group chat that waits for an answer. The first answer counts."""
    require(actor, UseCase.REFUSE_GROUP_CHAT)
    group = _refuse(work, actor, command.group_id)
    return _NOTHING_DONE if group is None else GroupChatAnswered(group)


@dataclass(frozen=True, slots=True)
class RefuseGroupChats:
    """Those of one card that were asked about up to ``until``: what has come since was not seen.

    ``sure`` is False where only their number is asked for.
    """

    card_id: int
    until: datetime
    sure: bool


def refuse_group_chats(work: UnitOfWork, actor: Actor, command: RefuseGroupChats) -> Sequence[GroupChat]:
    """Have the bot leave all that wait for an answer on one card; those that it leaves, or would."""
    require(actor, UseCase.REFUSE_GROUP_CHATS)
    waiting = [
        group
        for group in work.group_chats.on_card(command.card_id)
        if group.state is GroupChatState.WAITING and group.asked_at is not None and group.asked_at <= command.until
    ]
    if not command.sure:
        return waiting
    refused = [_refuse(work, actor, group.id) for group in waiting]
    return [group for group in refused if group is not None]


def _refuse(work: UnitOfWork, actor: Actor, group_id: int) -> GroupChat | None:
    group = _answer(work, actor, group_id, GroupChatState.REFUSED)
    if group is not None:
        work.audit.note(AuditKind.GROUP_REFUSED, actor.user_id, chat_id=group.chat_id, object_id=group.id)
        _leave(work, group)
    return group


def _answer(work: UnitOfWork, actor: Actor, group_id: int, state: GroupChatState) -> GroupChat | None:
    """The group chat where this was the first answer. Every copy of its card says what is known now."""
    first = work.group_chats.change_state(group_id, _WAITING, state)
    # Read only now: nobody else can change it meanwhile.
    group = work.group_chats.by_id(group_id)
    if group is None:
        return None
    if first:
        # Once refused it takes an admin to allow it again.
        was_allowed = group.was_allowed and state is not GroupChatState.REFUSED
        work.group_chats.write(replace(group, answered_by=actor.user_id, answered_at=work.now, was_allowed=was_allowed))
    show_changed(work, SharedKind.GROUP_CHAT, group.card_id)
    return group if first else None


def _allow(work: UnitOfWork, actor: Actor, seen: GroupChatSeen, group: GroupChat) -> Standing:
    if not work.group_chats.change_state(group.id, _NOT_ALLOWED, GroupChatState.ALLOWED):
        return Standing.ALLOWED
    allowed = replace(work.group_chats.by_id(group.id) or group, title=seen.title)
    if may(actor, UseCase.ALLOW_GROUP_CHAT) or allowed.answered_by is None:
        allowed = replace(allowed, answered_by=actor.user_id, answered_at=work.now)
    work.group_chats.write(allowed)
    work.outbox.stay(seen.chat_id)
    work.audit.note(AuditKind.GROUP_ALLOWED, actor.user_id, chat_id=seen.chat_id, object_id=group.id)
    show_changed(work, SharedKind.GROUP_CHAT, group.card_id)
    return Standing.NOW_ALLOWED


def _leave(work: UnitOfWork, group: GroupChat) -> None:
    work.outbox.leave(group.chat_id, work.now)
    work.signals.chat_behind(group.chat_id)


# --- asking the admins ------------------------------------------------------------------------------------------------


def _ask(work: UnitOfWork, actor: Actor, seen: GroupChatSeen, group: GroupChat) -> None:
    """Ask the admins, so many times an hour by a card of its own, which rings, and else on one that they have."""
    if not work.group_chats.change_state(group.id, _NOT_ALLOWED, GroupChatState.WAITING):
        # Allowed at this very moment.
        return
    # Whose name is not known can't be told: an admin of the group who is anonymous there.
    asked = replace(
        group,
        title=seen.title,
        added_by=actor.user_id if actor.name else None,
        added_by_name=actor.name,
        added_by_username=seen.username,
        answered_by=None,
        answered_at=None,
    )
    recent = work.group_chats.asked_since(work.now - CARDS_WITHIN)
    if any(each.id == group.id for each in recent):
        work.group_chats.write(asked)
        show_changed(work, SharedKind.GROUP_CHAT, group.card_id)
        return
    card_id = _gathering(work, recent)
    work.group_chats.write(replace(asked, asked_at=work.now, shown_with=card_id))
    if card_id is None:
        show_admins(work, SharedKind.GROUP_CHAT, group.id)
    show_changed(work, SharedKind.GROUP_CHAT, card_id or group.id, repost=card_id is None)


def _gathering(work: UnitOfWork, recent: Sequence[GroupChat]) -> int | None:
    """The card that further group chats join, on which one waits; None where there is to be another card."""
    if len(recent) < MOST_CARDS:
        return None
    newest = recent[0].id
    waits = any(group.state is GroupChatState.WAITING for group in work.group_chats.on_card(newest))
    return newest if waits else None


# --- where the bot is no more, or under another id --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """``people`` have imports there that are told in private from now on."""

    title: str = ""
    people: Collection[int] = ()


def bot_removed(work: UnitOfWork, actor_id: int, chat_id: int) -> LeftBehind:
    """The bot was removed from a group chat: what was begun there ends, and nothing more is said there."""
    group = work.group_chats.find(chat_id)
    if group is None:
        return LeftBehind()
    was_allowed = work.group_chats.change_state(group.id, {GroupChatState.ALLOWED}, GroupChatState.LEFT)
    if not was_allowed and not work.group_chats.change_state(group.id, _WAITING, GroupChatState.LEFT):
        return LeftBehind()
    work.audit.note(AuditKind.GROUP_LEFT, actor_id, chat_id=chat_id, object_id=group.id)
    show_changed(work, SharedKind.GROUP_CHAT, group.card_id)
    if not was_allowed:
        return LeftBehind()
    work.feed.end(chat_id)
    work.group_chats.write(replace(group, was_allowed=True))
    for stored in work.drafts.open_in(chat_id):
        let_go(work, stored)
        work.drafts.close(stored.id, DraftState.CANCELLED, work.now)
        # With it ends the one that asks for it in private.
        work.signals.chat_behind(stored.where.user_id)
    return LeftBehind(group.title, work.cards.leave_chat(chat_id))


def group_chat_moved(work: UnitOfWork, old: int, new: int) -> None:
    """A group has become a supergroup: the same chat under another id."""
    dropped = work.group_chats.move(old, new)
    work.cards.move_chat(old, new)
    work.feed.move_chat(old, new)
    work.signals.chat_behind(new)
    group = work.group_chats.find(new)
    if dropped is None or group is None:
        return
    show_changed(work, SharedKind.GROUP_CHAT, dropped.card_id)
    if group.state is GroupChatState.WAITING:
        # Its own card may have been the other's.
        show_admins(work, SharedKind.GROUP_CHAT, group.card_id)
    show_changed(work, SharedKind.GROUP_CHAT, group.card_id)
