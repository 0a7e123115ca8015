"""Stories told from the screen, in every language, on both databases, in private and in a group in privacy mode."""

from __future__ import annotations

import os
import secrets
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.chat.languages import LANGUAGES, Language
from tests.stories import group_stories, stories
from tests.stories.phone import SUPERGROUP, Phone
from tests.stories.telling import CHATS, DATABASES, GROUP, Story, settings_on
from tests.support.chatting import timed

pytestmark = pytest.mark.usefixtures("calm_log")

#: Those of the chats where they can happen come from the modules that tell them.
STORIES = (*stories.STORIES, *group_stories.STORIES)
#: Gives the same codes, names and spellings again.
SEED = os.environ.get("STORIES_SEED", "")

#: Where a story is told: language, database, chat.
Setting = tuple[Language, str, str]


def dealt(number: int, story: Story) -> Setting:
    """The one setting in which a story is told every day, so that each language meets both databases and both chats."""
    round_, place = divmod(number, len(LANGUAGES))
    chats = [chat for chat in CHATS if chat in story.takes]
    return (
        LANGUAGES[place],
        DATABASES[(round_ + place) % len(DATABASES)],
        chats[(round_ + place // len(DATABASES)) % len(chats)],
    )


async def tell(story: Story, setting: Setting, seed: str, folder: Path, request: pytest.FixtureRequest) -> None:
    """The story, and what it has taken of its person."""
    language, database, chat = setting
    random = Random(f"{seed} {story.name} {language.tag} {database} {chat}")
    async with timed(folder, **settings_on(database, request)) as (world, clock):
        world.ana.language_code = language.tag
        place = world.telegram.chat(world.ana.id)
        if chat == GROUP:
            place = world.telegram.add_group(SUPERGROUP, "Zorvex", privacy=True)
        phone = Phone(world, clock, language, place, random, world.ana)
        try:
            await story.tell(phone)
            assert phone.counts == story.takes[chat]
        except Exception as error:
            error.add_note(f"{story.name} in {language.name}, on {database}, {chat}, STORIES_SEED={seed}")
            error.add_note(place.transcript())
            raise


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.name for story in STORIES])
async def test_a_story(number: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    story = STORIES[number]
    await tell(story, dealt(number, story), SEED or "1", tmp_path, request)


@pytest.mark.long
@pytest.mark.parametrize(
    "setting",
    list(product(LANGUAGES, DATABASES, CHATS)),
    ids=lambda setting: f"{setting[0].tag}, {setting[1]}, {setting[2]}",
)
async def test_every_story_in_every_setting(
    setting: Setting, tmp_path: Path, request: pytest.FixtureRequest, record_property: Any
) -> None:
    seed = SEED or secrets.token_hex(4)
    told = [story for story in STORIES if setting[2] in story.takes]
    for story in told:
        folder = tmp_path / story.name
        folder.mkdir()
        await tell(story, setting, seed, folder, request)
    language, database, chat = setting
    record_property(
        "summary", f"{len(told)} stories told in {language.name}, on {database}, {chat}: STORIES_SEED={seed}"
    )


# --- the deal ---------------------------------------------------------------------------------------------------------


def test_each_language_meets_both_databases_and_both_chats_every_day() -> None:
    settings = [dealt(number, story) for number, story in enumerate(STORIES)]
    assert {(language, database) for language, database, _ in settings} == set(product(LANGUAGES, DATABASES))
    assert {(language, chat) for language, _, chat in settings} == set(product(LANGUAGES, CHATS))
