"""People who leave codes for one another, or for the team, and see to what they have left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.draft import Step
from bot.domain.transfer_code import mask
from tests.end_to_end.handoff_cards import HandoffCards
from tests.end_to_end.heard import REFUSED, REMOVED
from tests.end_to_end.people import Somebody
from tests.end_to_end.talk import Talk, action_of, button_with, is_receipt, needed, read
from tests.standins.telegram_state import Button, Message

#: What the bot runs first of all: codes that are shown are hidden again before the end.
HIDDEN_SOON: Final = """
import datetime
import bot.usecases.code_display as display
display.SHOWN_FOR = datetime.timedelta(seconds=3)
"""
#: How often a code is for the team, and how often for somebody who is a courier too, where it is for one person.
_FOR_TEAM, _FOR_COURIER = 0.3, 0.95
_NOTES = ("for the shop in Berlin", "please today", "the second of two")
_ROLE_LOST = frozenset({REFUSED, REMOVED, "viewer"})
#: What is done under a receipt, and how often.
_WITH_RECEIPT = {"withdraw": 1, "reassign": 3, "split": 2, "import": 4, "codes": 2}


@dataclass(slots=True)
class Post:
    """What couriers of one office know of each other's codes.

    ``secrets`` were typed before a code was left, ``left`` are those whose receipt was seen, with who has left them,
    ``shown`` those that somebody had shown in full, with who that was.
    """

    couriers: dict[int, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    shown: set[tuple[int, str]] = field(default_factory=set)

    def has_arrived(self, people: Sequence[Somebody]) -> bool:
        """Whether somebody has had a code imported that somebody else had left."""
        return any(
            giver != each.person.id and each.ending(code) == "✅"
            for each in people
            for code, giver in self.left.items()
        )


@dataclass(slots=True)
class Errand(Talk):
    """A draft whose codes are to be left for somebody (``giving``), or were taken, or have come back.

    ``handed`` is when Hand over was tapped, ``tapped`` on which notice as it was then Take was, by the update
    ``update_id``. ``opened``: its card was seen.
    """

    giving: bool = False
    handed: int | None = None
    tapped: tuple[int, int] | None = None
    since: int = 0
    opened: bool = False
    update_id: int = 0
    doubts: int = 0


class Giver(Somebody):
    """Waits for what becomes of each tap: one lost answer leaves them waiting for ever. Codes are left in drafts of
    their own; what they have imported they don't give away again."""

    def __init__(self, *given: Any, post: Post, **named: Any) -> None:
        super().__init__(*given, **named)
        self._counts = (1, 1, 2, 3)
        self._post = post
        post.couriers[self.person.id] = self.person.first_name
        self._cards_of_handoffs = HandoffCards(self.chat)
        self._talk: Talk | None = None
        # What was typed for each draft: one that was lost sight of may be gone on with.
        self._secrets: dict[int, str] = {}
        self._roles_before = 0

    def _begin_anew(self) -> None:
        self._talk, self._roles_before = None, len(self.heard.roles)

    async def _see_through(self, talk: Talk) -> None:
        self._talk = talk
        while await self._go_on(talk):
            pass

    # --- leaving ----------------------------------------------------------------------------------------------------

    async def _give(self) -> None:
        codes = [self._offer() for _ in range(self._random.choice(self._counts))]
        self.codes += codes
        self._post.codes |= {mask(code): code for code in codes}
        errand = Errand(codes, giving=True)
        self._tell_codes(errand)
        await self._see_through(errand)

    def _ask_whom(self, _errand: Errand, card: Message) -> None:
        people = [button for button in card.all_buttons if action_of(button) == "receiver"]
        if button_with(card, "all") is None and self._random.random() < 0.15:
            self._say(self._random.choice(list(self._post.couriers.values())))
        elif not people or self._random.random() < _FOR_TEAM:
            self._press(card, needed(card, "team"))
        else:
            self._press(card, self._one_of(people))

    def _one_of(self, people: Sequence[Button]) -> Button:
        """One of the people on these buttons, more often a courier, who does something about it."""
        presses = [(button, read(button.callback_data)) for button in people]
        couriers = [
            button for button, press in presses if press and press.argument in set(map(str, self._post.couriers))
        ]
        return self._random.choice(couriers if couriers and self._random.random() < _FOR_COURIER else list(people))

    def _note(self, _errand: Errand, _card: Message) -> None:
        self._say(self._random.choice(_NOTES))

    def _expiry(self, _errand: Errand, card: Message) -> None:
        self._press(card, self._random.choice([b for b in card.all_buttons if action_of(b) == "expiry"]))

    def _hand_over(self, errand: Errand, card: Message) -> None:
        way = self._random.random()
        if way < 0.3:
            part = self._random.choice((Step.RECEIVER, Step.HANDOFF_NOTE, Step.EXPIRY))
            changes = [(b, read(b.callback_data)) for b in card.all_buttons if action_of(b) == "change"]
            self._press(card, next(b for b, press in changes if press and press.argument == part))
        elif way < 0.36:
            self._press(card, needed(card, "back"))
        elif way < 0.4:
            errand.cancelled_at = self._now()
            self._press(card, needed(card, "cancel"))
        else:
            errand.handed = self._now()
            self._post.secrets |= dict.fromkeys(errand.codes, errand.secret)
            self._press(card, needed(card, "hand_over"))

    # --- what they have left ----------------------------------------------------------------------------------------

    async def _see_to_what_was_left(self) -> None:
        """Take it back, divide it, give it to somebody else, or do something about what has come back."""
        offered = self._offered()
        [(card, button)] = self._random.choices(offered, [_WITH_RECEIPT[action_of(button)] for _, button in offered])
        match action_of(button):
            case "withdraw":
                await self._press_and_see(card, button, self._cards_of_handoffs.receipt)
            case "reassign":
                await self._choose(card, button, "assign")
            case "split":
                await self._choose(card, button, "split")
            case "import":
                errand = Errand(self._codes(card), since=self._now())
                self._press(card, button)
                await self._see_through(errand)
            case _:
                await self._have_shown(card, button)

    def _offered(self) -> Sequence[tuple[Message, Button]]:
        """What they can do with what they have left."""
        return [
            (card, button)
            for card in self._cards_of_handoffs.receipts()
            for button in card.all_buttons
            if action_of(button) in _WITH_RECEIPT
            and (action_of(button) == "withdraw" or self.promises.keys().isdisjoint(self._codes(card)))
        ]

    async def _choose(self, card: Message, button: Button, action: str) -> None:
        """Tap a button that asks something in its message, and one of those that answer."""
        await self._press_and_see(card, button, self._cards_of_handoffs.receipt)
        answers = [b for b in card.all_buttons if action_of(b) == action and b != button]
        if answers and not card.deleted and not self._lost_role() and not is_receipt(card):
            await self._press_and_see(card, self._one_of(answers), self._cards_of_handoffs.receipt)

    async def _have_shown(self, card: Message, button: Button) -> None:
        """Have the codes shown that have come back; they are hidden again soon."""
        self._post.shown.update((self.person.id, code) for code in self._codes(card))
        newest = self.chat.messages[-1].id
        self._press(card, button)
        await self._sees_or_has_gone(
            lambda: any(m.id > newest and m.from_bot and _is_hiding(m, self._post) for m in self.chat.messages[-20:])
        )

    # --- hands and eyes ---------------------------------------------------------------------------------------------

    async def _press_and_see(self, card: Message, button: Button, newest: Callable[[str], Message | None]) -> None:
        """Tap a button, and wait until the card has become something else, or stands there in another message."""
        before, [first, *_] = card.changed, self._cards_of_handoffs.masks(card)
        answers = len(self._telegram.answers)
        self._press(card, button)

        def refused() -> bool:
            # A copy that nobody has noted stays as it is: that it is of no use any more is said over it.
            told = self._telegram.answers[answers:]
            return any(each.person is self.person and each.data == button.callback_data and each.text for each in told)

        def moved() -> bool:
            now = newest(first)
            return card.deleted or card.changed > before or (now is not None and now.id > card.id) or refused()

        await self._sees_or_has_gone(moved)

    async def _sees_or_has_gone(self, what: Callable[[], object]) -> None:
        """Wait until it comes true, as long as they have a role."""
        await self._telegram.settled(lambda: self._lost_role() or what(), None, chat=self.chat)

    def _lost_role(self) -> bool:
        """Whether they have lost their role since they began, even if they have it again."""
        lost = not _ROLE_LOST.isdisjoint(self.heard.roles[self._roles_before :])
        return lost or not self.heard.may_import

    def _codes(self, card: Message) -> list[str]:
        return [self._post.codes[each] for each in self._cards_of_handoffs.masks(card) if each in self._post.codes]

    def _now(self) -> int:
        return max((message.changed for message in self.chat.messages), default=0)


def _is_hiding(message: Message, post: Post) -> bool:
    """Whether a message is one in which codes are shown, or were, or are to be."""
    return message.text == "Code hidden." or any(code in message.text for _, code in post.shown)


ANSWERS: dict[str, Callable[[Giver, Errand, Message], None]] = {
    "Who gets it?": Giver._ask_whom,
    "Type a note.": Giver._note,
    "when should it come back": Giver._expiry,
    "Hand this code over to": Giver._hand_over,
    "codes over to": Giver._hand_over,
}
