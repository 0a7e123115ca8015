"""What somebody chooses for themselves: their language, and the time zone in which they are told times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.usecases.actor import Actor
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """``language`` is an IETF tag."""

    language: str


def choose_language(work: UnitOfWork, actor: Actor, command: ChooseLanguage) -> None:
    """Speak to the actor in this language from now on. Their cards that are open are shown in it."""
    require(actor, UseCase.CHOOSE_LANGUAGE)
    work.users.set_language(actor.user_id, command.language)
    drafts = work.drafts.open_of(actor.user_id)
    work.cards.mark_outdated([stored.id for stored in drafts])
    batches = [work.batches.find(batch_id) for batch_id in work.batches.under_way(actor.user_id)]
    for batch in batches:
        if batch is not None:
            work.batches.bump(batch.id)
    for card in (*drafts, *batches):
        if card is not None:
            work.signals.chat_behind(card.where.chat_id)


@dataclass(frozen=True, slots=True)
class ChooseTimeZone:
    """``time_zone`` is a name of the IANA's database; empty for none, which is the computer's."""

    time_zone: str


def choose_time_zone(work: UnitOfWork, actor: Actor, command: ChooseTimeZone) -> None:
    """Tell the actor times of this zone from now on."""
    require(actor, UseCase.CHOOSE_TIME_ZONE)
    work.users.set_time_zone(actor.user_id, command.time_zone)


def language_of(work: UnitOfWork, user_id: int, otherwise: str = "") -> str:
    """The language that is known of somebody; for the program itself."""
    user = work.users.find(user_id)
    return (user and user.language) or otherwise


def languages_of_members(work: UnitOfWork) -> Mapping[int, str]:
    """The languages, empty where not known, of all to whom the database gives a role; for the program itself."""
    return {user.id: user.language for user in work.users.list_allowed()}


def private_place(work: UnitOfWork, user_id: int) -> Place:
    """Somebody's private chat with the bot; for the program itself."""
    return Place(user_id, user_id, None, language_of(work, user_id))
