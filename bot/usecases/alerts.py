"""Admins are told of the bot itself: once a change, and each as loud as they want it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.alert import DEFAULTS, AlertKind, Observed, observe
from bot.domain.loudness import Loudness
from bot.usecases.actor import Actor
from bot.usecases.admins import all_admins
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChooseAlerts:
    kind: AlertKind
    loudness: Loudness


def choose_alerts(work: UnitOfWork, actor: Actor, command: ChooseAlerts) -> None:
    """How loud the actor is told of this kind."""
    require(actor, UseCase.CHOOSE_ALERTS)
    work.alerts.choose(actor.user_id, command.kind, command.loudness)


def alert_choices(work: UnitOfWork, user_id: int) -> Mapping[AlertKind, Loudness]:
    """How loud somebody is told of each kind."""
    return {**DEFAULTS, **work.alerts.choices(user_id)}


def listeners(work: UnitOfWork, kind: AlertKind) -> Iterator[tuple[int, bool]]:
    """The admins who are to be told of this kind, and whether that is to be silent."""
    for admin in all_admins(work):
        loudness = alert_choices(work, admin)[kind]
        if loudness is not Loudness.OFF:
            yield admin, loudness is Loudness.SILENT


def forget_unsaid(work: UnitOfWork, user_id: int) -> None:
    """Somebody can't be told now. When they can be, it may be wrong; ``/status`` says what is so then."""
    work.outbox.forget_alerts(user_id)


def changed(work: UnitOfWork, name: str, seen: str, *, well: str) -> bool:
    """Note what is seen of something; whether admins are to be told now that it is so."""
    before = work.alerts.observed(name)
    after = observe(before, seen, work.now, well=well)
    work.alerts.note(name, after)
    return after.told != (well if before is None else before.told)


def told_of(work: UnitOfWork, name: str) -> Observed | None:
    """What admins were told last of something."""
    return work.alerts.observed(name)
