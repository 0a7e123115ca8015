"""The conversation as a diagram, walked through rather than written down: the README shows what this finds."""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass, replace

from bot.domain.draft import (
    HAND_OVER_STEPS,
    Draft,
    LastChoices,
    ListedGroup,
    Step,
    begin,
    step,
    without_asides,
    without_secrets,
)
from bot.domain.draft_answers import (
    AlmostCodeSent,
    Answer,
    Back,
    BypassOff,
    Change,
    CodesReplaced,
    CodesSent,
    CodeTakenOut,
    DefaultGroupPicked,
    ExpiryPicked,
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
    Named,
    NewGroupWanted,
    NoteCleared,
    PageTurned,
    ProxyKindPicked,
    ProxySent,
    ReadingPicked,
    ReceiverPicked,
    SearchCleared,
    SeveralNamed,
    Typed,
    TypePicked,
)
from bot.domain.draft_transitions import apply
from bot.domain.proxy import (
    KINDS,
    Custom,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Saved,
    TextFormat,
)
from bot.domain.transfer_code import TransferCode
from bot.errors import InputError, OldButton

_SENT = "proxy in a message"
_ALMOST = "almost a code"
_NAME = "name"
_CHANGED = "changed message"
_CODE = TransferCode("76686828-89727101")
_MEANT = TransferCode("11112222-33334444")
_LINK = "https://proxies.example/next"

