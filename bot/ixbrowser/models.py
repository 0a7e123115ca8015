"""What the Local API answers, read leniently: unknown fields are ignored, numbers may come as strings.

Only what the bot uses is modelled. The profile list also carries the ``username`` and ``password`` of a site: they are
left out, so that nothing can store or log them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.ixbrowser_objects import Group, ListedProxy, Profile, ReceivedRecord, TrafficPackage
from bot.domain.transfer_code import TransferCode, find_codes

_DIGITS = re.compile(r"-?[0-9]{1,19}")
_UNDASHED = re.compile(r"[0-9]{16}")
_LARGEST = 2**63 - 1  # what a column of the database holds

#: ``type`` of a row of the proxy list that was bought from ixBrowser.
PURCHASED = 2

M = TypeVar("M", bound=BaseModel)


def whole_number(value: object) -> int:
    """An integer that may come as a float or in digits; ValueError for anything else, true and false included."""
    if isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004 - pydantic turns a ValueError, not a TypeError, into its own
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if not isinstance(value, int) or abs(value) > _LARGEST:
        raise ValueError("not a whole number that fits 64 bits")
    return value


def clean_text(value: object) -> str:
    """Text that can be stored and sent on: halves of characters and NULs replaced, null and objects empty.

    A JavaScript program that cuts an emoji in two writes a lone surrogate, which neither UTF-8 nor a database takes.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _number_or_none(value: object) -> int | None:
    try:
        return whole_number(value)
    except ValueError:
        return None


Number = Annotated[int, BeforeValidator(whole_number)]
Id = Annotated[int, BeforeValidator(whole_number), Field(ge=0)]
#: As much as its column of the database holds.
ErrorCode = Annotated[int, BeforeValidator(whole_number), Field(ge=-(2**31), lt=2**31)]
MaybeNumber = Annotated[int | None, BeforeValidator(_number_or_none)]
Text = Annotated[str, BeforeValidator(clean_text)]
Secret = Annotated[Text, Field(repr=False)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class ErrorPart(_Model):
    code: ErrorCode
    message: Text = ""


class Envelope(_Model):
    """``{"error": {"code", "message"}, "data"}``, which is every answer of the Local API."""

    error: ErrorPart
    data: Any = None


class Page(_Model):
    """One page of a list: how many rows there are in all, and those of this page as they came."""

    total: Annotated[int, BeforeValidator(whole_number), Field(ge=0)]
    data: Annotated[list[Any], BeforeValidator(lambda value: [] if value is None else value)]


class ImportedProfile(_Model):
    profile_id: Annotated[int, BeforeValidator(whole_number), Field(ge=1)]


class NewGroup(_Model):
    id: Id


class Row(_Model):
    """A row of a list; ``key`` names the field that tells it from the others."""

    key: ClassVar[str] = "id"


class GroupRow(Row):
    id: Id
    title: Text = ""

    def group(self) -> Group:
        return Group(self.id, self.title)


class ProxyRow(Row):
    """A row of the proxy list. Its password is held here alone, until it is sent in an import or forgotten."""

    id: Id
    proxy_type: Text = ""
    proxy_ip: Text = ""
    proxy_port: Text = ""
    proxy_user: Text = ""
    proxy_password: Secret = ""
    note: Text = ""
    type: MaybeNumber = None

    def listed(self, *, purchased: bool) -> ListedProxy:
        return ListedProxy(
            self.id, self.proxy_type, self.proxy_ip, self.proxy_port, self.proxy_user, self.note, purchased
        )


class PackageRow(Row):
    id: Id
    supply_name: Text = ""
    used_flow: Text = ""
    limit_flow: Text = ""

    def package(self) -> TrafficPackage:
        return TrafficPackage(self.id, self.supply_name, self.used_flow, self.limit_flow)


class RecordRow(Row):
    id: Id
    transfer_code: Secret = ""
    name: Text = ""
    reception_username: Text = ""
    receipt_time: MaybeNumber = None

    def record(self) -> ReceivedRecord:
        account = _masked(self.reception_username)
        return ReceivedRecord(
            self.id, _only_code(self.transfer_code), self.name, account, _moment_or_none(self.receipt_time)
        )


class ProfileRow(Row):
    key: ClassVar[str] = "profile_id"

    profile_id: Id
    name: Text = ""
    group_id: MaybeNumber = None
    group_name: Text = ""
    proxy_mode: MaybeNumber = None

    def profile(self) -> Profile:
        return Profile(self.profile_id, self.name, self.group_id, self.group_name, self.proxy_mode)


def read(model: type[M], value: object) -> M | None:
    """The value as a model, None where it can't be read.

    The validation error is dropped on purpose: it would carry pieces of the answer into logs.
    """
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _masked(account: str) -> str:
    """An account's name as ixBrowser masks it, ``te****@example.com``; one that is not masked is so here."""
    if "*" in account or not account:
        return account
    name, at, host = account.partition("@")
    return f"{name[:2]}****{at}{host}"


def _moment_or_none(seconds: int | None) -> datetime | None:
    try:
        return None if not seconds else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _only_code(text: str) -> TransferCode | None:
    """The code that a record is about. Here, unlike in a chat, sixteen digits without a dash can be nothing else."""
    if _UNDASHED.fullmatch(text.strip()):
        return TransferCode(f"{text.strip()[:8]}-{text.strip()[8:]}")
    codes = find_codes(text)
    return codes[0] if len(codes) == 1 else None
