"""Numbers that are terms, prices or counts, or years, rather than ports: "30 days", "1500 руб", "2026"."""

from __future__ import annotations

from bot.domain.proxy_parsing.han import HAN

#: What stands behind such a number.
UNIT = (
    r"(?:[kmg]?bit|[kmg]bp?s?|[кмг]?бит\w*|[кмг]б\w*|ms|мс|m|min\w*|мин\w*|s|sec\w*|сек\w*|h|hours?|ч"
    r"|час\w*|days?|d|д|дн\w*|months?|мес\w*|years?|лет|год\w*|руб\w*|р|rub|usdt?|eur|[$€£₽¥%]|раз\w*|times|шт\w*"
    r"|pcs|поток\w*|threads?|users?|ips?|accounts?|акк\w*|чел\w*|mb\w*|ngày|tháng|giờ|phút|天|元|小时|分钟|秒|个|次)"
    rf"(?![^\W_](?<!{HAN}))"
)
YEARS = range(2020, 2040)
