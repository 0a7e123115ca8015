"""The whole conversation in one table: what each answer does at each step.

The diagram in the README shows the same; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.bypass import read_domains
from bot.domain.draft import (
    FREE_TEXT_STEPS,
    LONGEST_TITLE,
    NOT_HANDED_OVER_AT,
    QUESTIONS,
    DefaultGroup,
    Draft,
    ListedGroup,
    NewGroup,
    Notice,
    Step,
    can_go_back,
    step,
    takes_bypass,
    without_asides,
)
from bot.domain.draft_answers import (
    Answer,
    Back,
    BypassOff,
    Change,
    DefaultGroupPicked,
    FormatPicked,
    GroupMade,
    GroupNotMade,
    GroupPicked,
    HandOverWanted,
    IpPolicyPicked,
    ListedPicked,
    MeaningPicked,
    MeantAnswered,
    MethodPicked,
    NewGroupWanted,
    PageTurned,
    ProxyKindPicked,
    ReadingPicked,
    SearchCleared,
    Typed,
    TypePicked,
)
from bot.domain.draft_parts import asking, with_group, with_proxy
from bot.domain.hand_over_transitions import HAND_OVER_HANDLERS
from bot.domain.hand_over_transitions import begin as begin_hand_over
from bot.domain.list_transitions import search, search_proxies, show_all, turn
from bot.domain.proxy import KINDS, Custom
from bot.domain.proxy_parsing.reader import read_link, read_password
from bot.domain.proxy_parsing.types import is_type, read_type
from bot.domain.sent_transitions import AT_EVERY_STEP, BUT_FOR_TEXTS, WITH_CODES, answer_meant, pick_meaning
from bot.domain.transfer_code import looks_like_code
from bot.domain.typed_proxy import choice_of, ways_to_read
from bot.errors import InputError, OldButton


def apply(draft: Draft, answer: Answer) -> Draft:
    """The draft after this answer.

    Raises ``OldButton`` for an answer to a question that is not asked now, and ``InputError`` for a text that can't
    be used; the draft is then as it was.
    """
    handler = TRANSITIONS[step(draft)].get(type(answer))
    if handler is None:
        raise OldButton(f"{type(answer).__name__} at {step(draft)}")
    return handler(replace(draft, notice=None), answer)


def noticed(draft: Draft, mistake: InputError) -> Draft:
    """The same draft with a remark on what could not be used."""
    return replace(draft, notice=Notice(mistake.reason, mistake.values))


def _title(draft: Draft, answer: Typed) -> Draft:
    title = " ".join(answer.text.split())
    if not title:
        raise InputError("empty_title")
    if len(title) > LONGEST_TITLE:
        raise InputError("long_title", most=str(LONGEST_TITLE))
    return with_group(draft, NewGroup(title))


def _group_not_made(draft: Draft, answer: GroupNotMade) -> Draft:
    notice = Notice(answer.reason, answer.values)
    return asking(replace(draft, group=None, notice=notice), Step.GROUP_TITLE)


def _type_address(draft: Draft, answer: Typed) -> Draft:
    choice, notice = choice_of(answer.text)
    return replace(with_proxy(draft, choice), notice=notice)


def readings(draft: Draft) -> tuple[Custom, ...]:
    """The ways in which the typed proxy can be read, where there is more than one."""
    return ways_to_read(draft.proxy) if isinstance(draft.proxy, Custom) else ()


def _pick_reading(draft: Draft, answer: ReadingPicked) -> Draft:
    ways = readings(draft)
    if not 0 <= answer.index < len(ways):
        raise OldButton("no such reading")
    return with_proxy(draft, ways[answer.index])


def _proxy_kind(draft: Draft, answer: ProxyKindPicked) -> Draft:
    if answer.kind not in KINDS:
        raise OldButton("no such kind of proxy")
    return with_proxy(draft, KINDS[answer.kind]())


def _set_proxy(**values: Callable[[Any], object]) -> Callable[[Draft, Any], Draft]:
    """Fill in fields of the proxy choice, each computed from the answer."""

    def handler(draft: Draft, answer: Any) -> Draft:
        changes = {name: value(answer) for name, value in values.items()}
        # The table only leads here with a choice that has these fields.
        proxy: Any = draft.proxy
        return with_proxy(draft, replace(proxy, **changes))

    return handler


def _type_type(draft: Draft, answer: Typed, otherwise: Callable[[Draft, Typed], Draft]) -> Draft:
    """A type may be typed as well as tapped; any other text is what it is ``otherwise``."""
    word = answer.text.strip()
    type_ = read_type(word) if is_type(word) else None
    return otherwise(draft, answer) if type_ is None else _pick_type(draft, TypePicked(type_))


_pick_type = _set_proxy(type=lambda answer: answer.type)


def _back(draft: Draft, _: Back) -> Draft:
    """To the question before: the newest answer is taken back, or the wish to change one."""
    if not can_go_back(draft):
        raise OldButton("nothing before this")
    match step(draft):
        case Step.MEANING:
            return without_asides(draft)
        case Step.GROUP_TITLE:
            return asking(draft, Step.GROUP)
        case Step.PROXY if draft.changing is None:
            return asking(draft, Step.GROUP)
        case Step.GROUP | Step.PROXY | Step.BYPASS:
            return asking(draft, None)
        case asked:
            return _question_before(draft, asked)


def _question_before(draft: Draft, asked: Step) -> Draft:
    """One question back among those about the proxy; before the first of them stands its kind."""
    proxy: Any = draft.proxy
    questions = QUESTIONS[type(proxy)]
    if asked is questions[0][1]:
        changing = None if draft.former is None else Step.PROXY
        return asking(replace(draft, proxy=draft.former, former=None), changing)
    if isinstance(proxy, Custom):
        # One text has answered all that has been answered.
        return replace(draft, proxy=Custom())
    names = [name for name, _ in questions]
    kept = names[: [at for _, at in questions].index(asked) - 1]
    return asking(replace(draft, proxy=type(proxy)(**{name: getattr(proxy, name) for name in kept})), None)


def _change(draft: Draft, answer: Change) -> Draft:
    if answer.part not in (Step.GROUP, Step.PROXY, Step.BYPASS):
        raise OldButton("no such part")
    if answer.part is Step.BYPASS and not takes_bypass(draft):
        raise OldButton("no bypass list without a proxy choice")
    return asking(draft, answer.part)


def _with_bypass(draft: Draft, domains: tuple[str, ...]) -> Draft:
    return asking(replace(draft, bypass=domains), None)


def _tap_instead(_draft: Draft, answer: Typed) -> Draft:
    raise InputError("almost_code" if looks_like_code(answer.text) else "tap_a_button")


def _tap_import(_draft: Draft, answer: Typed) -> Draft:
    raise InputError("almost_code" if looks_like_code(answer.text) else "tap_import")


def _no_code(_draft: Draft, answer: Typed) -> Draft:
    raise InputError("almost_code" if looks_like_code(answer.text) else "no_code")


Handler = Callable[[Draft, Any], Draft]

_LIST: dict[type, Handler] = {
    PageTurned: turn,
    ListedPicked: _set_proxy(proxy_id=lambda answer: answer.id),
    Typed: _tap_instead,
    Back: _back,
}
_SEARCHED: dict[type, Handler] = {**_LIST, Typed: search_proxies, SearchCleared: show_all}


def _not_meant(draft: Draft, answer: Typed) -> Draft:
    """Whoever types something else means that as the answer to the question that was asked before."""
    try:
        return apply(without_asides(draft), answer)
    except InputError as mistake:
        if mistake.reason == "tap_import":
            raise InputError("tap_a_button") from None
        raise


HANDLERS_BY_STEP: dict[Step, Mapping[type, Handler]] = {
    Step.CODES: {Typed: _no_code},
    Step.MEANT_CODE: {MeantAnswered: answer_meant, Typed: _not_meant},
    Step.MEANING: {MeaningPicked: pick_meaning, Typed: _not_meant, Back: _back},
    Step.GROUP: {
        GroupPicked: lambda draft, answer: with_group(draft, ListedGroup(answer.id)),
        DefaultGroupPicked: lambda draft, _: with_group(draft, DefaultGroup()),
        NewGroupWanted: lambda draft, _: asking(draft, Step.GROUP_TITLE),
        Typed: search,
        PageTurned: turn,
        SearchCleared: show_all,
        Back: _back,
    },
    Step.GROUP_TITLE: {Typed: _title, Back: _back},
    Step.GROUP_MAKING: {
        GroupMade: lambda draft, answer: with_group(draft, ListedGroup(answer.id, answer.title)),
        GroupNotMade: _group_not_made,
        Typed: _tap_instead,
    },
    Step.PROXY: {ProxyKindPicked: _proxy_kind, Typed: _type_address, PageTurned: turn, Back: _back},
    Step.CUSTOM: {Typed: _type_address, Back: _back},
    Step.READING: {ReadingPicked: _pick_reading, Typed: _type_address, Back: _back},
    Step.CUSTOM_TYPE: {
        TypePicked: _pick_type,
        Typed: lambda draft, answer: _type_type(draft, answer, _type_address),
        Back: _back,
    },
    Step.PASSWORD: {
        Typed: _set_proxy(password=lambda answer: read_password(answer.text)),
        Change: _change,
        Back: _back,
    },
    Step.SAVED: _SEARCHED,
    Step.STATIC: _SEARCHED,
    Step.RESIDENTIAL: {**_LIST, ListedPicked: _set_proxy(package_id=lambda answer: answer.id)},
    Step.IP_POLICY: {
        IpPolicyPicked: _set_proxy(new_ip=lambda answer: answer.new_ip),
        Typed: _tap_instead,
        Back: _back,
    },
    Step.LINK: {Typed: _set_proxy(link=lambda answer: read_link(answer.text)), Change: _change, Back: _back},
    Step.LINK_TYPE: {
        TypePicked: _pick_type,
        Typed: lambda draft, answer: _type_type(draft, answer, _tap_instead),
        Back: _back,
    },
    Step.FORMAT: {FormatPicked: _set_proxy(format=lambda answer: answer.format), Typed: _tap_instead, Back: _back},
    Step.METHOD: {MethodPicked: _set_proxy(method=lambda answer: answer.method), Typed: _tap_instead, Back: _back},
    Step.BYPASS: {
        Typed: lambda draft, answer: _with_bypass(draft, read_domains(answer.text)),
        BypassOff: lambda draft, _: _with_bypass(draft, ()),
        Back: _back,
    },
    Step.CONFIRM: {Change: _change, Typed: _tap_import},
    **HAND_OVER_HANDLERS,
}

#: Step by step, which answers are taken and what each does.
TRANSITIONS: Mapping[Step, Mapping[type, Handler]] = {
    asked: {
        **AT_EVERY_STEP,
        **({} if asked is Step.CODES else WITH_CODES),
        **({} if asked in NOT_HANDED_OVER_AT else {HandOverWanted: begin_hand_over}),
        **({} if asked in FREE_TEXT_STEPS else BUT_FOR_TEXTS),
        **answers,
    }
    for asked, answers in HANDLERS_BY_STEP.items()
}
