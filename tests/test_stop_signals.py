from __future__ import annotations

import asyncio
import signal

import pytest

from bot.stop_signals import stopped_by_signals


async def test_every_signal_to_end_is_heard_as_often_as_it_comes_and_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Only Windows has Ctrl-Break: elsewhere another signal stands in for it.
    ctrl_break = vars(signal).get("SIGBREAK") or signal.SIGUSR1
    monkeypatch.setattr(signal, "SIGBREAK", ctrl_break, raising=False)
    numbers = [signal.SIGINT, signal.SIGINT, ctrl_break, signal.SIGTERM]
    before = [signal.getsignal(number) for number in numbers]
    heard: asyncio.Queue[None] = asyncio.Queue()

    with stopped_by_signals(lambda: heard.put_nowait(None)):
        for number in numbers:
            signal.raise_signal(number)
            await asyncio.wait_for(heard.get(), timeout=5)

    assert [signal.getsignal(number) for number in numbers] == before
    assert heard.empty()
