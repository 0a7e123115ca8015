"""Every code of the published error table, answered to an import, falls into the class that it belongs to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.ixbrowser_objects import ImportRequest
from bot.domain.outcome import NotSent, Outcome, Refused, Unknown
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserRefusal
from tests.ixbrowser.scripted import always, api, envelope

TABLE: dict[int, str] = {
    int(code): message
    for code, message in json.loads(Path(__file__).with_name("error_codes.json").read_text("utf-8")).items()
}
WAIT = {1002, 1008, 1010, 1017}
REFUSED = {
    *(1000, 1005, 1007, 1014),
    *(2002, 2003, 2009, 2010),
    *(101005, 101006, 101007, 101008, 101009),
    *(101043, 101044, 101045, 101046, 101049, 101051, 101052),
    *(110001, 110002, 110003, 110004),
}


#: The published ones, and some that nobody has heard of.
CODES = {**TABLE, **dict.fromkeys((-1, 1, 999, 9999999), "never heard of")}


def expected(code: int) -> type[Refused | NotSent | Unknown]:
    if code in WAIT:
        return NotSent
    return Refused if code in REFUSED else Unknown


def test_the_table_is_the_published_one() -> None:
    assert len(TABLE) == 163
    assert set(TABLE) >= WAIT | REFUSED


async def test_every_code_falls_into_its_class() -> None:
    found = {code: await outcomes(code) for code in CODES}
    assert found == {code: (expected(code)(code, message), (code, message)) for code, message in CODES.items()}


async def outcomes(code: int) -> tuple[Outcome, tuple[int, str]]:
    """What an import comes to that is refused with this code, and what is told of a list that is."""
    client = api(always(envelope([], code, message=CODES[code], time=1697184375), 404))
    outcome = await client.import_profile(ImportRequest(TransferCode("76686828-89727101"), None, Keep()))
    with pytest.raises(BrowserRefusal) as refused:
        await client.groups()
    return outcome, (refused.value.code, refused.value.message)
