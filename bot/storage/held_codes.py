"""Codes that are somebody's: one row each, by the keyed hash, so that a code has one owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, Connection, Index, LargeBinary, Table, bindparam, delete, select, update

from bot.domain.transfer_code import TransferCode
from bot.storage.column_types import RowId
from bot.storage.encryption import Cipher
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import metadata
from bot.storage.pieces import in_pieces
from bot.storage.tables import OPEN, draft_codes, drafts, imports

held_codes = Table(
    "held_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    # The handoff in which it waits or is taken; None where a living row of the import log has it.
    Column("handoff_id", RowId),
)
_OF_HANDOFF = held_codes.c.handoff_id.is_not(None)
Index("ix_held_codes_handoff_id", held_codes.c.handoff_id, sqlite_where=_OF_HANDOFF, postgresql_where=_OF_HANDOFF)
_IN_HANDOFFS = select(held_codes).where(held_codes.c.code_hash.in_(bindparam("hashes", expanding=True)), _OF_HANDOFF)


class SqlHeldCodes:
    """The use cases' ``HeldCodes``, and what only the storage needs of them."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def handoffs_of(self, codes: Collection[TransferCode]) -> Mapping[TransferCode, int]:
        of_hash = self._hashes(codes)
        rows = self._connection.execute(_IN_HANDOFFS, {"hashes": list(of_hash)})
        return {of_hash[bytes(row.code_hash)]: row.handoff_id for row in rows}

    def hold(self, codes: Sequence[TransferCode], handoff_id: int) -> frozenset[TransferCode]:
        of_hash = self._hashes(codes)
        return frozenset(of_hash[code_hash] for code_hash in self._insert(of_hash, handoff_id))

    def hold_for_import(
        self, code_hashes: Collection[bytes], handoff_id: int | None
    ) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Hold codes for the import log: those that the handoff holds of which they were taken, and those of nobody."""
        taken_over: frozenset[bytes] = frozenset()
        if handoff_id is not None:
            mine = (held_codes.c.handoff_id == handoff_id, held_codes.c.code_hash.in_(sorted(code_hashes)))
            took = update(held_codes).where(*mine).values(handoff_id=None).returning(held_codes.c.code_hash)
            taken_over = frozenset(map(bytes, self._connection.scalars(took)))
        return taken_over, self._insert(set(code_hashes) - taken_over, None)

    def _insert(self, code_hashes: Collection[bytes], handoff_id: int | None) -> frozenset[bytes]:
        if not code_hashes:
            return frozenset()
        held = insert_or_ignore(self._connection, held_codes).returning(held_codes.c.code_hash)
        # In one order, so that two who hold the same codes at once do not wait for one another.
        rows = [{"code_hash": code_hash, "handoff_id": handoff_id} for code_hash in sorted(code_hashes)]
        return frozenset(map(bytes, self._connection.execute(held, rows).scalars()))

    def hand_on(self, codes: Collection[TransferCode], old: int, new: int) -> None:
        theirs = (held_codes.c.handoff_id == old, held_codes.c.code_hash.in_(list(self._hashes(codes))))
        self._connection.execute(update(held_codes).where(*theirs).values(handoff_id=new))

    def release(self, codes: Collection[TransferCode], handoff_id: int) -> None:
        for some in in_pieces(self._hashes(codes)):
            theirs = (held_codes.c.handoff_id == handoff_id, held_codes.c.code_hash.in_(some))
            self._connection.execute(delete(held_codes).where(*theirs))

    def release_imports(self, import_ids: Collection[int]) -> None:
        for some in in_pieces(import_ids):
            theirs = select(imports.c.code_hash).where(imports.c.id.in_(some), imports.c.code_hash.is_not(None))
            released = delete(held_codes).where(held_codes.c.code_hash.in_(theirs), ~_OF_HANDOFF)
            self._connection.execute(released)

    def in_drafts_of_others(self, codes: Collection[TransferCode], user_id: int) -> Mapping[TransferCode, int]:
        of_hash = self._hashes(codes)
        found = (
            select(draft_codes.c.code_hash, drafts.c.user_id)
            .join(drafts, drafts.c.id == draft_codes.c.draft_id)
            .where(draft_codes.c.code_hash.in_(list(of_hash)), OPEN, drafts.c.user_id != user_id)
        )
        return {of_hash[bytes(row.code_hash)]: row.user_id for row in self._connection.execute(found)}

    def _hashes(self, codes: Collection[TransferCode]) -> Mapping[bytes, TransferCode]:
        return {self._cipher.code_hash(code): code for code in codes}
