"""Cards: the one message of a draft or a batch, made from its row alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import keyboards
from bot.chat.callbacks import ANYWHERE, BATCH, Press
from bot.chat.texts import notices, questions, results, words
from bot.chat.translator import Html, Translator, plain
from bot.domain.draft import Draft, Step, step, takes_bypass
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.outcome import WAITS
from bot.domain.proxy import complete
from bot.domain.remote_lists import Lists, needs
from bot.usecases.records import UNDER_WAY, Batch, Buttons, DraftState, LoggedImport, StoredDraft

#: Reasons why a list can't be read that an import waits for.
_WAITED_FOR = frozenset({"away", *map(str, WAITS)})


@dataclass(frozen=True, slots=True)
class Card:
    """``text`` is HTML."""

    text: str
    buttons: Buttons


def draft_card(t: Translator, stored: StoredDraft, lists: Lists) -> Card:
    """How a draft stands, and what it asks."""
    match stored.state:
        case DraftState.CANCELLED:
            return Card(questions.draft_cancelled(t), [[begin_button(t)]])
        case DraftState.EXPIRED:
            return Card(questions.draft_expired(t), [[begin_button(t)]])
        case DraftState.CONFIRMED:
            return Card(questions.draft_confirmed(t), [])
    draft = stored.draft
    asked = step(draft)
    parts: list[Html] = []
    if draft.notice is not None:
        parts.append(Html(f"⚠️ {notices.notice(t, draft.notice)}"))
    answered = _answered(t, stored, asked)
    asking = [questions.question(t, asked, draft), *_about_lists(t, stored, asked, lists)]
    # The summary stands under the last question, which is about all of it, and above every other.
    both = [asking, answered] if asked is Step.CONFIRM else [answered, asking]
    parts += [Html("\n".join(lines)) for lines in both if lines]
    return Card("\n\n".join(parts), keyboards.rows(t, stored, asked, lists))


def _answered(t: Translator, stored: StoredDraft, asked: Step) -> list[Html]:
    draft = stored.draft
    lines = []
    if draft.codes:
        lines.append(questions.codes(t, draft.codes))
    if draft.group is not None:
        lines.append(questions.group_line(t, draft.group))
    if draft.proxy is not None and complete(draft.proxy):
        lines.append(questions.proxy_line(t, draft.proxy))
        if takes_bypass(draft):
            shown = len(draft.bypass) if asked is Step.BYPASS else questions.SHOWN_DOMAINS
            lines.append(questions.bypass_line(t, draft.bypass, shown))
    return lines


def _about_lists(t: Translator, stored: StoredDraft, asked: Step, lists: Lists) -> list[Html]:
    draft = stored.draft
    said: list[Html] = []
    wanted = needs(draft)
    failed = lists.failure(wanted)
    if failed is not None:
        said.append(Html(f"⚠️ {results.unavailable(t, failed.reason)}"))
        if asked is Step.CONFIRM and failed.reason in _WAITED_FOR:
            said.append(questions.imported_later(t))
    elif lists.missing(wanted) and asked is not Step.CONFIRM:
        said.append(questions.loading(t))
    elif asked is Step.GROUP or asked in keyboards.LISTED:
        said += _about_page(t, draft, asked, lists)
    if asked is Step.PROXY:
        said.append(questions.can_be_typed(t) if stored.where.private else questions.in_private(t))
    return said


def _about_page(t: Translator, draft: Draft, asked: Step, lists: Lists) -> list[Html]:
    """What there is in a list, and which page of it is shown."""
    if asked is Step.GROUP:
        count = len(keyboards.matching(lists.groups() or [], draft.search))
        said = [questions.found_groups(t, draft.search, count)] if draft.search else []
    else:
        count = len(lists.labels(keyboards.LISTED[asked]) or {})
        said = [] if count else [questions.none_left(t)]
    pages = keyboards.page_count(count)
    return said if pages == 1 else [*said, questions.page(t, keyboards.clamp(draft.page, count) + 1, pages)]


def still_loading(stored: StoredDraft, lists: Lists) -> bool:
    """Whether the card shows less than its row, because a list is being read or a group being made."""
    if stored.state is not DraftState.OPEN:
        return False
    return bool(lists.missing(needs(stored.draft)))


def begin_button(t: Translator) -> tuple[str, str]:
    """A button that begins an import, wherever it stands."""
    return plain(words.new_import(t)), str(Press(ANYWHERE, 0, 0, "new"))


# --- batches ----------------------------------------------------------------------------------------------------------


def batch_card(t: Translator, batch: Batch) -> Card:
    """How a batch stands: each import with its own result."""
    parts: list[Html] = []
    if len(batch.rows) == 1:
        row = batch.rows[0]
        parts.append(Html("\n".join([results.one(t, row), results.code_line(t, row)])))
    else:
        lines = [results.headline(t, batch), *results.lines(t, batch)]
        parts.append(Html("\n".join(lines)))
    choices = [results.group_line(t, batch), questions.proxy_line(t, batch.proxy)]
    if batch.bypass:
        choices.append(questions.bypass_line(t, batch.bypass))
    parts.append(Html("\n".join(choices)))
    parts += _waiting(t, batch)
    return Card("\n\n".join(parts), _batch_rows(t, batch))


def _waiting(t: Translator, batch: Batch) -> list[Html]:
    # What waits is tried now and then, and nobody is told: for that moment it is being sent.
    unsent = [row for row in batch.rows if row.status in (Status.QUEUED, Status.SENDING)]
    if any(row.held for row in unsent):
        return [results.held(t)]
    why = next((row.waiting_for for row in unsent if row.waiting_for), None)
    return [] if why is None else [results.waits(t, why)]


def can_be_retried(row: LoggedImport) -> bool:
    """Whether trying this code again can make sense."""
    if row.status is Status.CANCELLED:
        return True
    return row.status is Status.FAILED and row.error_code not in results.HOPELESS


def _batch_rows(t: Translator, batch: Batch) -> Buttons:
    def button(label: str, action: str) -> tuple[str, str]:
        return keyboards.short(plain(label)), str(Press(BATCH, batch.id, batch.card.revision, action))

    rows = []
    if any(row.held for row in batch.rows):
        rows.append([button(words.go_on(t), "go_on")])
    if any(row.status is Status.UNKNOWN for row in batch.rows):
        rows.append([button(words.look_again(t), "look")])
    missing = [row for row in batch.rows if row.proxy_status is ProxyStatus.MISSING]
    if any(row.profile_id is not None for row in missing):
        rows.append([button(words.set_proxy_again(t), "proxy")])
    if missing:
        rows.append([button(words.leave_proxy(t), "leave")])
    if not batch.ended:
        if not all(row.cancel_wanted for row in batch.rows if row.status in UNDER_WAY):
            rows.append([button(words.cancel(t), "cancel")])
        return rows
    if any(can_be_retried(row) for row in batch.rows):
        rows.append([button(words.try_again(t), "again")])
    rows.append([button(words.another(t), "another"), button(words.same_again(t), "same")])
    return rows
