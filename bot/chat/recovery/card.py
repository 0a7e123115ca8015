"""The card of a recovery, of which every admin has a copy."""

from __future__ import annotations

from bot.chat.callbacks import RECOVERY, Press, button
from bot.chat.cards import Card
from bot.chat.recovery import texts
from bot.chat.translator import Translator
from bot.usecases.ports import UnitOfWork
from bot.usecases.recovery import view
from bot.usecases.recovery_rows import Decision

MEMBERS, GO_ON, STOP = "members", "go_on", "stop"


def recovery_card(work: UnitOfWork, t: Translator, generation: int) -> Card:
    found = view(work, generation)
    if found is None:
        return Card(texts.over(t), ())
    rows = []
    if not found.recovery.members_confirmed:
        confirm = Press(RECOVERY, generation, 0, MEMBERS, found.members_digest)
        rows.append([button(texts.confirm_members(t), confirm)])
    answers = []
    if found.recovery.decision is not Decision.GOING_ON and found.newest:
        answers.append(button(texts.go_on(t), Press(RECOVERY, generation, 0, GO_ON, found.newest_digest)))
    if found.recovery.decision is Decision.WAITING:
        answers.append(button(texts.stop(t), Press(RECOVERY, generation, 0, STOP)))
    return Card(texts.card(t, found), [*rows, answers] if answers else rows)