#: Answers that do not depend on what is asked, each with the words for it.
_TAPPED: Sequence[tuple[str, Answer]] = [
    ("code", CodesSent((_CODE,), 1)),
    (_CHANGED, CodeTakenOut(0)),
    (_CHANGED, CodesReplaced((_CODE,), (_MEANT,))),
    (_CHANGED, CodesReplaced((_CODE, _MEANT), ())),
    (_SENT, ProxySent(Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2"))),
    (_SENT, ProxySent(Custom("203.0.113.7", 1080, None, "ana", "hunter2"))),
    (_SENT, ProxySent(Extraction(_LINK))),
    (_ALMOST, AlmostCodeSent(_MEANT)),
    ("Yes", MeantAnswered(yes=True)),
    ("No", MeantAnswered(yes=False)),
    (_NAME, Named(ListedGroup(9, "Ads"))),
    (_NAME, Named(Saved(302, "http 203.0.113.8:1080"))),
    (_NAME, SeveralNamed((Keep(), ListedGroup(10, "Keep")))),
    ("meaning", MeaningPicked(0)),
    ("meaning", MeaningPicked(1)),
    ("page", PageTurned(1)),
    ("all groups", SearchCleared()),
    ("group", GroupPicked(7)),
    ("Default", DefaultGroupPicked()),
    ("New group", NewGroupWanted()),
    ("made", GroupMade(8, "Shops Asia")),
    ("not made", GroupNotMade("group_away")),
    *[(kind.capitalize(), ProxyKindPicked(kind)) for kind in KINDS],
    ("reading", ReadingPicked(0)),
    ("reading", ReadingPicked(1)),
    ("type", TypePicked(ProxyType.SOCKS5)),
    ("one of the list", ListedPicked(301)),
    ("policy", IpPolicyPicked(new_ip=True)),
    ("format", FormatPicked(TextFormat.IP_PORT)),
    ("method", MethodPicked(ExtractionMethod.EVERY_OPENING)),
    ("No bypass list", BypassOff()),
    ("Hand over", HandOverWanted()),
    ("person", ReceiverPicked(4002)),
    ("no note", NoteCleared()),
    ("time", ExpiryPicked(4)),
    ("time", ExpiryPicked(None)),
    *[(part.value.capitalize(), Change(part)) for part in (Step.GROUP, Step.PROXY, Step.BYPASS)],
    ("Change", Change(Step.RECEIVER)),
    ("Note", Change(Step.HANDOFF_NOTE)),
    ("Expiry", Change(Step.EXPIRY)),
    ("Back", Back()),
]

_PROXY_TEXTS = (
    "socks5://ana:hunter2@203.0.113.7:1080",
    "socks5://ana@203.0.113.7:1080",
    "203.0.113.7:1080:ana:hunter2",
    "203.0.113.7:1080:ana:ssh",
)
#: What is typed at a step, and the word for it; at every other step typing is no answer.
_TYPED: Mapping[Step, tuple[str, Sequence[str]]] = {
    Step.GROUP: ("search", ["shop"]),
    Step.GROUP_TITLE: ("name", ["Shops Asia"]),
    Step.PROXY: ("proxy text", _PROXY_TEXTS),
    Step.CUSTOM: ("proxy text", _PROXY_TEXTS),
    Step.READING: ("proxy text", _PROXY_TEXTS),
    Step.CUSTOM_TYPE: ("proxy text", _PROXY_TEXTS),
    Step.PASSWORD: ("password", ["hunter2"]),
    Step.LINK: ("link", [_LINK]),
    Step.LINK_TYPE: ("type", ["socks5"]),
    Step.SAVED: ("search", ["203.0"]),
    Step.STATIC: ("search", ["198.51"]),
    Step.BYPASS: ("domains", ["*.example.com"]),
    Step.RECEIVER: ("search", ["kim"]),
    Step.HANDOFF_NOTE: ("note", ["for the shop"]),
}
#: Steps at which any text is an answer.
_ANYTHING_GOES = frozenset({Step.GROUP, Step.GROUP_TITLE, Step.PASSWORD, Step.RECEIVER, Step.HANDOFF_NOTE})
#: Questions about what was sent, which stand before the one that was asked.
ASIDE = frozenset({Step.MEANT_CODE, Step.MEANING})
_NO_ANSWER = "anything else"
_AS_LAST_TIME = "code, with the choices of last time"

#: What somebody who has imported before begins with.
_LAST: Sequence[ProxyChoice] = [
    Keep(),
    Saved(301, "socks5 203.0.113.7:1080"),
    Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "hunter2"),
    Extraction(_LINK, ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID),
]


@dataclass(frozen=True, slots=True)
class Try:
    """An answer that was tried on a draft; ``after`` is None where it was not taken, ``error`` then says why."""

    before: Draft
    said: str
    answer: Answer
    after: Draft | None
    error: Exception | None = None


def _answers(asked: Step) -> Iterator[tuple[str, Answer]]:
    yield from _TAPPED
    said, texts = _TYPED.get(asked, (_NO_ANSWER, []))
    yield from ((said, Typed(text)) for text in texts)
    if asked not in _ANYTHING_GOES:
        yield _NO_ANSWER, Typed("\N{THINKING FACE}")


def _shape(draft: Draft) -> object:
    """What decides how a draft can go on; drafts of one shape are as good as one another."""
    if step(draft) in ASIDE:
        # It goes on as the draft from which it was asked, which is tried as well.
        return repr((step(draft), step(without_asides(draft))))

    if draft.hand_over is not None:
        before = replace(draft, hand_over=None)
        return repr((step(draft), draft.hand_over.receiver is None, step(before)))

    def answered(choice: object) -> object:
        names = [f.name for f in fields(choice)] if is_dataclass(choice) else []
        return type(choice), [name for name in names if getattr(choice, name) is None]

    choices = (answered(draft.group), answered(draft.proxy), answered(draft.former))
    return repr((bool(draft.codes), choices, bool(draft.bypass), draft.changing))


@functools.cache
def tries() -> Sequence[Try]:
    """Every answer to every shape of draft that can be reached, breadth first: a hundred thousand, tried once."""
    return list(_walk())


def _walk() -> Iterator[Try]:
    remembered = [LastChoices(ListedGroup(7, "Shops"), without_secrets(proxy)) for proxy in _LAST]
    waiting = deque([Draft(), *map(begin, remembered)])
    seen = set(map(_shape, waiting))
    while waiting:
        draft = waiting.popleft()
        for said, answer in _answers(step(draft)):
            try:
                after = apply(draft, answer)
            except (OldButton, InputError) as error:
                # Without the frames that it came through: nobody looks at them, and all would be kept.
                yield Try(draft, said, answer, None, error.with_traceback(None))
                continue
            yield Try(draft, said, answer, after)
            # Where a list is looked at does not decide what can be answered.
            after = replace(after, page=0, search="", notice=None)
            # Without its codes a draft waits for others, and is then as before.
            if _shape(after) not in seen and not (said == _CHANGED and not after.codes):
                seen.add(_shape(after))
                waiting.append(after)


def shapes() -> Collection[Draft]:
    """A draft of each shape that can be reached."""
    return {id(tried.before): tried.before for tried in tries()}.values()


@functools.cache
def edges() -> Set[tuple[str, str, str]]:
    """Every way from one question to the next: the step, the answer in a word, the step after it.

    Left out are a proxy in a message and a name: they lead on from every question as where they are asked for. A
    message that is changed is left out too, and a code that is taken out: they lead nowhere, or back to the codes.
    So is the question whether something was meant: it can be asked at every other, and leads back to that. The codes
    can be left for somebody whatever is asked; that is shown where the draft is complete.
    """
    found = set()
    for done in tries():
        if done.after is None or done.said in (_SENT, _NAME, _CHANGED):
            continue
        both = {step(done.before), step(done.after)}
        if both & HAND_OVER_STEPS and both - HAND_OVER_STEPS - {Step.CONFIRM}:
            continue
        if not both & ASIDE:
            begun_anew = step(done.before) is Step.CODES and done.before.proxy is not None
            said = _AS_LAST_TIME if begun_anew else done.said
            found.add((step(done.before).value, said, step(done.after).value))
    return found


def mermaid() -> str:
    """The same as a Mermaid diagram, one arrow for each pair of questions. Answers that lead nowhere else are left out,
    as codes that join a draft, turned pages and texts that can't be read."""
    arrows: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for before, said, after in sorted(edges()):
        if before != after:
            arrows[before, after].append(said)
    places = {asked.value: place for place, asked in enumerate(Step)}
    ordered = sorted(arrows, key=lambda pair: (places[pair[0]], places[pair[1]]))
    lines = [f"    {before} --> {after}: {' / '.join(arrows[before, after])}" for before, after in ordered]
    ends = [f"    {Step.CONFIRM} --> [*]: Import", f"    {Step.HAND_OVER} --> [*]: Hand over"]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {Step.CODES}", *lines, *ends])
