"""Rows of the import log, and what the use cases need of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.import_state import ImportState
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the import log: what it is, which never changes, and where it stands.

    ``chat_id`` is the chat in which its batch's card stands now, ``user_id`` who has confirmed it at ``created_at``.
    ``code`` is None where it is not kept any more, which is never so while the import is under way. ``handoff_id`` is
    the handoff of which the code was taken.
    """

    id: int
    batch_id: int
    chat_id: int
    user_id: int
    created_at: datetime
    code: TransferCode | None
    group_id: int | None
    proxy: ProxyChoice
    bypass: tuple[str, ...]
    state: ImportState
    handoff_id: int | None = None


class Imports(Protocol):
    """The import log. One's own station's rows alone are seen, but by ``lock_batch`` and where it is said.

    What is named ``lock`` reads rows that nobody else can change until the transaction ends. Rows come oldest first.
    """

    def lock(self, row_id: int) -> ImportRow | None: ...

    def lock_batch(self, batch_id: int) -> Sequence[ImportRow]: ...

    def lock_under_way_of(self, user_id: int) -> Sequence[ImportRow]:
        """The person's rows that have not ended, of every station."""

    def lock_sending(self, besides: Collection[int]) -> Sequence[ImportRow]:
        """The rows in ``SENDING`` that ``besides`` does not name."""

    def lock_queued(self, limit: int, *, last: Collection[int], besides: Collection[int]) -> Sequence[ImportRow]:
        """Up to ``limit`` rows in ``QUEUED`` that are not held, without those that somebody else has locked.

        People have their turns one after another, however much each has queued: first whose last turn is longest ago,
        with the oldest of their rows. That they had their turns is noted. Rows named in ``last`` come after all others,
        those named in ``besides`` not at all.
        """

    def lock_waiting_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        """The rows in ``QUEUED`` that are not held and have waited since before then."""

    def lock_waiting_for_other(self, reason: str | None) -> Sequence[ImportRow]:
        """The rows in ``QUEUED`` that wait for something else than this."""

    def lock_proxies_missing_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        """The rows, imported before then, whose proxy is ``MISSING``."""

    def lock_of_other_stations(self, station: str | None = None) -> Sequence[ImportRow]:
        """The rows of all other stations, or of one, for which something is left to do."""

    def waiting_elsewhere(self) -> Mapping[str, int]:
        """How many rows of each other station have not ended, or have a proxy that is still to be set."""

    def lock_unfinished(self) -> Sequence[ImportRow]:
        """The rows of every station that have not ended, whose end is not known, or whose proxy is still to be set."""

    def save(self, rows: Sequence[ImportRow]) -> None:
        """Write the whole states of rows that were read under lock; their ``version`` goes up by one.

        The code of one that is imported can be read in the log from then on.
        """

    def delete_secrets(self, row_ids: Collection[int]) -> None:
        """Delete the passwords and links of these rows' proxies."""

    def forget_codes(self, before: datetime) -> int:
        """Forget the codes of rows that ended before then without being imported; how many."""

    def lock_all_queued(self) -> Sequence[ImportRow]:
        """Everything that is queued, at whichever station."""

    def queued(self) -> Sequence[ImportRow]:
        """What is queued, held or not."""

    def checking(self) -> Sequence[ImportRow]:
        """The rows in ``CHECKING``."""

    def links_to_set(self) -> Sequence[ImportRow]:
        """The rows whose ``proxy_status`` is ``PENDING`` or ``SETTING``."""

    def unnamed(self, since: datetime) -> Sequence[ImportRow]:
        """The rows imported since then whose profile's number is known and whose name is not."""

    def claimed_records(self, record_ids: Collection[int]) -> frozenset[int]:
        """Those of the received records that a row has been found by already."""

    def claimed_profiles(self, profile_ids: Collection[int]) -> frozenset[int]:
        """Those of the profiles that a row has already."""
