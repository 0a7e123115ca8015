"""Draws screens as SVG: shapes and text alone, with no font, script or link in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.demo.telegram_state import Button
from tests.pictures.conversations import Bubble, Frame, Picture
from tests.pictures.widths import Styled, shortened, width, wrapped

_FONTS = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Helvetica, Arial, 'Noto Sans',"
    " 'Liberation Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
_MONOSPACED = "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace"
_TIME = "14:05"

#: Sizes of the drawing, in pixels of a page that shows it at its full width.
_COLUMN, _GAP, _PADDING, _HEADER = 272, 14, 10, 40
_SIZE, _LINE, _BUTTON, _BETWEEN = 13.5, 18, 30, 4
_BUBBLE = 246
#: The widest bubble of one's own.
_OWN = _COLUMN - 2 * _PADDING


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of light or of dark."""

    name: str
    screen: str
    edge: str
    header: str
    bubble: str
    own: str
    text: str
    faint: str
    accent: str
    tap: str
    buttons: Mapping[str | None, str]


LIGHT = Theme(
    "light", "#dbe6d3", "#c3cfd9", "#ffffff", "#ffffff", "#e3fdd0", "#101418", "#60707d", "#2f7fc1", "#f08a00",
    {None: "#5d7686", "success": "#1f8a3b", "danger": "#c93a32", "primary": "#2f7fc1"},
)  # fmt: skip
DARK = Theme(
    "dark", "#0e1621", "#2c3a4a", "#17212b", "#182533", "#2b5278", "#f2f5f8", "#93a6b6", "#6ab3f3", "#ffb02e",
    {None: "#2f4252", "success": "#23783a", "danger": "#a83a34", "primary": "#2f6ea5"},
)  # fmt: skip


