"""Looking at what was left: what waits for somebody, what they have left, and one handoff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.plain_letters import has_words
from bot.usecases.actor import Actor
from bot.usecases.handoff_people import everybody_who_imports, is_for
from bot.usecases.handoff_rows import Handoff, HandoffPage
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import LoggedImport
from bot.usecases.recovery_gates import sends_nothing

#: Handoffs on one page, and people.
PAGE_SIZE = 6
PEOPLE = 8


@dataclass(frozen=True, slots=True)
class ListHandoffs:
    """Asks for a page, from 0; one that there is not is the last."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class ListedHandoffs:
    """A page of handoffs as one person may see them; ``pages`` is 1 where there are none.

    ``held_back``: none are shown, since after a restore it is not known yet what of them has arrived.
    """

    views: Sequence[HandoffView]
    page: int
    pages: int
    held_back: bool = False


def list_inbox(work: UnitOfWork, actor: Actor, command: ListHandoffs) -> ListedHandoffs:
    """What waits for the actor, and for the team, newest first."""
    require(actor, UseCase.LIST_INBOX)
    return _listed(work, actor, lambda: work.handoffs.waiting_for(actor.user_id, page=command.page, size=PAGE_SIZE))


def list_given(work: UnitOfWork, actor: Actor, command: ListHandoffs) -> ListedHandoffs:
    """What the actor has left for others, newest first."""
    require(actor, UseCase.LIST_GIVEN)
    return _listed(work, actor, lambda: work.handoffs.of_owner(actor.user_id, page=command.page, size=PAGE_SIZE))


def list_all_handoffs(work: UnitOfWork, actor: Actor, command: ListHandoffs) -> ListedHandoffs:
    """What anybody has left, newest first."""
    require(actor, UseCase.LIST_ALL_HANDOFFS)
    return _listed(work, actor, lambda: work.handoffs.of_owner(None, page=command.page, size=PAGE_SIZE))


def _listed(work: UnitOfWork, actor: Actor, read: Callable[[], HandoffPage]) -> ListedHandoffs:
    if sends_nothing(work):
        return ListedHandoffs((), 0, 1, held_back=True)
    page = read()
    views = _views_of(work, page.handoffs, actor.user_id, everything=may(actor, UseCase.LIST_ALL_HANDOFFS))
    return ListedHandoffs(views, page.page, page.pages)


def people_of(handoff: Handoff) -> frozenset[int]:
    """Everybody who has to do with a handoff."""
    people = (handoff.giver_id, handoff.owner_id, handoff.receiver_id, *(code.state.taker_id for code in handoff.codes))
    return frozenset(person for person in people if person is not None)


@dataclass(frozen=True, slots=True)
class ListReceivers:
    """Asks for those of whose names this is a part, on a page from 0. ``handoff_id``: whose codes they are to get."""

    search: str = ""
    page: int = 0
    handoff_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiverPage:
    """People by their ids, with how they are called. ``handles`` tell those apart who are called alike."""

    people: Sequence[tuple[int, str]]
    page: int
    pages: int
    handles: Mapping[int, str] = field(default_factory=dict)


def list_receivers(work: UnitOfWork, actor: Actor, command: ListReceivers) -> ReceiverPage:
    """For whom the actor can leave codes, by name."""
    require(actor, UseCase.LIST_RECEIVERS)
    handoff = None if command.handoff_id is None else work.handoffs.find(command.handoff_id)
    but = {actor.user_id} if handoff is None else {handoff.owner_id, handoff.giver_id}
    return find_receivers(work, command.search, command.page, frozenset(but))


