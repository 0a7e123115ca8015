"""A secret that a draft of a group chat asks for is typed in private, by a link for one person and one draft."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from bot.domain.draft import SECRET_STEPS, Draft, Step, step
from bot.errors import OldButton
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.draft_changes import open_draft
from bot.usecases.drafting import DraftButton, press
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.private_links import PrivateLink
from bot.usecases.records import CardKind, DraftState, Place, StoredDraft

#: How long a link can be used.
LINK_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """``token`` is random, and is to be known to the person who pressed alone."""

    button: DraftButton
    token: str = field(repr=False)


def make_private_link(work: UnitOfWork, actor: Actor, command: LinkWanted) -> ButtonResult:
    """Let somebody go on in private with a draft of theirs, by whoever hands this token over there."""
    require(actor, UseCase.MAKE_PRIVATE_LINK)

    def act(stored: StoredDraft) -> ButtonResult:
        if not _goes_on_in_private(stored):
            raise OldButton("nothing here is a secret")
        link = PrivateLink(actor.user_id, stored.id, work.now + LINK_LIFE, used=False)
        work.private_links.add(command.token, link)
        return ButtonResult()

    return press(work, actor, command.button, act)


@dataclass(frozen=True, slots=True)
class FollowLink:
    """``where`` is the person's private chat."""

    where: Place
    token: str = field(repr=False)


class Opening(StrEnum):
    """What became of a link that was followed."""

    OPENED = "opened"
    GONE = "gone"  # used, too old, or never there
    NOT_YOURS = "not_yours"
    ENDED = "ended"  # what it was for


def go_on_in_private(work: UnitOfWork, actor: Actor, command: FollowLink) -> Opening:
    """Open a private draft for the draft of the link. One that is open already is kept aside until its end."""
    require(actor, UseCase.GO_ON_IN_PRIVATE)
    link = work.private_links.find(command.token)
    if link is None or not command.where.private:
        return Opening.GONE
    if link.user_id != actor.user_id:
        return Opening.NOT_YOURS
    private_id = work.private_links.open_draft(link.draft_id)
    if private_id is not None:
        work.cards.show_again(CardKind.DRAFT, private_id)
        return Opening.OPENED
    return _open(work, command, link)


def _open(work: UnitOfWork, command: FollowLink, link: PrivateLink) -> Opening:
    if link.used or link.expires_at <= work.now:
        return Opening.GONE
    stored = work.drafts.find(link.draft_id)
    if stored is None or not _goes_on_in_private(stored):
        return Opening.ENDED
    if not work.private_links.use(command.token):
        return Opening.GONE
    open_draft(work, command.where, _asking(stored.draft), stored.retries, continues=stored.id)
    return Opening.OPENED


def _goes_on_in_private(stored: StoredDraft) -> bool:
    is_open = stored.state is DraftState.OPEN
    return is_open and not stored.where.private and step(stored.draft) in SECRET_STEPS


def _asking(draft: Draft) -> Draft:
    """The same question, of which Back is no way to those before it."""
    changing = Step.PROXY if step(draft) is Step.PROXY else draft.changing
    return replace(draft, changing=changing, notice=None)
