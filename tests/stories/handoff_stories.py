"""Codes that people leave for one another, as it is told from the screens of all of them."""

from __future__ import annotations

from bot.chat import words
from bot.chat.callbacks import read
from bot.chat.handoffs import receipt_texts, standing_texts
from bot.chat.handoffs.receipt_texts import HEADLINES
from bot.chat.members import texts as members
from bot.domain.handoff import HandoffStatus
from bot.usecases.records import Role
from tests.stories.handing import begins, forget, handoff_story, leave, team_of
from tests.stories.phone import Counts, Phone, seen
from tests.stories.team import HOUR, Team, said
from tests.stories.telling import is_imported
from tests.support.chatting import labels, until

NOTE = "Zorvex 7"


def stands(phone: Phone, status: HandoffStatus) -> bool:
    """Whether the newest card says so of all that it is about."""
    return begins(phone.chat.answer, HEADLINES[status](phone.t))


def _actions(phone: Phone) -> set[str]:
    """What can be done by all buttons on somebody's screen."""
    buttons = [each for message in phone.chat.messages if not message.deleted for each in message.all_buttons]
    return {press.action for each in buttons if (press := read(each.callback_data))}


# --- from hand to hand ------------------------------------------------------------------------------------------------


@handoff_story()
async def from_one_phone_to_a_profile_on_another(team: Team) -> None:
    """Three taps of who leaves it, two of who imports it; each hears one sound."""
    [kim] = await team_of(team, 1)
    ana, code = team.ana, team.ana.code()
    await leave(ana, kim, code)
    [told] = team.news(kim)
    assert "Ana" in told
    await kim.tap("take")
    await kim.tap("import")
    await is_imported(kim, code)
    assert begins(team.newest(ana), receipt_texts.all_imported(ana.t, 1))
    assert kim.person.first_name in team.newest(ana).text
    assert (ana.counts, kim.counts) == (Counts(taps=3, typed=1, sounds=1), Counts(taps=2, typed=0, sounds=1))


@handoff_story()
async def three_take_at_once_and_one_gets_it(team: Team) -> None:
    people = await team_of(team, 3)
    code = team.ana.code()
    await leave(team.ana, None, code)
    notices = {phone.person.id: team.card(phone) for phone in people}
    team.all_heard()
    for phone in people:
        phone.press("take")
    await team.ana.rest()
    [first] = [phone for phone in people if not team.popup(phone)]
    name = first.person.first_name
    for phone in people:
        notice = notices[phone.person.id]
        assert labels(notice) == []
        if phone is not first:
            assert team.popup(phone) == seen(standing_texts.taken_by(phone.t, name))
            assert seen(standing_texts.taken_by(phone.t, name)) in notice.text
            assert team.news(phone) == []
    assert stands(team.ana, HandoffStatus.TAKEN)
    await first.tap("import")
    await is_imported(first, code)
    assert [phone.counts.sounds for phone in team.phones] == [1] * 4


@handoff_story()
async def declined_then_left_for_somebody_else(team: Team) -> None:
    """In two taps of who left it; who has declined it hears nothing more."""
    kim, sam = await team_of(team, 2)
    ana, code = team.ana, team.ana.code()
    await leave(ana, kim, code)
    await kim.tap("decline")
    assert stands(ana, HandoffStatus.DECLINED)
    assert ana.counts.sounds == 1
    forget(team)
    await ana.tap("codes")
    await until(team.world, team.clock, lambda: any(code in text for text in team.news(ana)), seconds=5, step=0.1)
    await ana.tap("reassign")
    await ana.tap("assign", str(sam.person.id))
    [told] = team.news(sam)
    assert "Ana" in told
    await sam.tap("take")
    await sam.tap("import")
    await is_imported(sam, code)
    assert team.news(kim) == []
    assert sam.counts == Counts(taps=2, typed=0, sounds=1)


@handoff_story()
async def many_codes_are_one_to_take(team: Team) -> None:
    """One notice for all; the receipt counts them."""
    [kim] = await team_of(team, 1)
    codes = [team.ana.code() for _ in range(7)]
    await leave(team.ana, kim, *codes)
    assert len(team.news(kim)) == 1
    await kim.command("/inbox")
    await kim.tap("take")
    await kim.tap("import")
    await team.ana.wait_for_results()
    await is_imported(kim, *codes)
    assert begins(team.newest(team.ana), receipt_texts.all_imported(team.ana.t, 7))
    assert kim.counts == Counts(taps=2, typed=1, sounds=1)


# --- and back ---------------------------------------------------------------------------------------------------------


