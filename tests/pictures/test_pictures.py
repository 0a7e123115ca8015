"""The pictures of the README show what the bot says today, and need nothing but themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.pictures.__main__ import FOLDER, made
from tests.pictures.conversations import PICTURES, Bubble, Frame, Picture
from tests.pictures.drawing import LIGHT, svg
from tests.pictures.widths import Styled, shortened, width, wrapped

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.not_followed
async def test_the_pictures_are_what_the_bot_says_today() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.svg")}

    stale = sorted(name for name, content in (await made()).items() if kept.get(name) != content)

    assert stale == [], "make them anew: .venv/bin/python -m tests.pictures"
    assert len(kept) == 2 * len(PICTURES)


def test_the_readme_shows_every_picture_in_light_and_dark() -> None:
    shown = Counter(re.findall(r'"deploy/pictures/([\w-]+\.svg)"', README))

    assert shown == Counter(file.name for file in FOLDER.glob("*.svg"))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.svg")), ids=lambda file: file.name)
def test_a_picture_holds_shapes_and_text_alone(file: Path) -> None:
    # Where a page shows it as an image, browsers load nothing for it and run nothing in it.
    content = file.read_text(encoding="utf-8")

    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(content).iter()}
    assert tags <= {"svg", "desc", "rect", "circle", "path", "text", "tspan"}
    assert content.count("http") == content.count('xmlns="http://www.w3.org/2000/svg"') == 1
    assert "url(" not in content


def bubble(text: str) -> Picture:
    return Picture("one", [[Frame((Bubble(text, (), (), from_bot=True),))]])


def texts(picture: Picture) -> list[str]:
    root = ET.fromstring(svg(picture, LIGHT))
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_text_is_shown_as_it_is() -> None:
    assert "Ads <Q4> & more" in texts(bubble("Ads <Q4> & more"))


@pytest.mark.parametrize(
    "text",
    [
        "Tap one, or type part of its name to find it, whichever of the two is faster for you.",
        "其他人也可以使用这个转移码，所以请只发送给需要导入这个窗口的人，谢谢。",
        "76686828-89727101" * 5,
        "Прокси: собственный прокси профиля, с которым он пришёл",
    ],
)
def test_a_long_line_is_wrapped_and_nothing_of_it_is_lost(text: str) -> None:
    lines = list(wrapped([(character, "") for character in text], 120, 13))

    assert len(lines) > 1
    assert "".join(map(plain, lines)) == text
    assert all(width(plain(line).rstrip(), 13) <= 120 for line in lines)


def test_a_label_is_cut_where_it_does_not_fit() -> None:
    assert shortened("Saved", 80, 12) == "Saved"
    assert shortened("A label that is far too long", 80, 12).endswith("…")
    assert width(shortened("A label that is far too long", 80, 12), 12) <= 80


def plain(line: Sequence[Styled]) -> str:
    return "".join(character for character, _style in line)
