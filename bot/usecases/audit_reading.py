"""The audit as admins read it: in pages, of one person, of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.plain_letters import has_words
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditEntry
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place

#: Entries on one page.
PAGE_SIZE = 10
#: People on one page.
PEOPLE_SIZE = 8


@dataclass(frozen=True, slots=True)
class ReadAudit:
    """``before`` and ``after`` are ids of entries. Without a person or a kind it is all of them."""

    where: Place
    person_id: int | None = None
    kind: str | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """``names`` has how people are called now, as far as that is known."""

    entries: Sequence[AuditEntry]
    names: Mapping[int, str]
    newer: bool
    older: bool


def read_audit(work: UnitOfWork, actor: Actor, command: ReadAudit) -> AuditPage | None:
    """A page of the audit; None where others look on."""
    require(actor, UseCase.READ_AUDIT)
    if not command.where.private:
        return None
    page = _page(work, command)
    if page.entries or (command.before is None and command.after is None):
        return page
    # Nothing lies there: no button of ours leads to such a place.
    return _page(work, ReadAudit(command.where, command.person_id, command.kind))


def _page(work: UnitOfWork, command: ReadAudit) -> AuditPage:
    before, after = command.before, command.after
    found = work.audit.find(
        person_id=command.person_id, kind=command.kind, size=PAGE_SIZE + 1, before=before, after=after
    )
    more = len(found) > PAGE_SIZE
    # The one too many is the newest where newer ones were asked for.
    entries = found[-PAGE_SIZE:] if after is not None else found[:PAGE_SIZE]
    people = {entry.actor_id for entry in entries} | {entry.subject_id for entry in entries} | {command.person_id}
    return AuditPage(
        entries,
        work.users.names([person for person in people if person is not None]),
        newer=more if after is not None else before is not None and bool(found),
        older=bool(found) if after is not None else more,
    )


@dataclass(frozen=True, slots=True)
class ListAudited:
    """Asks of whom there are entries. ``search`` is a part of a name, ``skip`` how many are left out at first."""

    where: Place
    search: str = ""
    skip: int = 0


@dataclass(frozen=True, slots=True)
class AuditedPage:
    """People by their ids, whose newest entry is the newest first. ``names`` is as above."""

    people: Sequence[int]
    names: Mapping[int, str]
    more: bool


def list_audited(work: UnitOfWork, actor: Actor, command: ListAudited) -> AuditedPage | None:
    """Of whom there are entries; None where others look on."""
    require(actor, UseCase.LIST_AUDITED)
    if not command.where.private:
        return None
    people = work.audit.people()
    if command.search:
        named = {person_id for person_id, name in work.users.all_names().items() if has_words(name, command.search)}
        people = [person_id for person_id in people if person_id in named]
    listed = people[command.skip : command.skip + PEOPLE_SIZE]
    return AuditedPage(listed, work.users.names(listed), more=len(people) > command.skip + PEOPLE_SIZE)
