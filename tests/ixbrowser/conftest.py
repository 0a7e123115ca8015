from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.ixbrowser.client import LocalApi
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_transport import InProcess


@pytest.fixture
async def browser() -> AsyncIterator[FakeIxBrowser]:
    browser = FakeIxBrowser()
    yield browser
    await browser.close()


@pytest.fixture
async def api(browser: FakeIxBrowser) -> AsyncIterator[LocalApi]:
    api = LocalApi("http://127.0.0.1:53200", transport=InProcess(browser))
    yield api
    await api.close()
