"""Passwords and links, encrypted, in a table of their own until what they are for has ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, delete, insert, or_, select

from bot.storage.encryption import Cipher
from bot.storage.pieces import in_pieces
from bot.storage.tables import draft_codes, secrets

Secrets = Mapping[str, str]

_OF_DRAFT = select(secrets.c.name, secrets.c.value).where(secrets.c.draft_id == bindparam("of_draft"))
_DELETE_OF_DRAFT = delete(secrets).where(secrets.c.draft_id == bindparam("of_draft"))
_CODES_OF_DRAFT = select(draft_codes.c.id).where(draft_codes.c.draft_id == bindparam("of_draft"))
_DELETE_OF_DRAFT_AND_CODES = delete(secrets).where(
    or_(secrets.c.draft_id == bindparam("of_draft"), secrets.c.draft_code_id.in_(_CODES_OF_DRAFT))
)


class SqlSecrets:
    """Of a draft, of a code of a draft that has its own, and from the confirmation on of each import."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def of_draft(self, draft_id: int) -> Secrets:
        rows = self._connection.execute(_OF_DRAFT, {"of_draft": draft_id})
        return {row.name: self._cipher.decrypt(row.value) for row in rows}

    def of_codes(self, draft_code_ids: Collection[int]) -> Mapping[int, Secrets]:
        return self._of(secrets.c.draft_code_id, draft_code_ids)

    def of_imports(self, import_ids: Collection[int]) -> Mapping[int, Secrets]:
        return self._of(secrets.c.import_id, import_ids)

    def _of(self, column: Column[Any], ids: Collection[int]) -> Mapping[int, Secrets]:
        kept: dict[int, dict[str, str]] = {}
        for some in in_pieces(ids):
            found = select(column.label("of"), secrets.c.name, secrets.c.value).where(column.in_(some))
            for row in self._connection.execute(found):
                kept.setdefault(row.of, {})[row.name] = self._cipher.decrypt(row.value)
        return kept

    def keep_for_draft(self, draft_id: int, values: Secrets) -> None:
        self._keep("draft_id", [(draft_id, values)])

    def keep_for_codes(self, values: Iterable[tuple[int, Secrets]]) -> None:
        self._keep("draft_code_id", values)

    def keep_for_imports(self, values: Iterable[tuple[int, Secrets]]) -> None:
        self._keep("import_id", values)

    def _keep(self, column: str, values: Iterable[tuple[int, Secrets]]) -> None:
        # Of a batch of hundreds all imports may have the same.
        encrypted: dict[str, bytes] = {}
        rows = []
        for of, some in values:
            for name, value in some.items():
                if value not in encrypted:
                    encrypted[value] = self._cipher.encrypt(value)
                rows.append({column: of, "name": name, "value": encrypted[value]})
        if rows:
            self._connection.execute(insert(secrets), rows)

    def delete_of_draft(self, draft_id: int) -> None:
        self._connection.execute(_DELETE_OF_DRAFT, {"of_draft": draft_id})

    def delete_of_draft_and_codes(self, draft_id: int) -> None:
        self._connection.execute(_DELETE_OF_DRAFT_AND_CODES, {"of_draft": draft_id})

    def delete_of_codes(self, draft_code_ids: Select[tuple[int]]) -> None:
        self._connection.execute(delete(secrets).where(secrets.c.draft_code_id.in_(draft_code_ids)))

    def delete_of_imports(self, import_ids: Collection[int]) -> None:
        for some in in_pieces(import_ids):
            self._connection.execute(delete(secrets).where(secrets.c.import_id.in_(some)))
