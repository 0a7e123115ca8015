"""That the bot was added to a group chat or removed from it, as Telegram tells it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from telegram import ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat.group_chats.access import greet
from bot.chat.group_chats.texts import removed_from
from bot.chat.incoming_update import LANGUAGE_LENGTH, TITLE_LENGTH, USERNAME_LENGTH, is_hidden, name_of
from bot.chat.telling import tell
from bot.domain.characters import one_line
from bot.usecases.actor import Actor, Person, identify
from bot.usecases.audit import NOBODY
from bot.usecases.group_chats import GroupChatSeen, LeftBehind, Standing, bot_removed, bot_seen
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place

#: A channel is none: imports are not for an audience, and nothing is done there.
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_ABSENT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


@dataclass(frozen=True, slots=True)
class Membership:
    """``person`` has no name where Telegram does not say who it was: an admin of the group who is anonymous there.

    ``may_more``: the bot was added, or may do there what it could not do before.
    """

    update_id: int
    person: Person
    seen: GroupChatSeen
    was_there: bool
    is_there: bool
    may_more: bool


def read_membership(update: Update) -> Membership | None:
    """What has changed of the bot in a group chat; None where it is no group chat."""
    changed = update.my_chat_member
    if changed is None or changed.chat.type not in _GROUPS:
        return None
    person, hidden = changed.from_user, is_hidden(changed.from_user)
    name, language = "" if hidden else name_of(person), one_line(person.language_code or "", LANGUAGE_LENGTH)
    username = one_line(person.username or "", USERNAME_LENGTH)
    return Membership(
        update.update_id,
        Person(person.id, name, language, username),
        GroupChatSeen(changed.chat.id, one_line(changed.chat.title or "", TITLE_LENGTH), username),
        _is_there(changed.old_chat_member),
        _is_there(changed.new_chat_member),
        _may_more(changed.old_chat_member, changed.new_chat_member),
    )


def _is_there(bot: ChatMember) -> bool:
    # Who may not write in a group may be in it or not.
    return bot.is_member if isinstance(bot, ChatMemberRestricted) else bot.status not in _ABSENT


def _may_more(before: ChatMember, now: ChatMember) -> bool:
    old, new = _rank(before), _rank(now)
    return new > old or (new == old and bool(_rights(now) - _rights(before)))


def _rank(bot: ChatMember) -> int:
    if not _is_there(bot):
        return 0
    ranks = {ChatMemberStatus.RESTRICTED: 1, ChatMemberStatus.MEMBER: 2}
    return ranks.get(ChatMemberStatus(bot.status), 3)


def _rights(bot: ChatMember) -> frozenset[str]:
    return frozenset(name for name, value in bot.to_dict().items() if name.startswith("can_") and value)


def note_membership(work: UnitOfWork, membership: Membership) -> None:
    """Note where the bot is by now, once."""
    if not work.updates.is_new(membership.update_id, work.now):
        return
    person, seen = membership.person, membership.seen
    if not membership.is_there:
        _tell(work, bot_removed(work, person.user_id, seen.chat_id))
        return
    # Who takes rights from it does not want it to begin there.
    if membership.may_more:
        actor = identify(work, person) if person.name else Actor(person.user_id, "", None, "")
        if bot_seen(work, actor, seen, added=not membership.was_there) is Standing.NOW_ALLOWED:
            greet(work, Place(actor.user_id, seen.chat_id, None, actor.language))
    # It may be allowed to write there again.
    work.signals.chat_behind(seen.chat_id)


def leave_behind(work: UnitOfWork, chat_id: int) -> None:
    """Telegram refuses a message since the bot is no more in the group chat."""
    _tell(work, bot_removed(work, NOBODY, chat_id))


def _tell(work: UnitOfWork, left: LeftBehind) -> None:
    for user_id in sorted(left.people):
        tell(work, user_id, partial(removed_from, title=left.title))