@handoff_story()
async def nobody_takes_it_in_time(team: Team) -> None:
    """The hour is over before it is taken: what stands on the other's screen does nothing any more."""
    [kim] = await team_of(team, 1)
    ana, code = team.ana, team.ana.code()
    await ana.send(code)
    await ana.tap("hand")
    await ana.tap("receiver", str(kim.person.id))
    await ana.tap("change", "handoff_note")
    await ana.answer(NOTE)
    await ana.tap("change", "expiry")
    await ana.tap("expiry", "1")
    await ana.tap("hand_over")
    notice = team.card(kim)
    assert NOTE in notice.text
    take = notice.all_buttons[0]
    team.clock.jump(HOUR + 60)
    await until(team.world, team.clock, lambda: stands(ana, HandoffStatus.EXPIRED))
    assert labels(notice) == []
    team.world.telegram.press(kim.person, notice, take)
    await kim.rest()
    assert team.popup(kim) == notice.text.rpartition("\n")[2]
    assert (ana.counts.sounds, kim.counts.sounds) == (1, 1)
    await ana.tap("import")
    await ana.tap("import")
    await is_imported(ana, code)


@handoff_story()
async def taken_back_in_the_moment_of_take(team: Team) -> None:
    """Whoever of the two is first: it is its giver's again, and nothing of it stays open."""
    [kim] = await team_of(team, 1)
    ana, codes = team.ana, [team.ana.code() for _ in range(2)]
    for code, order in zip(codes, ((ana, kim), (kim, ana)), strict=True):
        await leave(ana, kim, code)
        for phone in order:
            phone.press("withdraw" if phone is ana else "take")
        await ana.rest()
        assert stands(ana, HandoffStatus.WITHDRAWN)
        assert not {"take", "import"} & _actions(kim)
        await ana.tap("import")
        await ana.tap("import")
        await is_imported(ana, code)


# --- who has left the team --------------------------------------------------------------------------------------------


@handoff_story()
async def the_receiver_is_removed(team: Team) -> None:
    """What waited for them comes back, and what they had taken of the team's waits again."""
    mai, kim, sam = await team_of(team, 3)
    own, of_all = kim.code(), kim.code()
    await leave(kim, mai, own)
    receipt = kim.chat.card
    await leave(kim, None, of_all)
    await mai.tap("take")
    forget(team)
    await team.remove(team.ana, mai)
    assert team.news(mai) == said(members.told(mai.t, Role.MEMBER, None))
    assert "take" not in _actions(mai)
    assert receipt.deleted
    assert stands(kim, HandoffStatus.DECLINED)
    assert mai.person.first_name in kim.chat.card.text
    await sam.tap("take")
    await sam.tap("import")
    await is_imported(sam, of_all)
    assert (kim.counts.sounds, sam.counts.sounds) == (2, 0)


@handoff_story()
async def the_giver_is_removed(team: Team) -> None:
    """What they have left can be taken all the same, and comes back to the admin from then on."""
    mai, kim, sam = await team_of(team, 3)
    first, second = mai.code(), mai.code()
    await leave(mai, kim, first)
    await leave(mai, sam, second)
    forget(team)
    await team.remove(team.ana, mai)
    assert team.news(mai) == said(members.told(mai.t, Role.MEMBER, None))
    assert not {"withdraw", "reassign"} & _actions(mai)
    await kim.tap("take")
    await kim.tap("import")
    await is_imported(kim, first)
    await sam.tap("decline")
    assert stands(team.ana, HandoffStatus.DECLINED)
    assert mai.person.first_name in team.ana.chat.card.text
    await team.ana.tap("import")
    await team.ana.tap("import")
    await is_imported(team.ana, second)
    assert team.news(mai) == []


# --- one code, one owner ----------------------------------------------------------------------------------------------


@handoff_story()
async def whoever_sends_it_too_is_told_whose_it_is(team: Team) -> None:
    """And for whom it is takes it there."""
    kim, sam = await team_of(team, 2)
    code = team.ana.code()
    await leave(team.ana, kim, code)
    forget(team)
    for phone in (team.ana, sam):
        await phone.send(code)
        [told] = team.news(phone)
        assert kim.person.first_name in told
        assert labels(team.newest(phone)) == []
    assert "Ana" in team.newest(sam).text
    await kim.send(code)
    assert labels(team.newest(kim)) == [words.take(kim.t)]
    await kim.tap("take")
    await kim.tap("import")
    await is_imported(kim, code)
    await sam.send(code)
    assert kim.person.first_name in team.newest(sam).text


STORIES = (
    from_one_phone_to_a_profile_on_another,
    three_take_at_once_and_one_gets_it,
    declined_then_left_for_somebody_else,
    many_codes_are_one_to_take,
    nobody_takes_it_in_time,
    taken_back_in_the_moment_of_take,
    the_receiver_is_removed,
    the_giver_is_removed,
    whoever_sends_it_too_is_told_whose_it_is,
)
