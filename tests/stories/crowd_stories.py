"""What ten people do at once, and what the audit tells of a team, as it is told from the screens of all of them."""

from __future__ import annotations

from collections import Counter

from bot.chat.audit import texts as audit
from bot.chat.drafting.texts import question
from bot.chat.members import texts as members
from bot.domain.draft import Draft, Step
from bot.domain.transfer_code import mask
from bot.usecases.audit import AuditKind
from bot.usecases.permissions import UseCase
from bot.usecases.records import Role
from tests.standins.telegram_state import Button
from tests.stories.phone import SUPERGROUP, Phone, seen
from tests.stories.team import Team, ready_to_import, team_story
from tests.support.chatting import all_run, until, until_ended

#: Codes of each of ten people.
CODES = 6
#: Imports at the same time, as the settings have it.
AT_ONCE = 3


@team_story(ixbrowser_timeout=60, ixbrowser_concurrency=AT_ONCE)
async def ten_people_import_while_members_come_and_go(team: Team) -> None:
    """Turn by turn, one import a code; one is removed, one becomes a viewer, and one comes and is not kept waiting."""
    world = team.world
    link = await team.invite(team.ana, ("uses", "20"))
    people = [team.ana, *(team.somebody() for _ in range(9))]
    *working, late = people
    for phone in working[1:]:
        await phone.follow(link)
    codes: dict[int, list[str]] = {}
    for phone in working:
        codes[phone.person.id] = [phone.code() for _ in range(CODES)]
        await ready_to_import(phone, *codes[phone.person.id])
    team.all_heard()
    world.browser.import_seconds = 10
    for phone in working:
        phone.press("import")
    await until(world, team.clock, lambda: len(world.browser.imports) >= 2 * len(working))

    removed, viewer = working[1], working[2]
    world.telegram.say(team.ana.person, f"/remove {removed.person.id}")
    world.telegram.press(team.ana.person, team.card(team.ana), Button("?", _demotion(viewer)))
    world.telegram.follow(late.person, link)
    await all_run(world)
    codes[late.person.id] = [late.code() for _ in range(CODES)]
    world.telegram.say(late.person, "\n".join(codes[late.person.id]))
    asks = seen(question(late.t, Step.PROXY, Draft()))
    await until(world, team.clock, lambda: asks in team.card(late).text, seconds=30, step=0.1)
    late.press("proxy", "keep")
    await until(world, team.clock, lambda: late.offers("import"), seconds=30, step=0.1)
    before = len(world.browser.imports)
    late.press("import")
    rows = await until_ended(world, team.clock)

    sent = [str(request["transfer_code"]) for request in world.browser.imports]
    assert max(Counter(sent).values()) == 1
    owner = {code: user_id for user_id, some in codes.items() for code in some}
    assert {row["code"] for row in rows} == set(owner)
    gone = [row["code"] for row in rows if row["status"] == "cancelled"]
    assert {row["status"] for row in rows} == {"imported", "cancelled"}
    assert 0 < len(gone) < CODES
    assert {owner[code] for code in gone} == {removed.person.id}
    # One round after the other, as long as all have codes; who comes later is served in the next one.
    place = [owner[code] for code in sent]
    assert all(len(set(place[at : at + 9])) >= 9 - AT_ONCE for at in range(before - 9))
    assert late.person.id in place[before : before + 9 + AT_ONCE]

    for phone in people:
        told = "\n".join(team.news(phone))
        assert all(mask(code) in told for code in codes[phone.person.id])
        assert told.count(seen(members.told(phone.t, Role.MEMBER, None))) == (phone is removed)
        assert told.count(seen(members.told(phone.t, Role.MEMBER, Role.VIEWER))) == (phone is viewer)
    await _ana_imports_what_was_kept(team, gone)


def _demotion(phone: Phone) -> str:
    return f"m:{phone.person.id}:0:role_yes:member_viewer"


