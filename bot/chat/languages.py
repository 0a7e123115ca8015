"""The languages that the bot speaks, and which of them somebody is spoken to in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """``tag`` is how it is kept, as Telegram writes it. ``locale`` is Babel's, and the folder of the catalogue.

    ``telegram`` is the code of Telegram's methods for texts of the bot, which have two letters. ``name`` is in the
    language itself. ``moment`` is Babel's pattern for day and time. ``after_sentence`` stands between two sentences,
    ``between_items`` between what is listed.
    """

    tag: str
    locale: str
    telegram: str
    name: str
    moment: str
    after_sentence: str = " "
    between_items: str = ", "


#: The language that the sentences are written in. Telegram shows what has no language to everybody else.
SOURCE: Final = Language("en", "en", "", "English", "d MMM HH:mm")
#: In the order in which they are offered.
LANGUAGES: Final = (
    SOURCE,
    Language("ru", "ru", "ru", "Русский", "d MMM HH:mm"),
    Language("zh-hans", "zh_Hans", "zh", "简体中文", "M月d日 HH:mm", after_sentence="", between_items="、"),
    Language("vi", "vi", "vi", "Tiếng Việt", "d MMM HH:mm"),
)
#: By the first part of a tag: of Chinese there is one way of writing, of Portuguese none.
_BY_BEGINNING: Final[Mapping[str, Language]] = {each.locale.partition("_")[0]: each for each in LANGUAGES}


def spoken(tag: str) -> Language:
    """The language for a tag such as ``pt-br``, ``zh-Hant-TW`` or ``ru_RU``; English where there is none for it."""
    return _BY_BEGINNING.get(tag.replace("_", "-").partition("-")[0].lower(), SOURCE)
