"""Invitations, who came by them, and who may not come by an older one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from bot.domain.invitation import InvitationState
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.encryption import Cipher
from bot.storage.inserts import new_id, upsert
from bot.storage.metadata import id_column, metadata
from bot.storage.shared_cards import forget_cards, shared_cards
from bot.usecases.invitation_rows import Invitation, Joining
from bot.usecases.records import Role
from bot.usecases.shared_card_rows import SharedKind

#: Bytes of the random number from which an invitation's token is made.
SEED_SIZE = 24

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    Column("revision", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("role", String(16), nullable=False),
    Column("uses", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("life_seconds", Integer, nullable=False),
    Column("bot_username", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    # Whom alone it lets in, and how they were called when they were chosen.
    Column("for_user_id", BigInteger),
    Column("for_name", String(256), nullable=False),
    # With the key of the database it gives the token; it goes when the invitation ends.
    Column("token_seed", LargeBinary),
    Column("token_hash", LargeBinary, unique=True),
    # A number is never given twice: a button of one that is gone must not be that of another.
    sqlite_autoincrement=True,
)
_OPEN = invitations.c.state == literal_column(f"'{InvitationState.OPEN}'")
Index("ix_invitations_open", invitations.c.expires_at, sqlite_where=_OPEN, postgresql_where=_OPEN)

joinings = Table(
    "joinings",
    metadata,
    id_column(),
    Column("invitation_id", RowId, ForeignKey("invitations.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("username", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("removed_by", BigInteger),
    # A number is never given twice: a button of a card whose person is gone must not be about another.
    sqlite_autoincrement=True,
)

# Of whom links that were made up to a moment make nobody a member any more.
barred_users = Table(
    "barred_users",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("barred_at", UtcDateTime, nullable=False),
)


def _hash(token: str) -> bytes:
    """A token is long enough to be hashed without a key."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class SqlInvitations:
    """The use cases' ``Invitations``."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def begin(self, made_by: int, *, role: Role, uses: int, life: timedelta, bot_username: str, now: datetime) -> int:
        values = {
            "revision": 1,
            "state": InvitationState.CHOOSING,
            "made_by": made_by,
            "role": role,
            "uses": uses,
            "used": 0,
            "life_seconds": int(life.total_seconds()),
            "bot_username": bot_username,
            "created_at": now,
            "for_name": "",
        }
        return new_id(self._connection.execute(insert(invitations), values))

    def find(self, invitation_id: int) -> Invitation | None:
        return self._one(select(invitations).where(invitations.c.id == invitation_id))

    def find_by_token(self, token: str) -> Invitation | None:
        return self._one(select(invitations).where(invitations.c.token_hash == _hash(token)))

    def lock(self, invitation_id: int) -> Invitation | None:
        return self._one(select(invitations).where(invitations.c.id == invitation_id).with_for_update())

    def lock_by_token(self, token: str) -> Invitation | None:
        return self._one(select(invitations).where(invitations.c.token_hash == _hash(token)).with_for_update())

    def lock_open(self) -> Sequence[Invitation]:
        return self._lock(select(invitations).where(_OPEN))

    def lock_open_of(self, user_id: int) -> Sequence[Invitation]:
        return self._lock(select(invitations).where(_OPEN, invitations.c.made_by == user_id))

    def lock_expired(self, now: datetime) -> Sequence[Invitation]:
        return self._lock(select(invitations).where(_OPEN, invitations.c.expires_at <= now))

    def _lock(self, found: Select[Any]) -> Sequence[Invitation]:
        return [
            _invitation(row) for row in self._connection.execute(found.order_by(invitations.c.id).with_for_update())
        ]

    def _one(self, found: Select[Any]) -> Invitation | None:
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _invitation(row)

    def save(self, invitation: Invitation) -> None:
        values: dict[str, Any] = {
            "revision": invitation.revision + 1,
            "state": invitation.state,
            "role": invitation.role,
            "uses": invitation.uses,
            "used": invitation.used,
            "life_seconds": int(invitation.life.total_seconds()),
            "made_at": invitation.made_at,
            "expires_at": invitation.expires_at,
            "for_user_id": invitation.for_user_id,
            "for_name": invitation.for_name,
        }
        if invitation.state is not InvitationState.OPEN:
            values["token_seed"] = None
        self._connection.execute(update(invitations).where(invitations.c.id == invitation.id).values(**values))

    def make_link(self, invitation_id: int) -> None:
        seed = secrets.token_bytes(SEED_SIZE)
        made = update(invitations).where(invitations.c.id == invitation_id)
        self._connection.execute(made.values(token_seed=seed, token_hash=_hash(self._cipher.invitation_token(seed))))

    def token(self, invitation_id: int) -> str | None:
        found = select(invitations.c.token_seed, invitations.c.token_hash).where(invitations.c.id == invitation_id)
        row = self._connection.execute(found).one_or_none()
        if row is None or row.token_seed is None:
            return None
        token = self._cipher.invitation_token(bytes(row.token_seed))
        # Another key than the one with which the link was made gives a token that lets nobody in.
        return token if _hash(token) == bytes(row.token_hash) else None

    def open_page(self, skip: int, size: int) -> Sequence[Invitation]:
        newest = select(invitations).where(_OPEN).order_by(invitations.c.id.desc()).offset(skip).limit(size)
        return [_invitation(row) for row in self._connection.execute(newest)]

    def count_open(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(invitations).where(_OPEN)) or 0

    def forget_unfinished_before(self, moment: datetime) -> None:
        unfinished = invitations.c.state == InvitationState.CHOOSING
        self._connection.execute(delete(invitations).where(unfinished, invitations.c.created_at < moment))

    def forget_ended_before(self, moment: datetime) -> None:
        """Forget how people were called that had to do with invitations, and cards that say how it ended.

        The rest stays: whoever opens an old link is told why it leads nowhere.
        """
        ended = invitations.c.state.not_in((InvitationState.CHOOSING, InvitationState.OPEN))
        old = and_(ended, invitations.c.expires_at < moment)
        named = update(invitations).where(old, invitations.c.for_name != "")
        self._connection.execute(named.values(for_name=""))
        came = joinings.c.joined_at < moment
        self._connection.execute(update(joinings).where(came, joinings.c.username != "").values(username=""))
        gone = select(joinings.c.id).where(came, joinings.c.removed)
        for kind, subjects in (
            (SharedKind.INVITATION, select(invitations.c.id).where(old)),
            (SharedKind.JOINED, gone),
        ):
            forget_cards(self._connection, kind, shared_cards.c.subject_id.in_(subjects))

    def bar(self, user_id: int, now: datetime) -> None:
        upsert(self._connection, barred_users, {"user_id": user_id, "barred_at": now})

    def barred_at(self, user_id: int) -> datetime | None:
        return self._connection.scalar(select(barred_users.c.barred_at).where(barred_users.c.user_id == user_id))

    def add_joining(self, invitation: Invitation, user_id: int, username: str, now: datetime) -> int:
        values = {
            "invitation_id": invitation.id,
            "user_id": user_id,
            "username": username,
            "role": invitation.role,
            "joined_at": now,
            "removed": False,
        }
        return new_id(self._connection.execute(insert(joinings), values))

    def find_joining(self, joining_id: int) -> Joining | None:
        row = self._connection.execute(select(joinings).where(joinings.c.id == joining_id)).one_or_none()
        if row is None:
            return None
        return Joining(
            row.id, row.invitation_id, row.user_id, row.username, Role(row.role), row.removed, row.removed_by
        )

    def note_removed(self, user_id: int, by: int | None) -> Sequence[int]:
        theirs = update(joinings).where(joinings.c.user_id == user_id, ~joinings.c.removed)
        return list(self._connection.scalars(theirs.values(removed=True, removed_by=by).returning(joinings.c.id)))


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id,
        revision=row.revision,
        state=InvitationState(row.state),
        made_by=row.made_by,
        role=Role(row.role),
        uses=row.uses,
        used=row.used,
        life=timedelta(seconds=row.life_seconds),
        bot_username=row.bot_username,
        made_at=row.made_at,
        expires_at=row.expires_at,
        for_user_id=row.for_user_id,
        for_name=row.for_name,
    )
