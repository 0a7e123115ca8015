"""The card of a draft: how it stands, and what it asks."""

from __future__ import annotations

from bot.chat.cards import Card, begin_button
from bot.chat.drafting import keyboards, notices, proxy_texts, texts
from bot.chat.drafting import lists as shown
from bot.chat.handoffs import hand_over_card, hand_over_texts
from bot.chat.handoffs.draft_people import NOBODY, DraftPeople
from bot.chat.imports.texts import unavailable, unavailable_now
from bot.chat.translator import Html, Translator
from bot.domain.draft import HAND_OVER_STEPS, Draft, Step, step, takes_bypass
from bot.domain.error_codes import WAIT_REASONS
from bot.domain.proxy import complete
from bot.domain.remote_lists import Failed, Lists, needs
from bot.usecases.records import DraftState, StoredDraft

#: Steps at which a proxy that came in a message waits until what it leaves open is asked.
_BEFORE_PROXY = frozenset({Step.CODES, Step.MEANT_CODE, Step.MEANING, Step.GROUP, Step.GROUP_TITLE, Step.GROUP_MAKING})


def draft_card(t: Translator, stored: StoredDraft, lists: Lists, people: DraftPeople = NOBODY) -> Card:
    """How a draft stands, and what it asks."""
    if (ended := hand_over_card.ended(t, stored, people) or _ended(t, stored)) is not None:
        return ended
    draft = stored.draft
    asked = step(draft)
    parts: list[Html] = []
    if draft.notice is not None:
        parts.append(notices.remark(t, draft.notice))
    if stored.handoff_id is not None:
        parts.append(hand_over_texts.left_by(t, people.giver, people.note))
    answered = _answered(t, stored, asked)
    if asked in HAND_OVER_STEPS:
        asking = hand_over_card.asking(t, stored, people)
        rows = hand_over_card.rows(t, stored, people)
    else:
        asking = [texts.question(t, asked, draft), *_about_lists(t, stored, asked, lists)]
        rows = keyboards.rows(t, stored, asked, lists)
    # The summary stands under the last question, which is about all of it, and above every other.
    both = [asking, answered] if asked in (Step.CONFIRM, Step.HAND_OVER) else [answered, asking]
    parts += [Html("\n".join(lines)) for lines in both if lines]
    return Card("\n\n".join(parts), rows)


def _ended(t: Translator, stored: StoredDraft) -> Card | None:
    match stored.state:
        case DraftState.CANCELLED:
            return Card(texts.draft_cancelled(t), [*keyboards.show_code(t, stored), [begin_button(t)]])
        case DraftState.EXPIRED:
            return Card(texts.draft_expired(t), [*keyboards.show_code(t, stored), [begin_button(t)]])
        case DraftState.KEY_LOST:
            return Card(texts.draft_lost(t), [[begin_button(t)]])
        case DraftState.PUT_AWAY:
            return Card(texts.draft_put_away(t), [])
        case DraftState.CONFIRMED:
            return Card(texts.draft_confirmed(t), [])
        case _:
            return None


def _answered(t: Translator, stored: StoredDraft, asked: Step) -> list[Html]:
    draft = stored.draft
    lines = []
    if draft.codes:
        lines.append(texts.codes(t, draft.codes))
    if draft.group is not None:
        lines.append(texts.group_line(t, draft.group))
    if draft.proxy is not None and complete(draft.proxy):
        lines.append(proxy_texts.proxy_line(t, draft.proxy))
        if takes_bypass(draft):
            most = len(draft.bypass) if asked is Step.BYPASS else texts.SHOWN_DOMAINS
            lines.append(texts.bypass_line(t, draft.bypass, most))
    elif asked is Step.CUSTOM_TYPE and draft.proxy is not None:
        # The question speaks of "this proxy", which may have come in a message that was deleted.
        lines.append(proxy_texts.proxy_line(t, draft.proxy))
    elif asked in _BEFORE_PROXY and (begun := proxy_texts.proxy_begun(t, draft.proxy)):
        lines.append(begun)
    return lines


def _about_lists(t: Translator, stored: StoredDraft, asked: Step, lists: Lists) -> list[Html]:
    draft = stored.draft
    said: list[Html] = []
    wanted = needs(draft)
    failed = lists.failure(wanted)
    if failed is not None:
        said.append(Html(f"⚠️ {_about_failure(t, asked, failed)}"))
        if asked is Step.CONFIRM and failed.reason in WAIT_REASONS:
            said.append(texts.imported_later(t))
    elif lists.missing(wanted) and asked is not Step.CONFIRM:
        said.append(texts.loading(t))
    has_rows = not lists.missing(wanted) if failed is None else failed.rows is not None
    if has_rows and (asked is Step.GROUP or asked in keyboards.LISTED):
        said += _about_page(t, draft, asked, lists)
    if asked is Step.PROXY:
        said.append(texts.can_be_typed(t) if stored.where.private else texts.in_private(t))
    return said


def _about_failure(t: Translator, asked: Step, failed: Failed) -> Html:
    """Why a list can't be read now, and how old the one is that is shown instead."""
    if failed.rows is None or failed.age is None:
        return unavailable(t, failed.reason)
    why = unavailable_now(t, failed.reason)
    match asked:
        case Step.CONFIRM:
            return why
        case Step.PROXY:
            return texts.old_proxies(t, why, failed.age)
        case _:
            return texts.old_list(t, why, failed.age)


def _about_page(t: Translator, draft: Draft, asked: Step, lists: Lists) -> list[Html]:
    """What there is in a list, and which page of it is shown."""
    if asked is Step.GROUP:
        count = len(shown.groups(draft, lists))
        said = [texts.found_groups(t, draft.search, shown.groups_found(draft, lists))] if draft.search else []
    elif draft.search and asked is not Step.RESIDENTIAL:
        count = len(shown.proxies(draft, keyboards.LISTED[asked], lists))
        said = [texts.found_proxies(t, draft.search, count)]
    else:
        count = len(lists.labels(keyboards.LISTED[asked]) or {})
        said = [] if count else [texts.none_left(t)]
    pages = keyboards.page_count(count)
    return said if pages == 1 else [*said, texts.page(t, keyboards.clamp(draft.page, count) + 1, pages)]


def still_loading(stored: StoredDraft, lists: Lists) -> bool:
    """Whether the card shows less than its row, because a list is being read or a group being made."""
    if stored.state is not DraftState.OPEN:
        return False
    return bool(lists.missing(needs(stored.draft)))