async def _ana_imports_what_was_kept(team: Team, gone: list[str]) -> None:
    team.world.browser.import_seconds = 0
    team.ana.press("codes")
    await until(team.world, team.clock, lambda: any(gone[0] in text for text in _shown(team)), seconds=5, step=0.1)
    [shown] = [text for text in _shown(team) if gone[0] in text]
    assert set(shown.split()) == set(gone)
    await ready_to_import(team.ana, *gone)
    await team.ana.tap("import")
    made = team.world.browser.made
    assert all(made[row["code"]] == 1 for row in await team.world.log())


def _shown(team: Team) -> list[str]:
    return [message.text for message in team.ana.chat.messages if message.from_bot and not message.deleted]


# --- the audit --------------------------------------------------------------------------------------------------------


@team_story()
async def the_audit_tells_all_of_it(team: Team) -> None:
    world, ana = team.world, team.ana
    mai, sam, kim = team.somebody("Mai"), team.somebody(), team.somebody()
    await team.ask(mai)
    await ana.tap("allow")
    await team.ask(sam)
    await ana.tap("refuse")
    await kim.follow(await team.invite(ana, ("role", "viewer")))
    await kim.send(kim.code())
    await team.change_role(ana, mai, Role.MEMBER, Role.ADMIN)
    await team.invite(mai)
    await mai.tap("revoke")
    await team.invite(mai)
    await team.change_role(ana, mai, Role.ADMIN, Role.MEMBER)
    world.telegram.add_group(SUPERGROUP, "Zorvex", added_by=sam.person)
    await sam.rest()
    await ana.tap("refuse")
    await ready_to_import(mai, mai.code())
    world.browser.running = False
    await mai.tap("import")
    await team.remove(ana, mai)
    await ana.tap("codes")
    await sam.follow("https://t.me/transfer_demo_bot?start=i_nothing")

    # Of strangers there is no name.
    stranger = str(sam.person.id)
    expected: list[tuple[AuditKind, str, str, str]] = [
        (AuditKind.DENIED, "Mai", "", ""),
        (AuditKind.ASKED, "Mai", "", ""),
        (AuditKind.ALLOWED, "Ana", "Mai", Role.MEMBER),
        (AuditKind.DENIED, stranger, "", ""),
        (AuditKind.ASKED, stranger, "", ""),
        (AuditKind.REFUSED_ACCESS, "Ana", stranger, ""),
        (AuditKind.INVITED, "Ana", "1", Role.VIEWER),
        (AuditKind.JOINED, kim.person.first_name, "1", Role.VIEWER),
        (AuditKind.DENIED, kim.person.first_name, "", UseCase.TAKE_TEXT),
        (AuditKind.ROLE_CHANGED, "Ana", "Mai", Role.ADMIN),
        (AuditKind.INVITED, "Mai", "2", Role.MEMBER),
        (AuditKind.INVITATION_REVOKED, "Mai", "2", ""),
        (AuditKind.INVITED, "Mai", "3", Role.MEMBER),
        (AuditKind.INVITATION_REVOKED, "Ana", "3", ""),
        (AuditKind.ROLE_CHANGED, "Ana", "Mai", Role.MEMBER),
        (AuditKind.GROUP_JOINED, stranger, "", ""),
        (AuditKind.GROUP_REFUSED, "Ana", "", ""),
        (AuditKind.CONFIRMED, "Mai", "1", ""),
        (AuditKind.REMOVED, "Ana", "Mai", ""),
        (AuditKind.KEPT_CODES_SHOWN, "Ana", "Mai", ""),
    ]
    for line, (kind, who, whom, detail) in zip(await team.audited(ana), expected, strict=True):
        about = {"who": who, "whom": whom, "number": whom, "detail": audit._detail(ana.t, detail)}
        assert seen(audit.KINDS[kind].sentence(ana.t, about)) in line
        assert (str(SUPERGROUP) in line) == kind.startswith("group_")


STORIES = (ten_people_import_while_members_come_and_go, the_audit_tells_all_of_it)
