"""A draft: the answers that one person has given so far, and what to ask next.

What to ask next is derived from what is unanswered: there is no second record of where a conversation stands. What an
answer does stands in ``transitions``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.proxy import (
    Custom,
    Direct,
    Extraction,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    complete,
)
from bot.domain.recent import Recent
from bot.domain.transfer_code import TransferCode

MOST_CODES = 500
LONGEST_TITLE = 200
LONGEST_NOTE = 200


class Step(StrEnum):
    """What is asked next."""

    CODES = "codes"
    MEANT_CODE = "meant_code"
    MEANING = "meaning"
    GROUP = "group"
    GROUP_TITLE = "group_title"
    GROUP_MAKING = "group_making"
    PROXY = "proxy"
    CUSTOM = "custom"
    READING = "reading"
    CUSTOM_TYPE = "custom_type"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    SAVED = "saved"
    STATIC = "static"
    RESIDENTIAL = "residential"
    IP_POLICY = "ip_policy"
    LINK = "link"
    LINK_TYPE = "link_type"
    FORMAT = "format"
    METHOD = "method"
    BYPASS = "bypass"
    CONFIRM = "confirm"
    RECEIVER = "receiver"
    HANDOFF_NOTE = "handoff_note"
    EXPIRY = "expiry"
    HAND_OVER = "hand_over"


#: Steps that ask for a proxy in words.
PROXY_TEXT_STEPS = frozenset({Step.PROXY, Step.CUSTOM, Step.READING, Step.CUSTOM_TYPE})
#: Steps at which any text may be the answer, digits too.
FREE_TEXT_STEPS = frozenset({Step.GROUP_TITLE, Step.PASSWORD, Step.LINK, Step.BYPASS, Step.RECEIVER, Step.HANDOFF_NOTE})
#: Steps at which what is typed is searched for.
SEARCH_STEPS = frozenset({Step.GROUP, Step.SAVED, Step.STATIC, Step.RECEIVER})
#: Steps of leaving the codes for somebody.
HAND_OVER_STEPS = frozenset({Step.RECEIVER, Step.HANDOFF_NOTE, Step.EXPIRY, Step.HAND_OVER})
#: Steps at which codes can't be left for somebody: there are none, or what was sent is not clear.
NOT_HANDED_OVER_AT = HAND_OVER_STEPS | {Step.CODES, Step.MEANT_CODE, Step.MEANING, Step.GROUP_MAKING}
#: Steps of a proxy at which what is typed may hold a secret.
SECRET_STEPS = PROXY_TEXT_STEPS | {Step.PASSWORD, Step.LINK, Step.LINK_TYPE, Step.FORMAT, Step.METHOD}
#: Those of them that ask for a secret and say that it is deleted. At the others buttons answer, and what is ordinary
#: stays.
TYPED_SECRET_STEPS = frozenset({Step.CUSTOM, Step.LINK, Step.PASSWORD})


@dataclass(frozen=True, slots=True)
class DefaultGroup:
    """No ``group_id`` is sent."""


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group of ixBrowser's list; its title is None until the list has told it."""

    id: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to be made; ``sent`` once the call that makes it may have been sent."""

    title: str
    sent: bool = False


GroupAnswer = DefaultGroup | ListedGroup | NewGroup
#: What can be chosen by typing its name: a group, or a proxy choice that is complete with it.
NamedChoice = DefaultGroup | ListedGroup | Keep | Direct | Saved | Static


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark on the card about the last answer; ``values`` never hold a secret."""

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnChoices:
    """The choices of one code where they differ from the draft's; a field that is None is the draft's.

    ``group`` is there already or the default group, and ``proxy`` is complete.
    """

    group: DefaultGroup | ListedGroup | None = None
    proxy: ProxyChoice | None = None
    bypass: tuple[str, ...] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """For whom codes are left: a person, or (None) the team."""

    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Codes of a draft that are about to be left for somebody. ``receiver`` is None until it is chosen.

    ``hours`` is after how many they come back where nobody takes them, None for never. ``changing`` is what is to be
    answered anew.
    """

    receiver: Receiver | None = None
    hours: int | None = None
    changing: Step | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far; a field that is None is unanswered.

    ``bypass`` is empty when the list is off. ``note`` is the person's own remark. ``own`` holds what differs for single
    codes, each of them one of ``codes``. ``changing`` is the question that its person wants to answer anew; until
    they do, the old answer stands. ``former`` is the proxy, without secrets, that is being replaced by one that is not
    complete yet. ``page`` and ``search`` are how a list is looked at. ``last_type`` is the type that its person
    used last for a proxy that they typed. ``proxy_until``: a proxy that came without a code is kept until then.
    ``codes_deleted``: some of the codes stood in a message that was deleted. ``meant`` is a code that a message was
    probably meant as, and about which its person is asked. ``meanings`` are those of a word that was typed and may mean
    more than one thing. ``recent`` are its person's last choices from ixBrowser's lists. ``listed``: there has been
    more than one code, so that each can be taken out. ``hand_over``: the codes are about to be left for somebody.
    """

    codes: tuple[TransferCode, ...] = ()
    group: GroupAnswer | None = None
    proxy: ProxyChoice | None = None
    bypass: tuple[str, ...] = ()
    note: str = ""
    own: Mapping[TransferCode, OwnChoices] = field(default_factory=dict)
    changing: Step | None = None
    former: ProxyChoice | None = None
    page: int = 0
    search: str = ""
    notice: Notice | None = None
    last_type: ProxyType | None = None
    proxy_until: datetime | None = None
    codes_deleted: bool = False
    meant: TransferCode | None = None
    meanings: tuple[NamedChoice, ...] = ()
    recent: Recent = field(default_factory=Recent)
    listed: bool = False
    hand_over: HandOver | None = None


