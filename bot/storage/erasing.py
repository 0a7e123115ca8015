"""Erasing a person: which rows go with them, and which stay under a pseudonym."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.import_state import LINK_OPEN, ProxyStatus, Status
from bot.storage.access_requests import access_requests
from bot.storage.alerts import alert_choices
from bot.storage.audit import audit, audit_erasures
from bot.storage.card_columns import is_behind
from bot.storage.code_warnings import code_warnings
from bot.storage.deletion_offers import deletion_offers
from bot.storage.encryption import Cipher
from bot.storage.feed import forget_handed_over
from bot.storage.group_chats import group_chats
from bot.storage.handoff_tables import handoff_codes, handoff_notices, handoffs
from bot.storage.invitations import barred_users, invitations, joinings
from bot.storage.kept_codes import kept_codes
from bot.storage.person_export import count_rows, export_rows
from bot.storage.private_links import private_links
from bot.storage.queue_turns import queue_turns
from bot.storage.recoveries import recoveries
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import PENDING, batches, drafts, imports, outbox, users
from bot.storage.unreachable import unreachable
from bot.storage.wrong_codes import wrong_codes
from bot.usecases.records import Place
from bot.usecases.shared_card_rows import SharedKind

#: By these columns rows go that are somebody's, or stand in their private chat.
GONE: Sequence[Column[Any]] = (
    users.c.id,
    outbox.c.chat_id,
    code_warnings.c.user_id,
    deletion_offers.c.user_id,
    private_links.c.user_id,
    shared_cards.c.user_id,
    access_requests.c.user_id,
    joinings.c.user_id,
    barred_users.c.user_id,
    unreachable.c.user_id,
    queue_turns.c.user_id,
    wrong_codes.c.user_id,
    kept_codes.c.user_id,
    handoff_notices.c.user_id,
    alert_choices.c.user_id,
)
#: In these columns of rows that stay the pseudonym takes the place of the id, or of that of the private chat.
REPLACED: Sequence[Column[Any]] = (
    users.c.added_by,
    drafts.c.user_id,
    drafts.c.chat_id,
    batches.c.user_id,
    batches.c.chat_id,
    imports.c.user_id,
    imports.c.chat_id,
    access_requests.c.answered_by,
    invitations.c.made_by,
    invitations.c.for_user_id,
    joinings.c.removed_by,
    kept_codes.c.kept_for,
    handoffs.c.giver_id,
    handoffs.c.owner_id,
    handoffs.c.receiver_id,
    handoff_codes.c.taker_id,
    imports.c.given_by,
    group_chats.c.added_by,
    group_chats.c.answered_by,
    recoveries.c.decided_by,
    recoveries.c.members_confirmed_by,
)
#: Rows of somebody that others have cards of; these are not shown any more.
_ON_CARDS = {
    SharedKind.ACCESS_REQUEST: access_requests,
    SharedKind.JOINED: joinings,
    SharedKind.WRONG_CODES: wrong_codes,
}
#: In these the database itself does that.
OF_AUDIT: Sequence[Column[Any]] = (audit.c.actor_id, audit.c.subject_id, audit.c.chat_id)

_LINKED = imports.c.proxy_status.in_(sorted(LINK_OPEN))


class SqlErasing:
    """The use cases' ``Erasing``."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def is_known(self, user_id: int) -> bool:
        return any(
            self._connection.scalar(select(column).where(column == user_id).limit(1)) is not None
            for column in (*GONE, *REPLACED, *OF_AUDIT)
        )

    def count_sent(self, user_id: int) -> int:
        asked = and_(PENDING, or_(imports.c.status != Status.QUEUED, imports.c.unanswered > 0))
        theirs = select(imports.c.id).where(imports.c.user_id == user_id, or_(asked, _LINKED))
        return len(self._connection.execute(theirs).all())

    def counts(self, user_id: int) -> Mapping[str, int]:
        return count_rows(self._connection, [*GONE, *REPLACED, *OF_AUDIT], user_id)

    def export(self, user_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        return export_rows(self._connection, [*GONE, *REPLACED, *OF_AUDIT], user_id, self._cipher)

    def missing_proxies(self, user_id: int) -> Sequence[int]:
        missing = imports.c.proxy_status == ProxyStatus.MISSING
        found = select(imports.c.batch_id).where(imports.c.user_id == user_id, missing).distinct()
        return list(self._connection.scalars(found))

    def erase(self, user_id: int, pseudonym: int) -> None:
        name = self._connection.scalar(select(users.c.name).where(users.c.id == user_id))
        if name:
            forget_handed_over(self._connection, name)
        for column in GONE:
            self._connection.execute(delete(column.table).where(column == user_id))
        self._forget_drafts(user_id)
        self._forget_what_was_sent(user_id, pseudonym)
        self._forget_what_was_left(user_id, pseudonym)
        given = update(imports).where(imports.c.given_by == user_id)
        self._connection.execute(given.values(given_by_name=str(pseudonym)))
        by = bindparam("by", type_=BigInteger())
        for column in REPLACED:
            replaced = update(column.table).where(column == user_id).values({column.name: by})
            self._connection.execute(replaced, {"by": pseudonym})
        self._connection.execute(insert(audit_erasures), {"user_id": user_id, "pseudonym": pseudonym})

    def forget_cards(self, user_id: int) -> Sequence[tuple[Place, int]]:
        places = (shared_cards.c.user_id, shared_cards.c.chat_id, shared_cards.c.thread_id, shared_cards.c.language)
        messages = []
        for kind, table in _ON_CARDS.items():
            rows = select(table.c.id).where(table.c.user_id == user_id)
            of_them = delete(shared_cards).where(shared_cards.c.kind == kind, shared_cards.c.subject_id.in_(rows))
            gone = self._connection.execute(of_them.returning(*places, shared_cards.c.message_id))
            messages += [(Place(*row[:4]), row.message_id) for row in gone if row.message_id is not None]
        theirs = invitations.c.for_user_id == user_id
        self._connection.execute(update(invitations).where(theirs).values(for_name=""))
        added = group_chats.c.added_by == user_id
        self._connection.execute(update(group_chats).where(added).values(added_by_name="", added_by_username=""))
        asked = select(access_requests.c.crowd_id).where(access_requests.c.user_id == user_id)
        self._show_anew(SharedKind.INVITATION, select(invitations.c.id).where(theirs))
        self._show_anew(
            SharedKind.GROUP_CHAT, select(func.coalesce(group_chats.c.shown_with, group_chats.c.id)).where(added)
        )
        self._show_anew(SharedKind.ACCESS_CROWD, asked.where(access_requests.c.crowd_id.is_not(None)))
        taken = select(handoff_codes.c.handoff_id).where(handoff_codes.c.taker_id == user_id)
        people = or_(
            *(column == user_id for column in (handoffs.c.giver_id, handoffs.c.owner_id, handoffs.c.receiver_id))
        )
        named = select(handoffs.c.id).where(or_(people, handoffs.c.id.in_(taken)))
        self._show_anew(SharedKind.RECEIPT, named)
        self._show_anew(SharedKind.HANDOFF, select(handoff_notices.c.id).where(handoff_notices.c.handoff_id.in_(named)))
        return messages

    def _show_anew(self, kind: SharedKind, subject_ids: Select[Any]) -> None:
        changed = update(shared_cards).where(shared_cards.c.kind == kind, shared_cards.c.subject_id.in_(subject_ids))
        # What was never shown, and is not to be, stays so.
        shown = or_(shared_cards.c.message_id.is_not(None), is_behind(shared_cards))
        self._connection.execute(changed.where(shown).values(revision=shared_cards.c.revision + 1))

    def _forget_drafts(self, user_id: int) -> None:
        """With their codes and secrets; of what was confirmed the draft is part of the import log."""
        logged = select(batches.c.draft_id).where(batches.c.user_id == user_id)
        self._connection.execute(delete(drafts).where(drafts.c.user_id == user_id, drafts.c.id.not_in(logged)))

    def _forget_what_was_sent(self, user_id: int, pseudonym: int) -> None:
        """Their cards are not shown any more, and a code that did not arrive is not tried again."""
        for table in (drafts, batches):
            card = {"language": "", "message_id": None, "reply_to": None, "repost": False}
            theirs = update(table).where(table.c.user_id == user_id)
            self._connection.execute(theirs.values(shown_revision=table.c.revision, **card))
        # What has just been cancelled has nobody left who could be told.
        self._connection.execute(update(batches).where(batches.c.user_id == user_id).values(announced=True))
        forgotten = update(imports).where(imports.c.user_id == user_id)
        self._connection.execute(
            forgotten.values(
                user_name=str(pseudonym),
                message_id=None,
                code_encrypted=None,
                version=imports.c.version + 1,
            )
        )

    def _forget_what_was_left(self, user_id: int, pseudonym: int) -> None:
        """What has come back to them is nobody's, and no draft says any more that its codes are, or were, for them."""
        theirs = select(handoffs.c.id).where(handoffs.c.owner_id == user_id)
        codes = update(handoff_codes).where(handoff_codes.c.handoff_id.in_(theirs))
        self._connection.execute(codes.values(code_encrypted=None))
        self._connection.execute(update(handoffs).where(handoffs.c.owner_id == user_id).values(proposal=None))
        named = cast(drafts.c.answers, Text).contains(f'"receiver": {{"user_id": {user_id}}}')
        for row in self._connection.execute(select(drafts.c.id, drafts.c.answers).where(named)).all():
            hand_over = {**row.answers["hand_over"], "receiver": {"user_id": pseudonym}}
            changed = update(drafts).where(drafts.c.id == row.id)
            self._connection.execute(changed.values(answers={**row.answers, "hand_over": hand_over}))
