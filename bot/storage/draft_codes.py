"""The codes of drafts as rows, each with its own choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, insert, select, update

from bot.domain.draft import Draft, OwnChoices
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import holds_secrets, own_from_json, own_to_json, proxy_secrets
from bot.storage.encryption import Cipher
from bot.storage.secrets import SqlSecrets
from bot.storage.tables import draft_codes
from bot.usecases.records import StoredDraft

_CHANGE_OWN = (
    update(draft_codes)
    .where(draft_codes.c.draft_id == bindparam("of_draft"), draft_codes.c.code_hash == bindparam("of_hash"))
    .values(own=bindparam("new_own"))
)


class DraftCodes:
    """What ``SqlDrafts`` needs of them."""

    def __init__(self, connection: Connection, secrets: SqlSecrets, cipher: Cipher) -> None:
        self._connection = connection
        self._secrets = secrets
        self._cipher = cipher

    def own(self, of_code: Mapping[TransferCode, Row[Any]]) -> Mapping[TransferCode, OwnChoices]:
        differing = {code: row for code, row in of_code.items() if row.own is not None}
        secrets = self._secrets.of_codes([row.code_id for row in differing.values() if holds_secrets(row.own["proxy"])])
        return {code: own_from_json(row.own, secrets.get(row.code_id, {})) for code, row in differing.items()}

    def add(
        self,
        draft_id: int,
        codes: Sequence[TransferCode],
        own: Mapping[TransferCode, OwnChoices],
        retries: Mapping[str, int],
        messages: Mapping[TransferCode, int],
    ) -> None:
        if not codes:
            return
        rows = [
            {
                "draft_id": draft_id,
                "code_hash": self._cipher.code_hash(code),
                "code_encrypted": self._cipher.encrypt(code.text),
                "own": own_to_json(own.get(code)),
                "retry_of": retries.get(code.text),
                "message_id": messages.get(code),
            }
            for code in codes
        ]
        self._connection.execute(insert(draft_codes), rows)
        self._keep_own_secrets(draft_id, {code: own[code] for code in codes if code in own})

    def _keep_own_secrets(self, draft_id: int, own: Mapping[TransferCode, OwnChoices]) -> None:
        secret = {self._cipher.code_hash(code): proxy_secrets(choices.proxy) for code, choices in own.items()}
        if any(secret.values()):
            found = select(draft_codes.c.id, draft_codes.c.code_hash).where(draft_codes.c.draft_id == draft_id)
            ids = {row.code_hash: row.id for row in self._connection.execute(found)}
            self._secrets.keep_for_codes((ids[of], values) for of, values in secret.items())

    def change(self, before: StoredDraft, draft: Draft, sent_in: Mapping[TransferCode, int]) -> None:
        """Write what differs; codes that are new stood in these messages.

        The codes' order is that of their rows' ids, so that a row stays where only its own choices change, and is
        written anew behind a code that has taken another's place.
        """
        new = dict.fromkeys(draft.codes)
        kept = [code for code in before.draft.codes if code in new]
        same = takewhile(lambda pair: pair[0] == pair[1], zip(kept, new, strict=False))
        old = dict.fromkeys(code for code, _ in same)
        gone = [code for code in before.draft.codes if code not in old]
        if gone:
            self._connection.execute(delete(draft_codes).where(self._rows_of(before.id, gone)))
        was, own = before.draft.own, draft.own
        changed = [code for code in old if was.get(code) != own.get(code)]
        if changed:
            self._change_own(before.id, {code: own.get(code) for code in changed})
        added = [code for code in new if code not in old]
        # Codes that were there and only moved came by another message, or by none.
        new_in = {code: message_id for code, message_id in sent_in.items() if code not in before.draft.codes}
        self.add(before.id, added, own, before.retries, {**before.messages, **new_in})

    def forget(self, draft_id: int, codes: Iterable[TransferCode]) -> None:
        self._connection.execute(delete(draft_codes).where(self._rows_of(draft_id, codes)))

    def _change_own(self, draft_id: int, own: Mapping[TransferCode, OwnChoices | None]) -> None:
        """Write other choices of codes that are there."""
        self._connection.execute(
            _CHANGE_OWN,
            [
                {"of_draft": draft_id, "of_hash": self._cipher.code_hash(code), "new_own": own_to_json(choices)}
                for code, choices in own.items()
            ],
        )
        self._secrets.delete_of_codes(select(draft_codes.c.id).where(self._rows_of(draft_id, own)))
        self._keep_own_secrets(draft_id, {code: choices for code, choices in own.items() if choices is not None})

    def _rows_of(self, draft_id: int, codes: Iterable[TransferCode]) -> ColumnElement[bool]:
        hashes = [self._cipher.code_hash(code) for code in codes]
        return and_(draft_codes.c.draft_id == draft_id, draft_codes.c.code_hash.in_(hashes))