class _Sheet:
    """Collects shapes; whatever is drawn later lies above."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.shapes: list[str] = []

    def rectangle(
        self, x: float, y: float, wide: float, high: float, fill: str, *, radius: float, edge: str = ""
    ) -> None:
        stroke = f' stroke="{edge}"' if edge else ""
        self.shapes.append(
            f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{radius:g}" fill="{fill}"{stroke}/>'
        )

    def circle(self, x: float, y: float, radius: float, fill: str) -> None:
        self.shapes.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>')

    def text(self, x: float, y: float, text: str, fill: str, *, size: float = _SIZE, more: str = "") -> None:
        self.shapes.append(f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{more}>{escape(text)}</text>')

    def line(self, x: float, y: float, line: Sequence[Styled]) -> None:
        """A line of text whose parts have styles."""
        parts = []
        for style, run in itertools.groupby(line, key=lambda styled: styled[1]):
            text = escape("".join(character for character, _ in run))
            parts.append(f"<tspan{self._style(style)}>{text}</tspan>" if style else text)
        whole = "".join(parts).rstrip()
        self.shapes.append(f'<text x="{x:g}" y="{y:g}" font-size="{_SIZE:g}" fill="{self.theme.text}">{whole}</text>')

    def _style(self, style: str) -> str:
        looks = {
            "b": ' font-weight="600"',
            "i": ' font-style="italic"',
            "code": f' font-family="{_MONOSPACED}" fill="{self.theme.accent}"',
            "a": f' fill="{self.theme.accent}"',
        }
        return looks.get(style, "")


def _lines(bubble: Bubble) -> list[list[Styled]]:
    # Some computers' fonts are still wider than the widths reckon with; there they reach into what is left over.
    room = _BUBBLE - 30 if bubble.from_bot else _OWN - 20
    styles = [""] * len(bubble.text)
    for start, end, tag in bubble.spans:
        styles[start:end] = [tag] * (end - start)
    lines: list[list[Styled]] = [[]]
    for character, style in zip(bubble.text, styles, strict=True):
        if character == "\n":
            lines.append([])
        else:
            lines[-1].append((character, style))
    return [row for line in lines for row in wrapped(line, room, _SIZE)]


def _height(bubble: Bubble) -> float:
    return len(_lines(bubble)) * _LINE + 26 + len(bubble.rows) * (_BUTTON + _BETWEEN)


def _frame_height(frame: Frame) -> float:
    return _HEADER + _PADDING + sum(_height(bubble) + 8 for bubble in frame.bubbles) + _PADDING - 8


def _draw_bubble(sheet: _Sheet, x: float, y: float, bubble: Bubble, tapped: Button | None) -> float:
    """Draw it with its buttons; where the next may begin."""
    theme = sheet.theme
    lines = _lines(bubble)
    wide: float = _BUBBLE
    if not bubble.from_bot:
        wide = min(_OWN, max(sum(width(*_one(styled)) for styled in line) for line in lines) + 30)
        wide = max(wide, 96)
        x += _OWN - wide
    high = len(lines) * _LINE + 22
    sheet.rectangle(x, y, wide, high, theme.bubble if bubble.from_bot else theme.own, radius=10)
    for number, line in enumerate(lines):
        sheet.line(x + 10, y + 19 + number * _LINE, line)
    marks = _TIME if bubble.from_bot else f"{_TIME} ✓✓"
    sheet.text(x + wide - 10, y + high - 7, marks, theme.faint, size=10.5, more=' text-anchor="end"')
    y += high + _BETWEEN
    for row in bubble.rows:
        each = (_BUBBLE - _BETWEEN * (len(row) - 1)) / len(row)
        for number, button in enumerate(row):
            _draw_button(sheet, x + number * (each + _BETWEEN), y, each, button, tapped=button is tapped)
        y += _BUTTON + _BETWEEN
    return y + 8


def _one(styled: Styled) -> tuple[str, float, str]:
    return styled[0], _SIZE, styled[1]


def _draw_button(sheet: _Sheet, x: float, y: float, wide: float, button: Button, *, tapped: bool) -> None:
    theme = sheet.theme
    sheet.rectangle(x, y, wide, _BUTTON, theme.buttons[button.style], radius=7)
    label = shortened(button.text, wide - 6, 12.5)
    sheet.text(x + wide / 2, y + 19.5, label, "#ffffff", size=12.5, more=' font-weight="500" text-anchor="middle"')
    if tapped:
        sheet.shapes.append(
            f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{_BUTTON}" rx="7" fill="none" stroke="{theme.tap}"'
            ' stroke-width="3"/>'
            f'<circle cx="{x + wide - 16:g}" cy="{y + 18:g}" r="13" fill="{theme.tap}" fill-opacity="0.55"'
            f' stroke="{theme.tap}" stroke-width="2"/>'
        )


def _draw_frame(sheet: _Sheet, x: float, y: float, frame: Frame, number: int | None) -> None:
    theme, high = sheet.theme, _frame_height(frame)
    sheet.rectangle(x + 0.5, y + 0.5, _COLUMN - 1, high - 1, theme.screen, radius=16, edge=theme.edge)
    sheet.shapes.append(
        f'<path d="M{x + 1:g} {y + _HEADER:g}v{17 - _HEADER}a16 16 0 0 1 16 -16h{_COLUMN - 34}a16 16 0 0 1 16 16'
        f'v{_HEADER - 17}z" fill="{theme.header}"/>'
    )
    sheet.circle(x + 26, y + 20, 13, theme.accent)
    sheet.text(x + 26, y + 24.5, "T", "#ffffff", size=13, more=' font-weight="600" text-anchor="middle"')
    sheet.text(x + 48, y + 24.5, "Transfer Bot", theme.text, size=13.5, more=' font-weight="600"')
    if number is not None:
        middle = x + _COLUMN - 24
        sheet.circle(middle, y + 20, 11, theme.tap)
        bold = ' font-weight="700" text-anchor="middle"'
        sheet.text(middle, y + 24.5, str(number), "#101418", size=12.5, more=bold)
    below = y + _HEADER + _PADDING
    for bubble in frame.bubbles:
        tapped = frame.tapped if bubble is frame.bubbles[-1] else None
        below = _draw_bubble(sheet, x + _PADDING, below, bubble, tapped)


def _told(picture: Picture) -> Iterator[str]:
    """The conversation in words, for those to whom the picture is read."""
    for frame in picture.frames:
        for bubble in frame.bubbles:
            yield f"{'Bot' if bubble.from_bot else 'Ana'}: {' '.join(bubble.text.split())}"
            labels = [button.text for row in bubble.rows for button in row]
            yield from [f"Buttons: {', '.join(labels)}"] * bool(labels)
        if frame.tapped is not None:
            yield f"Ana taps {frame.tapped.text}"


def svg(picture: Picture, theme: Theme, *, numbered: bool = True) -> str:
    """The picture in light or dark."""
    heights = [sum(map(_frame_height, column)) + _GAP * (len(column) - 1) for column in picture.columns]
    wide, high = len(picture.columns) * (_COLUMN + _GAP) - _GAP, max(heights)
    sheet = _Sheet(theme)
    numbers = itertools.count(1)
    for place, column in enumerate(picture.columns):
        y = 0.0
        for frame in column:
            _draw_frame(sheet, place * (_COLUMN + _GAP), y, frame, next(numbers) if numbered else None)
            y += _frame_height(frame) + _GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high:g}" viewBox="0 0 {wide} {high:g}"'
            f' role="img" font-family="{_FONTS}">',
            f"<desc>{escape(chr(10).join(_told(picture)))}</desc>",
            *sheet.shapes,
            "</svg>\n",
        ]
    )
