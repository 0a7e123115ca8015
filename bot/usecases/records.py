"""What is kept, as core and chat know it: people, drafts, batches, the import log, and what is still to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.draft import Draft, LastChoices, Step
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode

#: Statuses in which an import has not ended.
UNDER_WAY = frozenset({Status.QUEUED, Status.SENDING, Status.CHECKING})


class Role(StrEnum):
    """What somebody may do: each role what the one before it may, and more."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """``role`` is None for somebody who may not use the bot, or no longer. An empty time zone is the computer's.

    ``username`` is without the @, empty where none is known; ``last_seen`` is to the hour.
    """

    id: int
    name: str
    role: Role | None
    language: str
    time_zone: str
    last: LastChoices
    username: str = ""
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose card it is, and where: a private chat has its person's own id. ``language`` is the person's."""

    user_id: int
    chat_id: int
    thread_id: int | None
    language: str

    @property
    def private(self) -> bool:
        return self.user_id == self.chat_id


class CardKind(StrEnum):
    DRAFT = "draft"
    BATCH = "batch"
    SHARED = "shared"  # one person's copy of a card that several people have


@dataclass(frozen=True, slots=True)
class Shown:
    """How far the chat has got with a card: its message, and the revision that the message shows.

    ``repost`` asks for the card as a new message, below what has been written since. In a group chat a new message
    replies to ``reply_to``, which its person wrote.
    """

    message_id: int | None
    repost: bool
    revision: int
    shown_revision: int
    reply_to: int | None = None


class DraftState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    KEY_LOST = "key_lost"
    CONTINUED = "continued"  # of a private one: the draft of the group chat goes on
    PUT_AWAY = "put_away"  # its person may not import any more
    HANDED_OVER = "handed_over"  # its codes are left for somebody else
    TAKEN_BACK = "taken_back"  # they were somebody else's, who wants them back
    NOT_CONFIRMED = "not_confirmed"  # they were, and go back since their person has not gone on for long


@dataclass(frozen=True, slots=True)
class Prompt:
    """The message of a group chat that asks for a typed answer; it has no id yet where it is still to be sent."""

    step: Step
    message_id: int | None


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft with its row.

    ``retries`` says of which import a code is tried again, ``messages`` in which message each code was sent;
    ``continues`` is the draft of a group chat for which this one asks in private, ``handoff_id`` the handoff of which
    its person has taken the codes.
    """

    id: int
    where: Place
    card: Shown
    state: DraftState
    draft: Draft
    retries: Mapping[str, int] = field(default_factory=dict)
    messages: Mapping[TransferCode, int] = field(default_factory=dict)
    prompt: Prompt | None = None
    continues: int | None = None
    handoff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Who has left a code for the one who imports it, and in which handoff."""

    handoff_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class LeftCode:
    """A code that ``giver_id`` has left for ``receiver_id``, or (None) for the team; ``taker_id`` has taken it.

    ``names`` are those of these people.
    """

    code: TransferCode
    handoff_id: int
    giver_id: int
    receiver_id: int | None
    taker_id: int | None
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class LoggedImport:
    """One row of the log, with the choices that the code was imported with.

    ``code`` is None where it is not kept any more, ``code_mask`` always what may be shown of it. ``key_lost``: the
    import could not go on since its code can't be read any more. ``proxy`` is the summary of ``proxy_choice``; neither
    holds a secret. ``waiting_for`` says why it is not sent yet. ``given`` is None where its person had the code.
    ``forgotten``: the row is there no more, and of whom it was is not known.
    """

    id: int
    batch_id: int
    user_id: int
    user_name: str
    code: TransferCode | None
    code_mask: str
    key_lost: bool
    group_id: int | None
    group_title: str | None
    proxy: str
    proxy_choice: ProxyChoice
    bypass: tuple[str, ...]
    note: str
    status: Status
    proxy_status: ProxyStatus | None
    profile_id: int | None
    profile_name: str
    error_code: int | None
    error_message: str
    waiting_for: str | None
    held: bool
    cancel_wanted: bool
    created_at: datetime
    finished_at: datetime | None
    given: Given | None = None
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What was confirmed together, one row a code. ``announced`` once its end has been told.

    ``codes_deleted``: some of its codes stood in a message that was deleted.
    """

    id: int
    draft_id: int
    where: Place
    card: Shown
    confirmed_at: datetime
    waited: bool
    announced: bool
    codes_deleted: bool
    rows: Sequence[LoggedImport]

    @property
    def cancellable(self) -> Sequence[LoggedImport]:
        """The imports that are under way and not cancelled yet."""
        return [row for row in self.rows if row.status in UNDER_WAY and not row.cancel_wanted]

    @property
    def kept_codes(self) -> Sequence[TransferCode]:
        """The codes that are good for something yet, as far as they are kept.

        What somebody else has left goes back to them where it does not arrive.
        """
        return [
            row.code
            for row in self.rows
            if row.code is not None
            and row.status is not Status.IMPORTED
            and (row.given is None or row.status not in {Status.FAILED, Status.CANCELLED})
        ]

    @property
    def ended(self) -> bool:
        """Nothing of it is under way."""
        settling = (ProxyStatus.PENDING, ProxyStatus.SETTING)
        return not any(row.status in UNDER_WAY or row.proxy_status in settling for row in self.rows)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``batch_id`` is None when every code was taken; ``taken`` are the rows that have a code already.

    ``to_verify``: the received records are to be read before some of it is sent. ``others`` are all codes that were
    left out, also those that wait for somebody; ``rows`` has the rows of those that were not.
    """

    batch_id: int | None
    taken: Sequence[LoggedImport]
    to_verify: bool = False
    others: Sequence[TransferCode] = ()
    rows: Mapping[TransferCode, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of the log, newest first. ``newer`` and ``older`` say whether there are more on either side."""

    rows: Sequence[LoggedImport]
    newer: bool
    older: bool


class NoteKind(StrEnum):
    SEND = "send"
    ALERT = "alert"  # the same, of how the bot is now: not sent later, where it can't be now
    EDIT = "edit"
    DELETE = "delete"  # a card that has been replaced
    DELETE_SECRET = "delete_secret"  # noqa: S105 - the name of a kind
    SHOW_CODES = "show_codes"  # a message that says nothing yet
    REVEAL_CODES = "reveal_codes"  # the codes, in that message
    HIDE_CODES = "hide_codes"  # and nothing again
    ASK_PERSON = "ask_person"  # by a button of the keyboard that opens Telegram's list of people
    END_ASKING = "end_asking"  # the keyboard has that button no more
    LEAVE = "leave"  # the group chat itself


#: Rows of buttons, each a label and its callback data, or the ``https://`` address that it opens.
Buttons = Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said or deleted, not before ``due_at``.

    ``text`` is HTML; ``message_id`` is the message to edit or delete; ``refused_text`` is said where Telegram does not
    let the bot delete it; ``draft_id``, ``kept_id`` or ``handoff_id`` says which codes are to be shown; ``reply_to`` is
    what it answers in a group chat; ``silent`` rings no phone.
    """

    id: int
    chat_id: int
    thread_id: int | None
    kind: NoteKind
    message_id: int | None
    text: str
    buttons: Buttons
    draft_id: int | None = None
    due_at: datetime | None = None
    refused_text: str = ""
    silent: bool = False
    reply_to: int | None = None
    kept_id: int | None = None
    handoff_id: int | None = None
