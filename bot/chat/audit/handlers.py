"""``/audit``: who did what, in pages that are turned by buttons, of one person, of one kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat import words
from bot.chat.audit import texts
from bot.chat.callbacks import AUDIT, Press, button
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.usecases.audit import AuditKind
from bot.usecases.audit_reading import PEOPLE_SIZE, AuditPage, ListAudited, ReadAudit, list_audited, read_audit
from bot.usecases.buttons import Problem
from bot.usecases.permissions import UseCase, require
from bot.usecases.records import Buttons

_PAGE, _PEOPLE, _KINDS = "page", "people", "kinds"
#: Where to go on, a letter and a number, and the kind that is looked for.
_ARGUMENT = re.compile(r"([abn])([0-9]{1,12})(?:/([a-z_]{1,18}))?", re.ASCII)
#: Digits of an id, a pseudonym included.
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Of which person (0 for all) and of which kind (empty for all), and where in that."""

    person_id: int = 0
    kind: str = ""
    way: str = "n"
    number: int = 0


def command(ctx: UpdateContext) -> None:
    """``/audit``, with or without a name or an id behind it."""
    typed = ctx.incoming.argument
    if not typed:
        _show(ctx, _Wanted())
    elif _ID.fullmatch(typed):
        _show(ctx, _Wanted(int(typed)))
    else:
        _find(ctx, typed)


def pressed(ctx: UpdateContext, press: Press) -> None:
    """``page``, or the list of ``people`` or ``kinds``: ``b7/denied`` is what is older than entry 7, and denied.

    ``a7`` is what is newer than it, ``n0`` the newest, and in the list of people ``n8`` leaves out the first eight.
    """
    if not ctx.incoming.private:
        require(ctx.actor, UseCase.READ_AUDIT)
    found = _ARGUMENT.fullmatch(press.argument)
    if found is None or not ctx.incoming.private:
        ctx.explain(Problem.OLD_BUTTON)
        return
    wanted = _Wanted(press.id, found[3] or "", found[1], int(found[2]))
    match press.action:
        case "page":
            _show(ctx, wanted)
        case "people":
            _choose_person(ctx, wanted)
        case "kinds":
            _choose_kind(ctx, wanted)
        case _:
            ctx.explain(Problem.OLD_BUTTON)


def _show(ctx: UpdateContext, wanted: _Wanted) -> None:
    t = ctx.t
    read = read_audit(
        ctx.work,
        ctx.actor,
        ReadAudit(
            ctx.incoming.where,
            wanted.person_id or None,
            wanted.kind or None,
            before=wanted.number if wanted.way == "b" else None,
            after=wanted.number if wanted.way == "a" else None,
        ),
    )
    if read is None:
        ctx.say(texts.private_only(t))
        return
    of = texts.person(t, wanted.person_id, read.names) if wanted.person_id else None
    said = texts.page(t, read.entries, read.names, ctx.actor.time_zone, of=of, kind=wanted.kind or None)
    ctx.edit(said, _buttons(ctx, wanted, read, of))


def _buttons(ctx: UpdateContext, wanted: _Wanted, read: AuditPage, of: str | None) -> Buttons:
    t = ctx.t
    turn = []
    if read.newer:
        turn.append(_one(Html(f"‹ {words.previous(t)}"), _PAGE, replace(wanted, way="a", number=read.entries[0].id)))
    if read.older:
        turn.append(_one(Html(f"{words.next_(t)} ›"), _PAGE, replace(wanted, way="b", number=read.entries[-1].id)))
    newest = replace(wanted, way="n", number=0)
    if of is None:
        by_person = _one(texts.by_person(t), _PEOPLE, newest)
    else:
        by_person = _one(texts.without(t, of), _PAGE, replace(newest, person_id=0))
    if not wanted.kind:
        by_kind = _one(texts.by_kind(t), _KINDS, newest)
    else:
        by_kind = _one(texts.without(t, texts.label(t, wanted.kind)), _PAGE, replace(newest, kind=""))
    return [*([turn] if turn else []), [by_person, by_kind]]


def _choose_person(ctx: UpdateContext, wanted: _Wanted) -> None:
    t, skip = ctx.t, wanted.number
    listed = list_audited(ctx.work, ctx.actor, ListAudited(ctx.incoming.where, skip=skip))
    if listed is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    turn = []
    if skip:
        turn.append(_one(Html(f"‹ {words.previous(t)}"), _PEOPLE, replace(wanted, number=max(0, skip - PEOPLE_SIZE))))
    if listed.more:
        turn.append(_one(Html(f"{words.next_(t)} ›"), _PEOPLE, replace(wanted, number=skip + PEOPLE_SIZE)))
    rows = [[_one(texts.person(t, each, listed.names), _PAGE, _Wanted(each, wanted.kind))] for each in listed.people]
    ctx.edit(texts.whose(t), [*rows, *([turn] if turn else []), _back(ctx, wanted)])


def _find(ctx: UpdateContext, search: str) -> None:
    """By a part of a name: the one who has it, or who of those that have it."""
    t = ctx.t
    listed = list_audited(ctx.work, ctx.actor, ListAudited(ctx.incoming.where, search))
    if listed is None:
        ctx.say(texts.private_only(t))
    elif not listed.people:
        ctx.say(texts.nobody(t, search))
    elif len(listed.people) == 1:
        _show(ctx, _Wanted(listed.people[0]))
    else:
        rows = [[_one(texts.person(t, each, listed.names), _PAGE, _Wanted(each))] for each in listed.people]
        ctx.say(texts.whose(t), [*rows, _back(ctx, _Wanted())])


def _choose_kind(ctx: UpdateContext, wanted: _Wanted) -> None:
    known = [kind for kind in texts.KINDS if kind in set(AuditKind)]
    each = [_one(texts.label(ctx.t, kind), _PAGE, _Wanted(wanted.person_id, kind)) for kind in known]
    ctx.edit(texts.which_kind(ctx.t), [*(each[at : at + 2] for at in range(0, len(each), 2)), _back(ctx, wanted)])


def _back(ctx: UpdateContext, wanted: _Wanted) -> Sequence[tuple[str, str]]:
    return [_one(words.back(ctx.t), _PAGE, replace(wanted, way="n", number=0))]


def _one(label: str, action: str, wanted: _Wanted) -> tuple[str, str]:
    kind = f"/{wanted.kind}" if wanted.kind else ""
    return button(label, Press(AUDIT, wanted.person_id, 0, action, f"{wanted.way}{wanted.number}{kind}"))