#: What each kind of proxy asks, in this order: the field that the answer fills, and the step.
QUESTIONS: Mapping[type[ProxyChoice], tuple[tuple[str, Step], ...]] = {
    Custom: (("host", Step.CUSTOM), ("type", Step.CUSTOM_TYPE), ("password", Step.PASSWORD)),
    Saved: (("proxy_id", Step.SAVED),),
    Static: (("proxy_id", Step.STATIC),),
    Residential: (("package_id", Step.RESIDENTIAL), ("new_ip", Step.IP_POLICY)),
    Extraction: (
        ("link", Step.LINK),
        ("type", Step.LINK_TYPE),
        ("format", Step.FORMAT),
        ("method", Step.METHOD),
    ),
}


def step(draft: Draft) -> Step:
    """What to ask next."""
    if draft.meant is not None or draft.meanings:
        return Step.MEANING if draft.meant is None else Step.MEANT_CODE
    if not draft.codes:
        return Step.CODES
    if draft.hand_over is not None:
        return _of_hand_over(draft.hand_over)
    return _unanswered(draft)


def _of_hand_over(hand_over: HandOver) -> Step:
    if hand_over.changing is not None:
        return hand_over.changing
    return Step.RECEIVER if hand_over.receiver is None else Step.HAND_OVER


def can_hand_over(draft: Draft) -> bool:
    """Whether the codes can be left for somebody: whatever is asked, but not while a group is being made."""
    return bool(draft.codes) and step(draft) not in NOT_HANDED_OVER_AT


def without_asides(draft: Draft) -> Draft:
    """The draft without the questions about what was sent, which stand before the one that was asked."""
    return replace(draft, meant=None, meanings=())


def _unanswered(draft: Draft) -> Step:
    """The first question that has no answer yet, or that is to be answered anew."""
    if draft.changing in (Step.GROUP, Step.GROUP_TITLE):
        return draft.changing
    if draft.group is None:
        return Step.GROUP
    if isinstance(draft.group, NewGroup):
        return Step.GROUP_MAKING
    if draft.changing is Step.PROXY or draft.proxy is None:
        return Step.PROXY
    return _missing(draft.proxy) or (Step.BYPASS if draft.changing is Step.BYPASS else Step.CONFIRM)


def _missing(proxy: ProxyChoice) -> Step | None:
    """The first question about this kind of proxy that has no answer yet."""
    if isinstance(proxy, Custom) and proxy.unclear is not None:
        return Step.READING
    return next((asked for name, asked in QUESTIONS.get(type(proxy), ()) if getattr(proxy, name) is None), None)


def can_go_back(draft: Draft) -> bool:
    """Whether there is a question before the one that is asked, or an answer that still stands."""
    asked = step(draft)
    if asked is Step.GROUP:
        return draft.changing is Step.GROUP and draft.group is not None and draft.proxy is not None
    return asked not in (Step.CODES, Step.MEANT_CODE, Step.GROUP_MAKING, Step.CONFIRM)


def takes_bypass(draft: Draft) -> bool:
    """Whether a bypass list would be sent: only beside a proxy choice other than the profile's own."""
    return draft.proxy is not None and not isinstance(draft.proxy, Keep)


@dataclass(frozen=True, slots=True)
class LastChoices:
    """The group, proxy and bypass list of somebody's last import, without anything secret.

    ``last_type`` is the type of the last proxy for which one was told, which may be an older one. ``recent`` are the
    last choices from ixBrowser's lists, this one and those before it.
    """

    group: GroupAnswer | None = None
    proxy: ProxyChoice | None = None
    bypass: tuple[str, ...] = ()
    last_type: ProxyType | None = None
    recent: Recent = field(default_factory=Recent)


def last_choices(draft: Draft) -> LastChoices:
    """What to remember of a confirmed draft. A typed password or link is not: it will be asked for again."""
    told = draft.proxy.type if isinstance(draft.proxy, Custom | Extraction) else None
    return LastChoices(draft.group, without_secrets(draft.proxy), draft.bypass, told or draft.last_type)


def without_secrets(proxy: ProxyChoice | None) -> ProxyChoice | None:
    """The choice with its secrets unanswered; a custom proxy that needs no password stays complete."""
    if proxy is None or (isinstance(proxy, Custom) and proxy.host is not None and not proxy.user):
        return proxy
    forgotten: dict[str, Any] = {f.name: None for f in fields(proxy) if f.metadata.get("secret")}
    return replace(proxy, **forgotten)


def begin(last: LastChoices, *, secrets_welcome: bool = True) -> Draft:
    """A new draft with the last choices filled in; without a proxy that asks for a secret where none may be asked."""
    asks_for_secret = last.proxy is not None and not complete(last.proxy)
    if asks_for_secret and not secrets_welcome:
        return Draft(group=last.group, last_type=last.last_type, recent=last.recent)
    return Draft(group=last.group, proxy=last.proxy, bypass=last.bypass, last_type=last.last_type, recent=last.recent)
