"""After everything has come to rest: whether each code that was left has one owner, and people were told the truth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import create_engine, make_url

from bot.domain.transfer_code import mask
from bot.usecases.audit import AuditKind
from tests.end_to_end.givers import Post
from tests.end_to_end.handoff_words import notice_faults, receipt_faults
from tests.end_to_end.mischief import MischievousIxBrowser
from tests.end_to_end.office import Office
from tests.end_to_end.people import Somebody
from tests.end_to_end.verdict import differs
from tests.standins.telegram_state import Message
from tests.support.one_owner import faults_of_owners

Row = Mapping[str, Any]

_HELD = {"waiting", "taken", "importing"}
_BACK = {"declined", "withdrawn", "expired", "failed"}
_LIVING = {"queued", "sending", "checking", "unknown", "imported"}
_MAY_TAKE = {"member", "admin"}


def owners_faults(office: Office) -> Sequence[str]:
    """What does not fit together of who has which code."""
    url = make_url(office.look.url)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    try:
        with engine.connect() as connection:
            return faults_of_owners(connection, office.look.cipher())
    finally:
        engine.dispose()


class Handoffs:
    """What became of all that couriers have left."""

    def __init__(
        self,
        office: Office,
        browser: MischievousIxBrowser,
        people: Sequence[Somebody],
        post: Post,
        admins: Mapping[int, str],
    ) -> None:
        """``admins`` are those of the settings."""
        self._office = office
        self._browser = browser
        self._people = {person.person.id: person for person in people}
        self._post = post
        self._handoffs = {row["id"]: row for row in office.rows("handoffs")}
        self._codes: defaultdict[int, list[Row]] = defaultdict(list)
        for row in office.rows("handoff_codes"):
            self._codes[row["handoff_id"]].append(row)
        self._imports = {row["id"]: row for row in office.rows()}
        self._roles = {row["id"]: row["role"] for row in office.rows("users")} | dict.fromkeys(admins, "admin")
        self._names = {row["id"]: row["name"] for row in office.rows("users")}

    def counts(self) -> Mapping[str, int]:
        """What has happened, for the summary."""
        kinds = Counter(row["kind"] for row in self._office.rows("audit"))
        codes = [code for some in self._codes.values() for code in some]
        given = [row for row in self._imports.values() if row["handoff_id"] is not None]
        return {
            "codes left": len(codes),
            "handoffs taken": kinds[AuditKind.TAKEN],
            "declined": kinds[AuditKind.DECLINED],
            "withdrawn": kinds[AuditKind.WITHDRAWN],
            "reassigned": kinds[AuditKind.REASSIGNED],
            "codes back in the end": sum(code["status"] in _BACK for code in codes),
            "imported from handoffs": sum(row["status"] == "imported" for row in given),
        }

    def complaints(self) -> Iterator[str]:
        """Sentences about what is wrong."""
        yield from owners_faults(self._office)
        yield from self._of_places()
        yield from self._of_imports()
        yield from self._of_receipts()
        yield from self._of_notices()
        yield from self._of_secrecy()

    # --- where each code is -----------------------------------------------------------------------------------------

    def _of_places(self) -> Iterator[str]:
        """Each code is in one place: in one handoff, in one living import, or its owner's again."""
        left: defaultdict[str, list[Row]] = defaultdict(list)
        for codes in self._codes.values():
            for row in codes:
                left[row["code_mask"]].append(row)
        living = Counter(row["code_mask"] for row in self._imports.values() if row["status"] in _LIVING)
        for code in self._post.left:
            rows = left[mask(code)]
            statuses = [row["status"] for row in rows]
            # What is being imported has its import.
            places = sum(status in _HELD - {"importing"} for status in statuses) + living[mask(code)]
            if not rows:
                yield f"{code} was left, and no handoff has it"
            elif places > 1 or (places == 0 and statuses[-1] not in _BACK):
                yield f"{code} is in {places} places: {statuses}, and {living[mask(code)]} living imports"
            if "imported" in statuses and self._browser.made[code] != 1:
                yield f"{code} is {statuses}, and was imported {self._browser.made[code]} times"
        for row in (row for rows in left.values() for row in rows if row["status"] == "importing"):
            yield f"code {row['code_mask']} is still being imported"

    def _of_imports(self) -> Iterator[str]:
        """Imports of what somebody has left are theirs who took it, with the choices that the taker's card showed."""
        requests: dict[str, Row] = {}
        for request in self._browser.imports:
            requests[request["transfer_code"]] = request
        for row in self._imports.values():
            handoff, code = self._handoffs.get(row["handoff_id"]), row["code"]
            if row["handoff_id"] is None:
                continue
            if handoff is None or row["given_by"] != handoff["giver_id"]:
                yield f"import {row['id']} of {code} was given by {row['given_by']}, and left by {handoff}"
                continue
            taken = [each for each in self._codes[handoff["id"]] if each["import_id"] == row["id"]]
            if [each["taker_id"] for each in taken] not in ([row["user_id"]], []):
                yield f"import {row['id']} is {row['user_id']}'s, and was taken: {taken}"
            if not taken and row["status"] == "imported":
                yield f"import {row['id']} of {code} is imported, and its handoff does not say so"
            taker = self._people.get(row["user_id"])
            promise = None if taker is None else taker.promises.get(code)
            if promise is None:
                yield f"import {row['id']} of {code} was confirmed by nobody: {row['user_id']}"
            elif row["status"] == "imported" and (difference := differs(self._browser, requests[code], promise)):
                yield f"{code} was taken and imported otherwise than its card said: {difference}"

    # --- what is said of it -----------------------------------------------------------------------------------------

    def _of_receipts(self) -> Iterator[str]:
        shown = {
            (row["subject_id"], row["chat_id"]): row
            for row in self._office.rows("shared_cards")
            if row["kind"] == "receipt"
        }
        removed = {row["subject_id"] for row in self._office.rows("audit") if row["kind"] == AuditKind.REMOVED}
        for number, handoff in self._handoffs.items():
            codes = self._codes[number]
            message = self._message(shown.get((number, handoff["owner_id"])))
            if message is None and handoff["owner_id"] in removed and not any(c["code_encrypted"] for c in codes):
                # Receipts are taken from who is removed; of what is spent nobody else gets one.
                continue
            if message is None:
                yield f"{self._name(handoff['owner_id'])} has no receipt of handoff {number}"
                continue
            for fault in receipt_faults(message.text, handoff, codes, self._imports, self._name):
                yield f"the receipt of handoff {number}: {fault}\n{message.transcript()}"

    def _of_notices(self) -> Iterator[str]:
        shown = {row["subject_id"]: row for row in self._office.rows("shared_cards") if row["kind"] == "handoff"}
        # Of what is over before they could be told of it nobody has to be told. Parts are as old as all of it.
        told: set[tuple[object, int]] = set()
        unseen: list[tuple[int, int]] = []
        # Of whoever was removed the notices are deleted.
        removed = {row["subject_id"] for row in self._office.rows("audit") if row["kind"] == AuditKind.REMOVED}
        for notice in self._office.rows("handoff_notices"):
            number, user_id = notice["handoff_id"], notice["user_id"]
            message = self._message(shown.get(notice["id"]))
            if message is None:
                unseen.append((number, user_id))
                continue
            told.add((self._handoffs[number]["created_at"], user_id))
            may_take = self._roles.get(user_id) in _MAY_TAKE
            for fault in notice_faults(
                message, self._handoffs[number], self._codes[number], notice, self._name, may_take=may_take
            ):
                yield f"what {self._name(user_id)} was told of handoff {number}: {fault}\n{message.transcript()}"
        for number, user_id in unseen:
            handoff, role = self._handoffs[number], self._roles.get(user_id)
            # It may have been left for somebody else before they could be told, or they may take nothing any more.
            is_theirs = handoff["receiver_id"] in {None, user_id} and role in _MAY_TAKE and user_id not in removed
            if is_theirs and self._waits(number) and (handoff["created_at"], user_id) not in told:
                yield f"{self._name(user_id)}, {role}, was never told of handoff {number}: {handoff}"
        for number, handoff in self._handoffs.items():
            if handoff["receiver_id"] in removed or not self._waits(number):
                continue
            if handoff["receiver_id"] is not None and (handoff["created_at"], handoff["receiver_id"]) not in told:
                yield f"{self._name(handoff['receiver_id'])} was not told of handoff {number}"

    def _waits(self, number: int) -> bool:
        return any(code["status"] == "waiting" for code in self._codes[number])

    def _message(self, card: Row | None) -> Message | None:
        """The message in which a card stands by now; None where there is none."""
        if card is None or card["message_id"] is None:
            return None
        message = self._office.telegram.chat(card["chat_id"]).by_id.get(card["message_id"])
        return None if message is None or message.deleted else message

    def _name(self, user_id: int | None) -> str:
        return str(self._names.get(user_id or 0) or user_id)

    def _of_secrecy(self) -> Iterator[str]:
        """What was left is shown in full in no other message than that of Show code, for whom that was wanted."""
        for method, params in self._office.telegram.calls:
            text = str(params.get("text", ""))
            found = [code for code in self._post.left if code in text] if "-" in text else []
            bare = set(text.splitlines()) == {f"<code>{code}</code>" for code in found}
            for code in found:
                if not bare or (int(str(params["chat_id"])), code) not in self._post.shown:
                    yield f"{code} was shown by {method}: {text[:200]}"
