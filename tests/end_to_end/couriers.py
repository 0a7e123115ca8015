"""People who leave codes for one another while the bot dies and comes back, and take, decline and import what was left.

Each acts on what the newest card shows. A tap is repeated only where the same question stands there in another message.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from bot.chat.callbacks import DRAFT, Press
from bot.domain.transfer_code import mask
from tests.end_to_end.givers import ANSWERS, Errand, Giver
from tests.end_to_end.newcomers import Newcomer
from tests.end_to_end.talk import Talk, button_with, needed, read
from tests.standins.telegram_state import Message

#: Looks without news after which somebody doubts that they were the first to take what many could take.
_DOUBTS = 2
#: What is said of codes that stand differently.
_MIXED = re.compile(r"^[0-9]+ (?:of [0-9]+ imported|waiting|taken|being|declined|failed|not)\b", re.MULTILINE)


class Courier(Giver):
    """Does not see each of their drafts: what they have taken may be taken back at once."""

    sees_all_drafts = False

    async def live(self, over: asyncio.Event, working: asyncio.Event) -> None:
        await self._telegram.settled(lambda: self.heard.may_import, None, chat=self.chat)
        while await working.wait() and not over.is_set():
            await self._turn()
        await self._told(self.promises)

    async def _turn(self) -> None:
        """Do one thing to its end, first of all what was begun and is still open."""
        if await self._finish():
            return
        acts: dict[Callable[[], Any], int] = {self._give: 3, self._import_own: 1}
        if any(True for _ in self._cards_of_handoffs.waiting()):
            acts[self._answer_notice] = 6
        if self._offered():
            acts[self._see_to_what_was_left] = 3
        [act] = self._random.choices(tuple(acts), tuple(acts.values()))
        await act()

    async def _finish(self) -> bool:
        """Go on with a draft that is still open; whether there was one."""
        self._begin_anew()
        card = self._left_open()
        if card is not None:
            await self._see_through(Errand(self._codes(card)))
        return card is not None

    async def _told(self, codes: Collection[str]) -> None:
        while self.heard.may_import and await self._finish():
            pass
        await super()._told(codes)

    async def _import_own(self) -> None:
        await self._see_through(await self._begin())

    # --- what was left for them -------------------------------------------------------------------------------------

    async def _answer_notice(self) -> None:
        """Take what waits, or decline it, or see to it later. What they have imported once they never take again."""
        card = self._random.choice(list(self._cards_of_handoffs.waiting())[:3])
        decline, later = button_with(card, "decline"), button_with(card, "later")
        known = not self.promises.keys().isdisjoint(self._codes(card))
        way = self._random.random()
        if not known and way < 0.75:
            errand = Errand(self._codes(card), tapped=(card.id, card.changed), since=self._now())
            self._press(card, needed(card, "take"))
            errand.update_id = max(self.updates)
            await self._see_through(errand)
        elif decline is not None and (known or way < 0.9):
            await self._press_and_see(card, decline, self._cards_of_handoffs.notice)
        elif later is not None:
            await self._press_and_see(card, later, self._cards_of_handoffs.notice)

    def _others_were_first(self, errand: Errand) -> bool:
        """Whether what they have tapped to take is somebody else's, or nobody's any more."""
        notice = self._cards_of_handoffs.notice(mask(errand.codes[0]))
        if notice is None or errand.tapped is None or errand.opened:
            return False
        if errand.tapped == (notice.id, notice.changed):
            # A copy that nobody has noted stays as it is: that it is of no use any more is said over it.
            return errand.doubts >= _DOUBTS and self._was_refused(notice)
        if "Taken by you" in notice.text or "Being imported by you" in notice.text:
            return False
        # It may wait again, or some of it may be taken by anybody: only in the end nothing comes.
        unclear = button_with(notice, "take") is not None or _MIXED.search(notice.text) is not None
        return not unclear or errand.doubts >= _DOUBTS

    def _was_refused(self, notice: Message) -> bool:
        """Whether their tap on Take was answered by a sentence over the card."""
        take = button_with(notice, "take")
        told = (each for each in reversed(self._telegram.answers) if each.person is self.person)
        return take is not None and any(each.data == take.callback_data and each.text for each in told)

    def _was_closed(self, errand: Errand) -> bool:
        """Whether what they have taken was taken back, or given to somebody else."""
        return any(
            message.changed > errand.since and message.from_bot and "so I closed it. Nothing was sent" in message.text
            for message in reversed(self.chat.messages[-60:])
        )

    # --- the talk about one draft -----------------------------------------------------------------------------------

    def _news(self, talk: Talk) -> tuple[Message, Press] | bool:
        if self._lost_role():
            return True
        if not isinstance(talk, Errand):
            return super()._news(talk)
        if talk.handed is not None:
            receipt = self._cards_of_handoffs.receipt(mask(talk.codes[0]))
            if receipt is not None:
                self._post.left |= dict.fromkeys(talk.codes, self.person.id)
                return True
        if news := super()._news(talk):
            return news
        return (talk.since > 0 and self._was_closed(talk)) or self._others_were_first(talk)

    def _cards(self) -> Iterator[tuple[Message, Press]]:
        """Without those of drafts with other codes than are talked about."""
        codes = None if self._talk is None else {*self._talk.codes, self._talk.borrowed}
        for card, press in self._open_cards():
            shown = self._codes(card)
            if press.kind != DRAFT or codes is None or not shown or not codes.isdisjoint(shown):
                yield card, press

    def _open_cards(self) -> Iterator[tuple[Message, Press]]:
        """Without those of drafts that have ended, under which codes can still be shown."""
        return ((card, press) for card, press in super()._cards() if press.kind != DRAFT or button_with(card, "cancel"))

    def _left_open(self) -> Message | None:
        """The newest card of a draft, where it asks something that they have not answered."""
        card, press = next(((c, p) for c, p in self._open_cards() if p.kind == DRAFT), (None, None))
        if card is None or press is None or (press.id, press.revision) in self._answered or not self._codes(card):
            return None
        return card

    def _answer(self, talk: Talk, card: Message) -> None:
        press = read(card.all_buttons[0].callback_data) if card.all_buttons else None
        draft_id = 0 if press is None else press.id
        if not isinstance(talk, Errand):
            super()._answer(talk, card)
            # They may lose sight of it, and go on with it later.
            self._secrets[draft_id] = talk.secret
            return
        if not talk.giving:
            # A card that asks for codes has none.
            talk.codes = self._codes(card) or talk.codes
            if not talk.opened:
                talk.secret = self._secrets.get(draft_id, self._post.secrets.get(talk.codes[0], ""))
                self.codes += talk.codes
        talk.opened = True
        asked = next((answer for question, answer in ANSWERS.items() if question in card.text), None)
        if asked is not None:
            asked(self, talk, card)
        elif talk.giving and self._hands(talk, card):
            self._press(card, needed(card, "hand"))
        else:
            super()._answer(talk, card)
        self._secrets[draft_id] = talk.secret

    def _hands(self, errand: Errand, card: Message) -> bool:
        """Whether they leave it for somebody at this question: at the last one always."""
        asked_last = button_with(card, "import") is not None or self._random.random() < 0.5
        all_there = all(mask(code) in card.text for code in errand.codes)
        return asked_last and all_there and button_with(card, "hand") is not None

    def _tap_again(self) -> None:
        talk = self._talk
        if not isinstance(talk, Errand) or talk.tapped is None or talk.opened:
            super()._tap_again()
            return
        notice = self._cards_of_handoffs.notice(mask(talk.codes[0]))
        take = None if notice is None else button_with(notice, "take")
        if notice is not None and take is not None and notice.id != talk.tapped[0]:
            talk.tapped = (notice.id, notice.changed)
            self._press(notice, take)
            talk.update_id = max(self.updates)
        elif talk.update_id not in self._telegram.updates.pending:
            talk.doubts += 1


class FleetingCourier(Courier, Newcomer):
    """A courier who comes and goes, and may be removed at any moment."""

    live = Newcomer.live

    async def _import(self) -> bool:
        await self._turn()
        if self._lost_role() and self._talk is not None:
            self.interrupted.append(self._talk)
        return self.heard.may_import
