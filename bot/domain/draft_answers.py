"""What a person can answer, and what the bot finds out on a draft's behalf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.draft import NamedChoice, Notice, Step
from bot.domain.proxy import ExtractionMethod, ProxyChoice, ProxyType, TextFormat
from bot.domain.transfer_code import TransferCode


@dataclass(frozen=True, slots=True)
class CodesSent:
    """``mentions`` counts repeated codes too; ``almost`` says that something else looks like a code and is none."""

    codes: tuple[TransferCode, ...]
    mentions: int
    almost: bool = False


@dataclass(frozen=True, slots=True)
class CodesReplaced:
    """The message with the codes ``old`` was changed, and has the codes ``new`` now."""

    old: tuple[TransferCode, ...]
    new: tuple[TransferCode, ...]


@dataclass(frozen=True, slots=True)
class CodeTakenOut:
    """One of the codes, by its place among them."""

    index: int


@dataclass(frozen=True, slots=True)
class ProxySent:
    """A proxy that stood in a message, whatever was asked; ``notice`` is what there is to say of it."""

    choice: ProxyChoice = field(repr=False)
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class AlmostCodeSent:
    """A message that was probably meant as this code."""

    code: TransferCode


@dataclass(frozen=True, slots=True)
class MeantAnswered:
    """Whether the code that is asked about was meant."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A group or a proxy by its name, whatever was asked."""

    meaning: NamedChoice


@dataclass(frozen=True, slots=True)
class SeveralNamed:
    """A name that fits more than one thing."""

    meanings: tuple[NamedChoice, ...]


@dataclass(frozen=True, slots=True)
class MeaningPicked:
    index: int


@dataclass(frozen=True, slots=True)
class Typed:
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageTurned:
    page: int


@dataclass(frozen=True, slots=True)
class SearchCleared:
    pass


@dataclass(frozen=True, slots=True)
class GroupPicked:
    id: int


@dataclass(frozen=True, slots=True)
class DefaultGroupPicked:
    pass


@dataclass(frozen=True, slots=True)
class NewGroupWanted:
    pass


@dataclass(frozen=True, slots=True)
class GroupMade:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class GroupNotMade:
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProxyKindPicked:
    kind: str


@dataclass(frozen=True, slots=True)
class ReadingPicked:
    index: int


@dataclass(frozen=True, slots=True)
class TypePicked:
    type: ProxyType


@dataclass(frozen=True, slots=True)
class ListedPicked:
    id: int


@dataclass(frozen=True, slots=True)
class IpPolicyPicked:
    new_ip: bool


@dataclass(frozen=True, slots=True)
class FormatPicked:
    format: TextFormat


@dataclass(frozen=True, slots=True)
class MethodPicked:
    method: ExtractionMethod


@dataclass(frozen=True, slots=True)
class BypassOff:
    pass


@dataclass(frozen=True, slots=True)
class HandOverWanted:
    """The codes are to be left for somebody."""


@dataclass(frozen=True, slots=True)
class ReceiverPicked:
    """For whom they are: a person, or (None) the team."""

    user_id: int | None


@dataclass(frozen=True, slots=True)
class NoteCleared:
    pass


@dataclass(frozen=True, slots=True)
class ExpiryPicked:
    """After how many hours they come back, None for never."""

    hours: int | None


@dataclass(frozen=True, slots=True)
class Change:
    part: Step


@dataclass(frozen=True, slots=True)
class Back:
    pass


Answer = (
    CodesSent
    | CodesReplaced
    | CodeTakenOut
    | ProxySent
    | AlmostCodeSent
    | MeantAnswered
    | Named
    | SeveralNamed
    | MeaningPicked
    | Typed
    | PageTurned
    | SearchCleared
    | GroupPicked
    | DefaultGroupPicked
    | NewGroupWanted
    | GroupMade
    | GroupNotMade
    | ProxyKindPicked
    | ReadingPicked
    | TypePicked
    | ListedPicked
    | IpPolicyPicked
    | FormatPicked
    | MethodPicked
    | BypassOff
    | HandOverWanted
    | ReceiverPicked
    | NoteCleared
    | ExpiryPicked
    | Change
    | Back
)
