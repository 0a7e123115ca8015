"""What is told of codes that were left for somebody: from whom, for whom, what is proposed, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.chat.drafting import proxy_texts
from bot.chat.drafting import texts as drafting
from bot.chat.handoffs.hand_over_texts import note_line
from bot.chat.handoffs.standing_texts import Reader, name_of, stands
from bot.chat.imports.texts import line as import_line
from bot.chat.translator import Html, Translator, fitting
from bot.domain.draft import Draft, takes_bypass
from bot.domain.proxy import complete
from bot.usecases.handoff_lists import HandoffView
from bot.usecases.handoff_rows import Handoff

#: Codes that are shown one by one, and imports; of more, the number is told.
SHOWN_CODES = 5
#: Characters that the lines of single imports may take together.
ROOM = 1500


def decline(t: Translator) -> Html:
    return t("Decline")


def later(t: Translator) -> Html:
    return t("Later")


def heading(t: Translator, view: HandoffView, reader_id: int) -> Html:
    """Who has left how many codes for whom."""
    handoff = view.handoff
    count = len(handoff.codes)
    if handoff.giver_id == reader_id:
        if handoff.receiver_id is None:
            return t.many("You have left {count} code for the team", "You have left {count} codes for the team", count)
        whom = name_of(t, view, handoff.receiver_id)
        return t.many(
            "You have left {count} code for {whom}", "You have left {count} codes for {whom}", count, whom=whom
        )
    who = name_of(t, view, handoff.giver_id)
    if handoff.receiver_id == reader_id:
        return t.many("{who} has left {count} code for you", "{who} has left {count} codes for you", count, who=who)
    if handoff.receiver_id is None:
        return t.many(
            "{who} has left {count} code for the team", "{who} has left {count} codes for the team", count, who=who
        )
    whom = name_of(t, view, handoff.receiver_id)
    return t.many(
        "{who} has left {count} code for {whom}", "{who} has left {count} codes for {whom}", count, who=who, whom=whom
    )


def entry(t: Translator, view: HandoffView, proposal: Draft | None, reader: Reader, time_zone: str) -> Html:
    """All of one handoff, for one reader."""
    handoff = view.handoff
    lines = [Html(f"<b>{heading(t, view, reader.user_id)}</b>"), *masks(t, handoff)]
    if handoff.note:
        lines.append(note_line(t, handoff.note))
    if handoff.waiting:
        lines += proposed(t, proposal)
        if handoff.expires_at is not None:
            lines.append(until(t, handoff.expires_at, time_zone))
    standing = stands(t, view, reader)
    parts = [Html("\n".join(lines))]
    if standing is not None:
        parts.append(Html("\n".join([standing, *([] if _all_taken_by(view, reader) else _imports(t, view))])))
    return Html("\n\n".join(parts))


def masks(t: Translator, handoff: Handoff) -> Sequence[Html]:
    """The codes, masked, and how many more there are."""
    lines = [t("Code: {code}", code=code.code_mask) for code in handoff.codes[:SHOWN_CODES]]
    more = len(handoff.codes) - SHOWN_CODES
    return [*lines, t.many("and {count} more", "and {count} more", more)] if more > 0 else lines


def proposed(t: Translator, proposal: Draft | None) -> Sequence[Html]:
    """The choices that were made before the codes were left, as a draft's card says them."""
    if proposal is None:
        return []
    lines = []
    if proposal.group is not None:
        lines.append(drafting.group_line(t, proposal.group))
    if proposal.proxy is not None and complete(proposal.proxy):
        lines.append(proxy_texts.proxy_line(t, proposal.proxy))
        if takes_bypass(proposal):
            lines.append(drafting.bypass_line(t, proposal.bypass))
    elif (begun := proxy_texts.proxy_begun(t, proposal.proxy)) is not None:
        lines.append(begun)
    return lines


def until(t: Translator, moment: datetime, time_zone: str) -> Html:
    return t("Take it by {when}", when=t.moment(moment, time_zone))


def put_off(t: Translator, moment: datetime, time_zone: str) -> Html:
    return t("I'll tell you again: {when}", when=t.moment(moment, time_zone))


def _all_taken_by(view: HandoffView, reader: Reader) -> bool:
    """Whether the card of the reader's own imports tells what became of them."""
    return all(code.state.taker_id == reader.user_id for code in view.handoff.codes)


def _imports(t: Translator, view: HandoffView) -> Sequence[Html]:
    """What became of the codes that are imported, or were refused, as many as fit."""
    rows = [view.imports[number] for number in sorted(view.imports)]
    some = fitting((import_line(t, row) for row in rows[:SHOWN_CODES]), ROOM)
    left = len(rows) - len(some)
    return [*some, t.many("and {count} more, see /history", "and {count} more, see /history", left)] if left else some
