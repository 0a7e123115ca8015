"""The card of a batch: each import with its own result, and what can be done about it."""

from __future__ import annotations

from bot.chat import words
from bot.chat.callbacks import BATCH, Press
from bot.chat.callbacks import button as make_button
from bot.chat.cards import Card
from bot.chat.drafting.proxy_texts import proxy_line
from bot.chat.drafting.texts import bypass_line
from bot.chat.imports import texts
from bot.chat.imports.people import given_by
from bot.chat.translator import Html, Translator
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Custom
from bot.usecases.imports import can_be_retried
from bot.usecases.records import Batch, Buttons, LoggedImport


def batch_card(t: Translator, batch: Batch) -> Card:
    """How a batch stands: each import with its own result."""
    parts: list[Html] = []
    if len(batch.rows) == 1:
        row = batch.rows[0]
        parts.append(Html("\n".join([texts.one(t, row), texts.code_line(t, row)])))
    else:
        lines = [texts.headline(t, batch), *texts.lines(t, batch)]
        parts.append(Html("\n".join(lines)))
    choices = _choices(t, batch)
    if choices:
        parts.append(Html("\n".join(choices)))
    parts += _waiting(t, batch)
    if batch.ended and batch.where.private and any(map(_typed_password, batch.rows)):
        parts.append(texts.save_your_proxy(t))
    return Card("\n\n".join(parts), _batch_rows(t, batch))


def _choices(t: Translator, batch: Batch) -> list[Html]:
    """Who left them, and what all of the codes were imported with; what differs between them is left to the log."""
    first = batch.rows[0]
    said = [given] if (given := given_by(t, batch)) is not None else []
    if all(row.group_id == first.group_id for row in batch.rows):
        said.append(texts.group_line(t, first))
    if all(row.proxy_choice == first.proxy_choice for row in batch.rows):
        said.append(proxy_line(t, first.proxy_choice))
    if first.bypass and all(row.bypass == first.bypass for row in batch.rows):
        said.append(bypass_line(t, first.bypass))
    return said


def _waiting(t: Translator, batch: Batch) -> list[Html]:
    # What waits is tried now and then, and nobody is told: for that moment it is being sent.
    unsent = [row for row in batch.rows if row.status in (Status.QUEUED, Status.SENDING)]
    if any(row.held for row in unsent):
        return [texts.held(t)]
    why = next((row.waiting_for for row in unsent if row.waiting_for), None)
    return [] if why is None else [texts.waits(t, why)]


def _typed_password(row: LoggedImport) -> bool:
    """Whether an import has worked for which its person had to type a password."""
    choice = row.proxy_choice
    return row.status is Status.IMPORTED and isinstance(choice, Custom) and bool(choice.user)


def _batch_rows(t: Translator, batch: Batch) -> Buttons:
    def button(label: str, action: str) -> tuple[str, str]:
        return make_button(label, Press(BATCH, batch.id, batch.card.revision, action))

    rows = []
    if any(row.held for row in batch.rows):
        rows.append([button(words.go_on(t), "go_on")])
    if any(row.status is Status.UNKNOWN and row.code is not None for row in batch.rows):
        rows.append([button(words.look_again(t), "look")])
    missing = [row for row in batch.rows if row.proxy_status is ProxyStatus.MISSING]
    if any(row.profile_id is not None for row in missing):
        rows.append([button(words.set_proxy_again(t), "proxy")])
    if missing:
        rows.append([button(words.leave_proxy(t), "leave")])
    if batch.codes_deleted and batch.kept_codes:
        rows.append([button(words.show_code(t), "codes")])
    if not batch.ended:
        if batch.cancellable:
            rows.append([button(words.cancel(t), "cancel")])
        return rows
    if any(can_be_retried(row) for row in batch.rows):
        rows.append([button(words.try_again(t), "again")])
    rows.append([button(words.another_code(t), "another")])
    return rows
