"""Codes and proxies of messages that join a draft: nothing of other messages is lost for them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.draft import MOST_CODES, Draft
from bot.domain.draft_answers import CodesReplaced, Named
from bot.domain.draft_transitions import apply
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode

FULL = tuple(TransferCode(f"{number:08}-00000000") for number in range(MOST_CODES))
NEW = tuple(TransferCode(f"{number:08}-11111111") for number in range(2))


def test_a_changed_message_takes_no_room_from_the_codes_of_others() -> None:
    draft = apply(Draft(FULL), CodesReplaced(FULL[:1], NEW))
    assert draft.codes == (NEW[0], *FULL[1:])
    assert draft.notice is not None
    assert draft.notice.reason == "too_many_codes"


def test_a_proxy_that_is_chosen_by_its_name_is_not_kept_for_a_while_only() -> None:
    kept = Draft(proxy_until=datetime(2026, 3, 1, tzinfo=UTC))
    assert apply(kept, Named(Keep())).proxy_until is None
