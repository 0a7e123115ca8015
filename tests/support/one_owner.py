"""What is true of every database: a code has one owner, and who that is says the same everywhere."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, select

from bot.domain.transfer_code import TransferCode
from bot.storage.encryption import Cipher
from bot.storage.handoff_tables import handoff_codes
from bot.storage.held_codes import held_codes
from bot.storage.tables import LIVING, draft_codes, drafts, imports

#: Statuses of imports that may still go on.
GOING_ON = {"queued", "sending", "checking", "unknown"}


def faults_of_owners(connection: Connection, cipher: Cipher) -> list[str]:
    """What does not fit together; nothing where all is well."""
    held = {bytes(row.code_hash): row.handoff_id for row in connection.execute(select(held_codes))}
    found = connection.execute(select(imports.c.code_hash).where(LIVING, imports.c.code_hash.is_not(None))).scalars()
    living = Counter(map(bytes, found))
    faults = [f"{count} living imports have one code" for count in living.values() if count > 1]
    of_imports = {code_hash for code_hash, handoff_id in held.items() if handoff_id is None}
    if of_imports != set(living):
        faults.append(f"{len(of_imports - set(living))} held without, {len(set(living) - of_imports)} living without")
    states = {row.id: row.status for row in connection.execute(select(imports.c.id, imports.c.status))}
    opened = {row.id: row.state for row in connection.execute(select(drafts.c.id, drafts.c.state))}
    in_drafts = {
        (row.draft_id, bytes(row.code_hash))
        for row in connection.execute(select(draft_codes.c.draft_id, draft_codes.c.code_hash))
    }
    of_handoffs = {}
    for row in connection.execute(select(handoff_codes)):
        code_hash = _hash(row.code_encrypted, cipher)
        if row.status in {"waiting", "taken"}:
            of_handoffs[code_hash] = row.handoff_id
        if row.status == "taken" and (opened.get(row.draft_id) != "open" or (row.draft_id, code_hash) not in in_drafts):
            faults.append(f"code {row.id} is taken into a draft that is {opened.get(row.draft_id)}, or not in it")
        if (row.status == "importing") != (row.import_id is not None and states.get(row.import_id) in GOING_ON):
            faults.append(f"code {row.id} is {row.status}, its import {states.get(row.import_id)}")
        if row.status == "imported" and states.get(row.import_id) != "imported":
            faults.append(f"code {row.id} is imported, its import {states.get(row.import_id)}")
    waiting = {code_hash: handoff_id for code_hash, handoff_id in held.items() if handoff_id is not None}
    if waiting != of_handoffs:
        faults.append(f"held for handoffs {sorted(waiting.values())}, waiting in {sorted(of_handoffs.values())}")
    return faults


def _hash(encrypted: bytes | None, cipher: Cipher) -> bytes:
    return b"" if encrypted is None else cipher.code_hash(TransferCode(cipher.decrypt(encrypted)))