def find_receivers(work: UnitOfWork, search: str, page: int, but: frozenset[int]) -> ReceiverPage:
    """The same for whoever shows a card."""
    wanted = search.removeprefix("@")
    usernames = {user.id: user.username for user in work.users.list_allowed() if user.username}
    everybody = everybody_who_imports(work)
    found = [
        (user_id, name)
        for user_id, name in everybody.items()
        if user_id not in but and _is_called(user_id, name, usernames.get(user_id, ""), wanted)
    ]
    found.sort(key=lambda each: (each[1].casefold(), each[0]))
    pages = max(1, -(-len(found) // PEOPLE))
    page = min(max(page, 0), pages - 1)
    people = found[page * PEOPLE : (page + 1) * PEOPLE]
    handles = handles_of(work, [user_id for user_id, _ in people])
    return ReceiverPage(people, page, pages, handles)


def handles_of(work: UnitOfWork, user_ids: Sequence[int]) -> Mapping[int, str]:
    """Those of some people who are called as somebody else who imports, with their username, or their number."""
    everybody = everybody_who_imports(work)
    called = Counter(name.casefold() for name in everybody.values() if name)
    usernames = {user.id: user.username for user in work.users.list_allowed() if user.username}
    alike = [user_id for user_id in user_ids if called[everybody.get(user_id, "").casefold()] > 1]
    return {user_id: f"@{usernames[user_id]}" if user_id in usernames else str(user_id) for user_id in alike}


def _is_called(user_id: int, name: str, username: str, wanted: str) -> bool:
    return has_words(name, wanted) or wanted.casefold() in username.casefold() or wanted == str(user_id)


@dataclass(frozen=True, slots=True)
class ShowHandoff:
    handoff_id: int


@dataclass(frozen=True, slots=True)
class HandoffView:
    """A handoff as one person may see it. ``imports`` are the rows of its codes, by their numbers.

    ``for_reader``: they may take what waits. ``owned``: it comes back to them. ``may_assign``: they may give it to
    somebody else. ``unreachable``: who was to be told can't be written to.
    """

    handoff: Handoff
    names: Mapping[int, str]
    imports: Mapping[int, LoggedImport]
    for_reader: bool
    owned: bool
    may_assign: bool
    unreachable: bool


def show_handoff(work: UnitOfWork, actor: Actor, command: ShowHandoff) -> HandoffView | None:
    """One handoff; None where there is none, or it is none of the actor's business."""
    require(actor, UseCase.SHOW_HANDOFF)
    handoff = work.handoffs.find(command.handoff_id)
    if handoff is None:
        return None
    everything = may(actor, UseCase.LIST_ALL_HANDOFFS)
    view = view_of(work, handoff, actor.user_id, everything=everything)
    return view if view.for_reader or view.owned or everything or actor.user_id in people_of(handoff) else None


def view_of(work: UnitOfWork, handoff: Handoff, reader_id: int, *, everything: bool = False) -> HandoffView:
    """The same for whoever shows a card to somebody. ``everything``: they are an admin."""
    return _views_of(work, [handoff], reader_id, everything=everything)[0]


def _views_of(
    work: UnitOfWork, handoffs: Sequence[Handoff], reader_id: int, *, everything: bool
) -> Sequence[HandoffView]:
    """What is needed of other rows is read once for all of them."""
    if not handoffs:
        return []
    names = work.users.names({person for handoff in handoffs for person in people_of(handoff)})
    of_imports = [code.state.import_id for handoff in handoffs for code in handoff.codes]
    imported = [import_id for import_id in of_imports if import_id is not None]
    rows = {row.id: row for row in work.log.rows(imported)} if imported else {}
    unreachable = {each.user_id for each in work.unreachable.all()}
    return [
        HandoffView(
            handoff,
            {person: names[person] for person in people_of(handoff) if person in names},
            {
                code.state.import_id: rows[code.state.import_id]
                for code in handoff.codes
                if code.state.import_id in rows
            },
            for_reader=is_for(handoff, reader_id),
            owned=handoff.owner_id == reader_id,
            may_assign=handoff.owner_id == reader_id or everything,
            unreachable=handoff.receiver_id in unreachable,
        )
        for handoff in handoffs
    ]
