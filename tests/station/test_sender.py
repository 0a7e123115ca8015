"""What becomes of an import that is sent, and of one that is cancelled."""

from __future__ import annotations

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.outcome import NotSent, Refused, Unknown
from bot.domain.proxy import Direct, Extraction, Keep, ProxyType, TextFormat
from tests.support.browser import Answer
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, station

AWAY = Answer(NotSent(None, "no connection"))
WRONG = Answer(Refused(110002, "The transfer code is wrong"))
LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)


def codes(number: int) -> list[str]:
    return [f"{10000000 + n}-{20000000 + n}" for n in range(number)]


async def test_a_row_is_committed_as_sending_before_ixbrowser_is_asked() -> None:
    async with station() as s:
        seen: list[Status] = []
        s.browser.on_import = lambda request: seen.append(
            next(row.state.status for row in s.store.rows() if row.code == request.code)
        )
        await s.confirm()
        assert seen == [Status.SENDING]


async def test_what_was_chosen_is_what_is_sent() -> None:
    async with station(started=False) as s:
        s.store.add(CODE, group_id=7, proxy=Direct(), bypass=("*.example.com",))
        await s.start()
        [sent] = s.browser.sent
        assert (sent.request.code.text, sent.request.group_id) == (CODE, 7)
        assert (sent.request.proxy, sent.request.bypass) == (Direct(), ("*.example.com",))


async def test_no_more_imports_than_the_set_number_are_under_way_at_a_time() -> None:
    async with station(concurrency=3, started=False) as s:
        for code in codes(10):
            s.store.add(code)
        s.browser.lasts["import_profile"] = 0.2
        await s.start()
        await s.clock.advance(10)
        assert s.browser.busiest == 3
        assert s.browser.codes_sent() == codes(10)
        assert {row.status for row in s.store.states()} == {Status.IMPORTED}


async def test_a_slow_import_does_not_keep_the_others_waiting() -> None:
    async with station(concurrency=2) as s:
        s.browser.script(CODE, Answer(after=50))
        slow = await s.confirm(CODE)
        for code in codes(5):
            await s.confirm(code)
        assert s.store.status(slow) is Status.SENDING
        assert [row.state.status for row in s.store.rows() if row.id != slow] == [Status.IMPORTED] * 5


async def test_a_refusal_ends_the_row_with_ixbrowsers_own_words() -> None:
    async with station() as s:
        s.browser.script(CODE, WRONG)
        row = s.store.state(await s.confirm())
        assert (row.status, row.error_code, row.error_message) == (
            Status.FAILED,
            110002,
            "The transfer code is wrong",
        )
        assert row.finished_at == s.clock.now()


async def test_an_unanswered_import_is_checked_and_keeps_what_was_said() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(Unknown(1004, "System error")))
        row = s.store.state(await s.confirm())
        assert (row.status, row.unanswered, row.error_code) == (Status.CHECKING, 1, 1004)


async def test_a_call_that_fails_in_an_unexpected_way_counts_as_unanswered() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(RuntimeError("a bug")))
        row_id = await s.confirm()
        assert (s.store.status(row_id), s.store.state(row_id).unanswered) == (Status.CHECKING, 1)
        assert s.store.status(await s.confirm(OTHER)) is Status.IMPORTED


# --- extraction links


async def test_an_import_whose_link_is_refused_goes_without_it_and_the_link_is_set_afterwards() -> None:
    async with station(started=False) as s:
        s.browser.takes_links = False
        row_id = s.store.add(proxy=LINK)
        s.browser.script(CODE, Answer(Refused(2002, "Proxy information does not exist")))
        await s.start()
        assert [sent.request.proxy for sent in s.browser.sent] == [LINK, Keep()]
        assert s.browser.links_set == [(100, LINK, ())]
        row = s.store.state(row_id)
        assert (row.status, row.proxy_status, row.error_code) == (Status.IMPORTED, ProxyStatus.SET, None)


async def test_a_refused_link_after_an_unanswered_attempt_is_checked_first_and_then_left_out() -> None:
    async with station(started=False) as s:
        s.browser.script(CODE, Answer(Refused(2002, "Proxy information does not exist")))
        row_id = s.store.add(proxy=LINK, unanswered=1)
        await s.start()
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(TIMEOUT + GRACE)
        assert [sent.request.proxy for sent in s.browser.sent] == [LINK, Keep()]
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_refusal_of_the_code_is_one_whatever_the_proxy() -> None:
    async with station(started=False) as s:
        s.browser.script(CODE, WRONG)
        row_id = s.store.add(proxy=LINK)
        await s.start()
        assert s.store.status(row_id) is Status.FAILED


# --- cancelling


async def test_a_waiting_import_that_is_cancelled_is_not_sent_any_more() -> None:
    async with station() as s:
        s.browser.always = AWAY
        row_id = await s.confirm()
        await s.cancel(row_id)
        s.browser.always = None
        await s.clock.advance(120)
        assert s.store.status(row_id) is Status.CANCELLED
        assert s.browser.profiles == {}


async def test_a_cancel_that_comes_while_it_is_sent_holds_if_nothing_was_done() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(NotSent(1010, "too fast"), after=2))
        row_id = await s.confirm()
        await s.cancel(row_id)
        await s.clock.advance(120)
        row = s.store.state(row_id)
        assert (row.status, len(s.browser.sent)) == (Status.CANCELLED, 1)
        assert row.finished_at is not None


async def test_a_cancel_that_comes_too_late_changes_nothing() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(after=2))
        row_id = await s.confirm()
        await s.cancel(row_id)
        await s.clock.advance(2)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_cancel_while_it_is_sent_and_unanswered_is_final_only_after_the_readings() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(Unknown(None, "timeout"), after=TIMEOUT))
        row_id = await s.confirm()
        await s.cancel(row_id)
        await s.clock.advance(TIMEOUT + GRACE - 0.1)
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(0.1)
        assert s.store.status(row_id) is Status.CANCELLED
        assert len(s.browser.sent) == 1


async def test_a_row_that_an_earlier_version_left_queued_although_it_was_cancelled_is_not_sent() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(cancel_wanted=True)
        await s.start()
        assert (s.store.status(row_id), s.browser.sent) == (Status.CANCELLED, [])


async def test_a_cancel_of_a_queued_row_that_was_once_unanswered_waits_for_the_readings() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(unanswered=1, cancel_wanted=True)
        await s.start()
        row = s.store.state(row_id)
        assert (row.status, row.verdict) == (Status.CHECKING, Status.CANCELLED)
        await s.clock.advance(TIMEOUT + GRACE)
        assert s.store.status(row_id) is Status.CANCELLED
        assert s.browser.sent == []
