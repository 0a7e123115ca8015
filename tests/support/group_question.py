"""The question for a group: titles that are hard to show, and what stands below the groups."""

from __future__ import annotations

ODD_TITLES = ["店铺 · 上海", "<b>Bold</b>", "R&D &amp; more", "Bán hàng 🛒", "👩‍👩‍👧 family", "x" * 200, "店" * 200]
#: Everything below the groups themselves.
ALWAYS = ["Default", "➕ New group", "Hand over", "Cancel"]
