"""What there is to tell of group chats alone, where the bot is in privacy mode."""

from __future__ import annotations

from bot.chat.group_chats import texts
from bot.chat.translator import translator
from bot.domain.draft import Step
from tests.stories.phone import LOGIN, TITLES, Counts, Phone, seen
from tests.stories.telling import asks, has_imported_before, is_imported, shows_result, story_of_group
from tests.support.groups import prompts


@story_of_group(Counts(taps=4, typed=4))
async def all_that_is_typed_is_asked_for(phone: Phone) -> None:
    """Each time by a message to which the phone opens a reply, and which goes when it is answered."""
    phone.world.browser.add_group(TITLES[0])
    code = phone.code()
    await phone.command("/import")
    assert len(prompts(phone.chat, phone.person)) == 1
    await phone.answer(code)
    assert prompts(phone.chat, phone.person) == []
    await phone.tap("new_group")
    [asked] = prompts(phone.chat, phone.person)
    await phone.answer(TITLES[1])
    await phone.group_is_made()
    assert asked.deleted
    await phone.tap("proxy", "direct")
    await phone.tap("change", "bypass")
    await phone.answer("*.example.com")
    assert "*.example.com" in phone.card.text
    await phone.tap("import")
    await is_imported(phone, code)
    shows_result(phone, code)
    assert prompts(phone.chat, phone.person) == []
    assert (await phone.world.log())[-1]["group_title"] == TITLES[1]


@story_of_group(Counts(taps=4, typed=2))
async def secret_typed_in_private(phone: Phone) -> None:
    """By the link there, and back again."""
    await has_imported_before(phone)
    code = phone.code()
    await phone.send(code)
    await phone.tap("change", "proxy")
    await phone.tap("private", label=str(texts.go_on_in_private(phone.t)))
    await phone.follow(phone.world.telegram.answers[-1].url)
    with phone.in_private():
        assert asks(phone, Step.PROXY)
        await phone.answer(f"socks5://{LOGIN}:pw7x@203.0.113.7:1080")
    done = phone.world.telegram.chat(phone.person.id).answer
    assert seen(texts.taken_for_group_chat(phone.t)) in done.text
    way_back = done.button(str(texts.to_group_chat(phone.t)))
    assert (way_back.url or "").endswith(f"/{phone.card.id}")
    assert not any("pw7x" in message.text for message in phone.chat.messages)
    await phone.tap("import")
    await is_imported(phone, code)
    assert phone.world.browser.imports[-1]["proxy_config"]["proxy_password"] == "pw7x"


@story_of_group(Counts(taps=1, typed=1))
async def pressed_by_somebody_else(phone: Phone) -> None:
    """Who is told in their own language whose card it is; and nothing changes."""
    await has_imported_before(phone)
    mai = await phone.let_in()
    phone.count_from_here()
    code = phone.code()
    await phone.send(code)
    before = phone.card.text
    for action in ("import", "cancel"):
        await phone.tap(action, person=mai)
    told = [answer.text for answer in phone.world.telegram.answers if answer.person is mai]
    assert told == [seen(texts.not_yours(translator(mai.language_code), "Ana"))] * 2
    assert phone.card.text == before
    await phone.tap("import")
    await is_imported(phone, code)


STORIES = (
    all_that_is_typed_is_asked_for,
    secret_typed_in_private,
    pressed_by_somebody_else,
)
