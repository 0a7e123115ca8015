"""Stories of two, three and ten people, told from the screens of all of them, in every language, on both databases."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random

import pytest

from bot.chat.languages import LANGUAGES, Language
from tests.stories import (
    crowd_stories,
    handoff_crowd_stories,
    handoff_group_stories,
    handoff_stories,
    removal_stories,
    team_group_stories,
    team_stories,
)
from tests.stories.team import Team, TeamStory
from tests.stories.telling import DATABASES, settings_on
from tests.support.chatting import timed

pytestmark = pytest.mark.usefixtures("calm_log")

STORIES = (
    *team_stories.STORIES,
    *team_group_stories.STORIES,
    *removal_stories.STORIES,
    *crowd_stories.STORIES,
    *handoff_stories.STORIES,
    *handoff_group_stories.STORIES,
    *handoff_crowd_stories.STORIES,
)
#: Gives the same codes and choices again.
SEED = os.environ.get("STORIES_SEED", "")


#: Where a story is told: the language of its admin, and the database.
Setting = tuple[Language, str]


def dealt(number: int) -> Setting:
    """The one setting in which a story is told every day."""
    round_, place = divmod(number, len(LANGUAGES))
    return LANGUAGES[place], DATABASES[(round_ + place) % len(DATABASES)]


async def tell(story: TeamStory, setting: Setting, seed: str, folder: Path, request: pytest.FixtureRequest) -> None:
    language, database = setting
    settings = dict(story.settings) | settings_on(database, request)
    async with timed(folder, **settings) as (world, clock):
        team = Team(world, clock, language, Random(f"{seed} {story.name} {language.tag} {database}"))
        try:
            await team.ana.command("/start")
            team.all_heard()
            await story.tell(team)
            assert world.browser.violations() == []
        except Exception as error:
            error.add_note(f"{story.name} in {language.name}, on {database}, STORIES_SEED={seed}")
            for phone in team.phones:
                error.add_note(f"--- {phone.person.first_name}\n{phone.chat.transcript()}")
            raise


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.name for story in STORIES])
async def test_a_story(number: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    await tell(STORIES[number], dealt(number), SEED or "1", tmp_path, request)


@pytest.mark.long
@pytest.mark.parametrize(
    "setting", list(product(LANGUAGES, DATABASES)), ids=lambda setting: f"{setting[0].tag}, {setting[1]}"
)
async def test_every_story_in_every_setting(
    setting: Setting,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    seed = SEED or secrets.token_hex(4)
    for story in STORIES:
        folder = tmp_path / story.name
        folder.mkdir()
        await tell(story, setting, seed, folder, request)
    language, database = setting
    told = f"{len(STORIES)} stories of teams told, their admin speaking {language.name}, on {database}"
    record_property("summary", f"{told}: STORIES_SEED={seed}")


def test_each_language_meets_both_databases_every_day() -> None:
    settings = {dealt(number) for number in range(len(STORIES))}
    assert settings == set(product(LANGUAGES, DATABASES))
