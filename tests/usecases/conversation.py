"""What tests of the use cases do again and again: a member in a chat, and what stands in the database then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, Update, select, update

from bot.domain.draft import DefaultGroup, Draft
from bot.domain.draft_answers import Answer, ProxyKindPicked
from bot.domain.import_state import Status
from bot.domain.proxy import Keep
from bot.domain.remote_lists import Listing, Row
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.schema import metadata
from bot.storage.signals import SignalHandlers
from bot.storage.tables import batches, drafts, imports
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.drafting import AnswerDraft, DraftButton, answer, confirm
from bot.usecases.drafting_messages import take_text
from bot.usecases.imports import BatchButton
from bot.usecases.records import Batch, Place, Role, StoredDraft
from bot.usecases.remote_lists import publish, publish_failure, request_anew, requested
from bot.usecases.sent_messages import Received, TakeText
from tests.storage.support import hold_living

CODE, OTHER = "11112222-33334444", "55556666-77778888"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA = Actor(1001, "Ana", Role.MEMBER, "en")
MAI = Actor(1002, "Mai", Role.MEMBER, "en")
BOSS = Actor(1000, "Boss", Role.ADMIN, "en")
ADMINS_BY_SETTINGS = frozenset({42, 41})
GROUP_CHAT = -1001

Result = TypeVar("Result")
Command = TypeVar("Command")


def private(actor: Actor) -> Place:
    return Place(actor.user_id, actor.user_id, None, actor.language)


def in_group(actor: Actor) -> Place:
    return Place(actor.user_id, GROUP_CHAT, None, actor.language)


@dataclass
class Conversation:
    """One member (Ana) in one chat. ``signals`` are those delivered since they were last cleared."""

    database: Database
    actor: Actor = ANA
    where: Place = field(default_factory=lambda: private(ANA))
    signals: list[str] = field(default_factory=list)
    store: SqlStore = field(init=False)

    def __post_init__(self) -> None:
        def note(name: str) -> Callable[..., None]:
            return lambda *about: self.signals.append(" ".join([name, *map(str, about)]))

        handlers = SignalHandlers(
            chat_behind=note("chat_behind"),
            imports_queued=note("imports_queued"),
            imports_to_verify=note("imports_to_verify"),
            links_to_set=note("links_to_set"),
            groups_requested=note("groups_requested"),
            lists_requested=note("lists_requested"),
            lists_published=note("lists_published"),
            feed_behind=note("feed_behind"),
            menus_due=note("menus_due"),
        )
        self.store = SqlStore(self.database, handlers, lambda: NOW, admins=ADMINS_BY_SETTINGS)

    def of(self, actor: Actor, where: Place | None = None) -> Conversation:
        """Another conversation over the same database."""
        return replace(self, actor=actor, where=where or private(actor))

    async def do(self, use_case: Callable[[SqlWork, Actor, Command], Result], command: Command) -> Result:
        return await self.store.write(use_case, self.actor, command)

    async def let_in(self, actor: Actor, role: Role | None = None) -> None:
        def keep(work: SqlWork) -> None:
            work.users.keep(actor.user_id, actor.name, actor.language, NOW)
            work.users.set_role(actor.user_id, role or actor.role, actor.user_id, NOW)

        await self.store.write(keep)

    async def list_read(self, listing: Listing, *rows: Row, ago: float = 0.0) -> None:
        """The station has read this list, so many seconds ago."""
        store = SqlStore(self.database, now=lambda: NOW - timedelta(seconds=ago))
        await store.write(request_anew, frozenset({listing}))
        [request] = [each for each in await store.read(requested) if each.listing is listing]
        await store.write(publish, request, rows)

    async def list_failed(self, listing: Listing, reason: str = "away") -> None:
        """The station could not read this list just now."""
        await self.store.write(request_anew, frozenset({listing}))
        [request] = [each for each in await self.store.read(requested) if each.listing is listing]
        await self.store.write(publish_failure, request, reason)

    async def requests(self) -> set[Listing]:
        """The lists that are to be read."""
        return {each.listing for each in await self.store.read(requested)}

    # --- drafts -------------------------------------------------------------------------------------------------------

    async def type(self, text: str, *, addressed: bool = True) -> Received:
        return await self.do(take_text, TakeText(self.where, text, addressed, message_id=5))

    async def button(self, *, message_id: int | None = None) -> DraftButton:
        """A button of the open draft's card as it is now."""
        stored = await self.stored()
        return DraftButton(self.where, message_id or stored.card.message_id, stored.id, stored.card.revision)

    async def answer(self, given: Answer | None) -> ButtonResult:
        return await self.do(answer, AnswerDraft(await self.button(), given))

    async def ready(self, *codes: str) -> StoredDraft:
        """A complete draft of these codes."""
        draft = Draft(tuple(map(TransferCode, codes or (CODE,))), DefaultGroup(), Keep())
        await self.store.write(lambda work: work.drafts.open_new(self.where, draft, NOW))
        return await self.stored()

    async def open_draft(self) -> StoredDraft | None:
        return await self.store.read(lambda work: work.drafts.find_open(self.where))

    async def stored(self) -> StoredDraft:
        """The open draft, which there must be."""
        stored = await self.open_draft()
        assert stored is not None, "no open draft"
        return stored

    async def draft(self) -> Draft:
        return (await self.stored()).draft

    # --- batches ------------------------------------------------------------------------------------------------------

    async def confirmed(self, *codes: str, status: Status = Status.QUEUED, **fields: object) -> Batch:
        """A batch of these codes, whose rows stand like this."""
        stored = await self.ready(*codes)
        await self.do(confirm, await self.button())
        batch = await self.store.read(lambda work: work.batches.of_draft(stored.id))
        assert batch is not None
        await self.rewrite_batch(batch.id, status=status, **fields)
        return await self.batch(batch.id)

    async def rewrite(self, **fields: object) -> None:
        """Make all rows of the log stand like this."""
        await self._rewrite(update(imports).values(**fields))

    async def rewrite_batch(self, batch_id: int, **fields: object) -> None:
        """Make the rows of one batch stand like this."""
        theirs = update(imports).where(imports.c.batch_id == batch_id)
        await self._rewrite(theirs.values(**fields))

    async def _rewrite(self, rewritten: Update) -> None:
        def work(connection: Connection) -> None:
            connection.execute(rewritten)
            hold_living(connection)

        await self.database.write(work)

    async def batch(self, batch_id: int) -> Batch:
        batch = await self.store.read(lambda work: work.batches.find(batch_id))
        assert batch is not None
        return batch

    def batch_button(self, batch: Batch, *, message_id: int | None = None) -> BatchButton:
        return BatchButton(self.where, message_id, batch.id, batch.card.revision)

    # --- the database -------------------------------------------------------------------------------------------------

    async def rows(self, table: Table) -> Sequence[Mapping[str, Any]]:
        found = select(table).order_by(*table.primary_key.columns)
        return await self.database.read(lambda connection: [dict(row) for row in connection.execute(found).mappings()])

    async def everything(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {table.name: await self.rows(table) for table in metadata.sorted_tables}

    async def reposted(self) -> list[str]:
        """The cards that are to be shown below what has been written since: ``draft 1``, ``batch 2``."""
        tables = {"draft": drafts, "batch": batches}
        return [
            f"{name} {row['id']}" for name, table in tables.items() for row in await self.rows(table) if row["below"]
        ]


KEEP = ProxyKindPicked("keep")
