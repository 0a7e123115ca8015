"""``python -m tests.pictures``: make the pictures of the README anew."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.chat.languages import LANGUAGES
from tests.pictures.conversations import PICTURES
from tests.pictures.drawing import DARK, LIGHT, svg

FOLDER = Path(__file__).parents[2] / "deploy" / "pictures"


async def made(language: str = "en") -> dict[str, str]:
    """Every picture, by the name of its file."""
    files = {}
    for converse in PICTURES:
        picture = await converse(language)
        for theme in (LIGHT, DARK):
            files[f"{picture.name}-{theme.name}.svg"] = svg(picture, theme, numbered=picture.name != "languages")
    return files


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description="Make the README's pictures anew.")
    tags = [each.tag for each in LANGUAGES]
    parser.add_argument("--language", choices=tags, default="en", help="what the conversations are in")
    parser.add_argument("--to", type=Path, default=FOLDER, metavar="FOLDER", help="where the pictures are put")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    for name, content in asyncio.run(made(given.language)).items():
        (given.to / name).write_text(content, encoding="utf-8", newline="\n")
        print(given.to / name)  # noqa: T201 - what a person at the terminal reads


if __name__ == "__main__":
    main()
