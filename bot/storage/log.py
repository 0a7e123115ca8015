"""The import log as people read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select, true

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import proxy_from_json
from bot.storage.encryption import Cipher
from bot.storage.kept_codes import kept_code_imports
from bot.storage.log_pages import Turn, any_of, page_of, part
from bot.storage.retention import forgotten_imports
from bot.storage.tables import LIVING, PENDING, imports
from bot.usecases.records import Given, LoggedImport, Page, Place

# Of a batch hundreds of rows are read for each of its cards, and each column is converted: no other than these.
_LOGGED: Select[Any] = select(
    *(imports.c.id, imports.c.batch_id, imports.c.user_id, imports.c.user_name),
    *(imports.c.code_mask, imports.c.code_hash, imports.c.code_encrypted, imports.c.transfer_code, imports.c.key_lost),
    *(imports.c.group_id, imports.c.group_title, imports.c.proxy, imports.c.proxy_choice, imports.c.bypass),
    *(imports.c.note, imports.c.status, imports.c.proxy_status, imports.c.profile_id, imports.c.profile_name),
    *(imports.c.error_code, imports.c.error_message, imports.c.waiting_for, imports.c.held, imports.c.cancel_wanted),
    *(imports.c.created_at, imports.c.finished_at, imports.c.handoff_id, imports.c.given_by, imports.c.given_by_name),
)
_HASHES: BindParameter[bytes] = bindparam("hashes", expanding=True)
_LIVING_OF = _LOGGED.where(imports.c.code_hash.in_(_HASHES), LIVING).order_by(imports.c.id)
_FORGOTTEN_OF = select(forgotten_imports).where(forgotten_imports.c.code_hash.in_(_HASHES))


class SqlLog:
    """The use cases' ``Log``."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def living(self, codes: Sequence[TransferCode]) -> Sequence[LoggedImport]:
        of_hash = {self._cipher.code_hash(code): code for code in codes}
        hashes = {"hashes": list(of_hash)}
        living = self._connection.execute(_LIVING_OF, hashes)
        forgotten = self._connection.execute(_FORGOTTEN_OF, hashes)
        return [
            *(_logged(row, of_hash[bytes(row.code_hash)]) for row in living),
            *(_forgotten(row, of_hash[bytes(row.code_hash)]) for row in forgotten),
        ]

    def of_message(self, where: Place, message_id: int) -> Sequence[LoggedImport]:
        sent = _LOGGED.where(
            imports.c.chat_id == where.chat_id, imports.c.message_id == message_id, imports.c.user_id == where.user_id
        )
        return [self._row(row) for row in self._connection.execute(sent.order_by(imports.c.id))]

    def of_batches(self, batch_ids: Sequence[int]) -> Mapping[int, Sequence[LoggedImport]]:
        """The rows of each of these batches, oldest first."""
        found = _LOGGED.where(imports.c.batch_id.in_(batch_ids)).order_by(imports.c.batch_id, imports.c.id)
        rows = self._connection.execute(found)
        return {
            batch_id: [self._row(row) for row in of_one] for batch_id, of_one in groupby(rows, attrgetter("batch_id"))
        }

    def of_kept(self, kept_id: int) -> Sequence[LoggedImport]:
        """The rows whose codes are in a list that was kept when somebody was removed, oldest first."""
        kept = select(kept_code_imports.c.import_id).where(kept_code_imports.c.kept_id == kept_id)
        found = _LOGGED.where(imports.c.id.in_(kept)).order_by(imports.c.id)
        return [self._row(row) for row in self._connection.execute(found)]

    def rows(self, row_ids: Collection[int]) -> Sequence[LoggedImport]:
        found = _LOGGED.where(imports.c.id.in_(row_ids)).order_by(imports.c.id)
        return [self._row(row) for row in self._connection.execute(found)]

    def _row(self, row: Row[Any]) -> LoggedImport:
        return _logged(row, code_of(row, self._cipher))

    def waiting(self, user_id: int) -> int:
        theirs = (PENDING, imports.c.status == Status.QUEUED, imports.c.user_id == user_id)
        return self._connection.scalar(select(func.count()).select_from(imports).where(*theirs)) or 0

    def counts(self, user_ids: Collection[int]) -> Mapping[int, int]:
        counted = select(imports.c.user_id, func.count()).where(imports.c.user_id.in_(user_ids))
        return {row[0]: row[1] for row in self._connection.execute(counted.group_by(imports.c.user_id))}

    def page(
        self,
        *,
        user_id: int | None,
        size: int,
        before: int | None = None,
        after: int | None = None,
    ) -> Page:
        turn = Turn(size + 1, before, after)
        if user_id is None:
            found = part(true(), turn)
        else:
            found = any_of([part(imports.c.user_id == user_id, turn), part(imports.c.given_by == user_id, turn)], turn)
        return page_of(list(self._connection.scalars(found)), self.rows, size, turn)


def code_of(row: Row[Any], cipher: Cipher) -> TransferCode | None:
    """The code of an import; None where it is not kept any more."""
    if row.transfer_code is not None:
        return TransferCode(row.transfer_code)
    return None if row.code_encrypted is None else TransferCode(cipher.decrypt(row.code_encrypted))


def _forgotten(row: Row[Any], code: TransferCode) -> LoggedImport:
    """An import of which there is no row any more."""
    return LoggedImport(
        id=0,
        batch_id=0,
        user_id=0,
        user_name="",
        code=code,
        code_mask=row.code_mask,
        key_lost=False,
        group_id=None,
        group_title=None,
        proxy="",
        proxy_choice=Keep(),
        bypass=(),
        note="",
        status=Status(row.status),
        proxy_status=None,
        profile_id=row.profile_id,
        profile_name="",
        error_code=None,
        error_message="",
        waiting_for=None,
        held=False,
        cancel_wanted=False,
        created_at=row.finished_at,
        finished_at=row.finished_at,
        forgotten=True,
    )


def _logged(row: Row[Any], code: TransferCode | None) -> LoggedImport:
    return LoggedImport(
        id=row.id,
        batch_id=row.batch_id,
        user_id=row.user_id,
        user_name=row.user_name,
        code=code,
        code_mask=row.code_mask,
        key_lost=row.key_lost,
        group_id=row.group_id,
        group_title=row.group_title,
        proxy=row.proxy,
        proxy_choice=proxy_from_json(row.proxy_choice, {}),
        bypass=tuple(row.bypass),
        note=row.note,
        status=Status(row.status),
        proxy_status=ProxyStatus(row.proxy_status) if row.proxy_status else None,
        profile_id=row.profile_id,
        profile_name=row.profile_name,
        error_code=row.error_code,
        error_message=row.error_message,
        waiting_for=row.waiting_for,
        held=row.held,
        cancel_wanted=row.cancel_wanted,
        created_at=row.created_at,
        finished_at=row.finished_at,
        given=None if row.given_by is None else Given(row.handoff_id, row.given_by, row.given_by_name or ""),
    )
