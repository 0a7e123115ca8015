"""After everything has come to rest: whether roles, requests, invitations and group chats are what people were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.chat.callbacks import MEMBERS, read
from bot.usecases.audit import AuditKind
from bot.usecases.records import Role
from tests.end_to_end.admins import Admin
from tests.end_to_end.heard import REFUSED, REMOVED
from tests.end_to_end.newcomers import Doings, Newcomer
from tests.end_to_end.office import Office
from tests.end_to_end.people import Somebody

Row = Mapping[str, Any]

#: The entries of the audit that are about the role of their subject; who opens a link does it to themselves.
_OF_SUBJECT = {AuditKind.ALLOWED, AuditKind.ROLE_CHANGED, AuditKind.REMOVED, AuditKind.REFUSED_ACCESS}
_WORDS = {AuditKind.REMOVED: REMOVED, AuditKind.REFUSED_ACCESS: REFUSED}
#: What a role looks like of which the audit knows for certain who gave it.
_TAPPED = (REMOVED, Role.VIEWER, Role.ADMIN)
#: How much the moment may be off at which a transaction began, from that at which it had its turn.
_ABOUT = timedelta(seconds=1)


class Team:
    """``kept`` are the imports whose codes were kept when their people were removed, ``given_back`` those whose codes
    went back to who had left them; they are known once complaints were made."""

    def __init__(
        self,
        office: Office,
        admins: Sequence[Admin],
        members: Sequence[Somebody],
        newcomers: Sequence[Newcomer],
        doings: Doings,
    ) -> None:
        self._office = office
        self._admins = admins
        self._people = [*members, *newcomers]
        self._newcomers = newcomers
        self._doings = doings
        self._audit = office.rows("audit")
        self._imports = office.rows()
        self._lists = {row["id"]: row for row in office.rows("kept_codes")}
        self._kept_in = [(row["import_id"], row["kept_id"]) for row in office.rows("kept_code_imports")]
        self.kept = {import_id for import_id, _ in self._kept_in}
        self.given_back: set[int] = set()

    def counts(self) -> Mapping[str, int]:
        """What has happened, for the summary."""
        kinds = Counter(row["kind"] for row in self._audit)
        return {
            "people came and went": len(self._newcomers),
            "let in by an admin": kinds[AuditKind.ALLOWED],
            "refused": kinds[AuditKind.REFUSED_ACCESS],
            "joined by a link": kinds[AuditKind.JOINED],
            "promoted or demoted": kinds[AuditKind.ROLE_CHANGED],
            "removed": kinds[AuditKind.REMOVED],
            "codes kept": len(self.kept),
            "group chats": len(self._doings.groups),
        }

    def complaints(self) -> Iterator[str]:
        """Sentences about what is wrong. What newcomers could not know of their imports they are told here."""
        self._tell_of_imports()
        users = {row["id"]: row["role"] for row in self._office.rows("users")}
        for person in self._people:
            yield from self._of_role(person, users.get(person.person.id))
        for newcomer in self._newcomers:
            yield from self._of_removed(newcomer)
        yield from self._of_open_drafts(users)
        yield from self._of_taps()
        yield from self._of_requests()
        yield from self._of_invitations()
        yield from self._of_group_chats()

    def _tell_of_imports(self) -> None:
        confirmed = {(row["user_id"], row["code"]) for row in self._imports}
        for newcomer in self._newcomers:
            for talk in newcomer.interrupted:
                codes = [*talk.codes, talk.borrowed]
                began = [code for code in codes if (newcomer.person.id, code) in confirmed and code is not None]
                if talk.promise is not None:
                    newcomer.promises |= dict.fromkeys(began, talk.promise)

    # --- roles ------------------------------------------------------------------------------------------------------

    def _changes(self, user_id: int) -> Sequence[tuple[datetime, str]]:
        """When a person became what, and when they were refused, by the audit."""
        return [
            (_moment(row["at"]), _WORDS.get(row["kind"], row["detail"]))
            for row in self._audit
            if (row["kind"] in _OF_SUBJECT and row["subject_id"] == user_id)
            or (row["kind"] == AuditKind.JOINED and row["actor_id"] == user_id)
        ]

    def _of_role(self, person: Somebody, role: str | None) -> Iterator[str]:
        name, present = person.person.first_name, REMOVED
        changes = [what for _, what in self._changes(person.person.id)]
        for what in changes:
            if what == present or (what == REFUSED and present != REMOVED):
                yield f"the audit has {name} {what} who was {present}: {changes}"
            present = present if what == REFUSED else what
        if present != (role or REMOVED):
            yield f"{name} is {role}, and by the audit {present}: {changes}"
        told = list(person.heard.roles)
        if told != _without_repeats(changes):
            yield f"{name} was told {told}, and the audit has {changes}"

    def _of_removed(self, newcomer: Newcomer) -> Iterator[str]:
        """What was in the queue of somebody who was removed was cancelled, and its code is kept for an admin."""
        user_id, name = newcomer.person.id, newcomer.person.first_name
        removals = [at for at, what in self._changes(user_id) if what == REMOVED]
        by = {
            row["actor_id"] for row in self._audit if (row["kind"], row["subject_id"]) == (AuditKind.REMOVED, user_id)
        }
        for row in self._imports:
            began, sent, code = _moment(row["created_at"]), row["sent_at"], row["code"]
            earlier = [at for at in removals if at > began]
            if row["user_id"] != user_id or not earlier:
                continue
            if sent is not None and _moment(sent) > earlier[0] + _ABOUT:
                yield f"import {row['id']} of {name} was sent at {sent}, and they were removed at {earlier[0]}"
            if row["status"] != "cancelled" or code in newcomer.cancelled:
                continue
            if row["handoff_id"] is not None:
                self.given_back.add(row["id"])
                continue
            lists = [self._lists[kept_id] for import_id, kept_id in self._kept_in if import_id == row["id"]]
            if not lists or code is None:
                yield f"the code of import {row['id']}, whose {name} was removed, is not kept"
            for kept in lists:
                if kept["user_id"] != user_id or kept["kept_for"] not in by:
                    yield f"the code of import {row['id']} of {name} is kept for {kept['kept_for']}, not for {by}"
                if not any(self._offers(admin, kept["id"]) for admin in self._admins):
                    yield f"no admin has a button for the codes {kept['id']} of {name}"

    @staticmethod
    def _offers(admin: Admin, kept_id: int) -> bool:
        """Whether an admin can have these codes shown."""
        pressed = (read(button.callback_data) for message in admin.chat.messages for button in message.all_buttons)
        return any(press and (press.kind, press.id, press.action) == (MEMBERS, kept_id, "codes") for press in pressed)

    def _of_open_drafts(self, users: Mapping[int, str | None]) -> Iterator[str]:
        for row in self._office.rows("drafts"):
            if row["state"] == "open" and users.get(row["user_id"]) not in {Role.MEMBER, Role.ADMIN}:
                yield f"draft {row['id']} is open, and its {row['user_id']} may not import"

    def _of_taps(self) -> Iterator[str]:
        """What an admin saw done was done, and nothing more often than it was tapped."""
        for admin in self._admins:
            name = admin.person.first_name
            given = Counter(
                (row["subject_id"], _WORDS.get(row["kind"], row["detail"]))
                for row in self._audit
                if row["actor_id"] == admin.person.id and row["kind"] in {AuditKind.ROLE_CHANGED, AuditKind.REMOVED}
            )
            for what in given | admin.pressed:
                if what[1] in _TAPPED and not admin.done[what] <= given[what] <= admin.pressed[what]:
                    yield (
                        f"{name} has tapped {what} {admin.pressed[what]} times, saw it done {admin.done[what]} times,"
                        f" and the audit has it {given[what]} times"
                    )

    # --- requests and invitations -----------------------------------------------------------------------------------

    def _of_requests(self) -> Iterator[str]:
        answers = {AuditKind.ALLOWED: "allowed", AuditKind.REFUSED_ACCESS: "refused"}
        for row in self._office.rows("access_requests"):
            given = [each for each in self._audit if each["kind"] in answers and each["object_id"] == row["id"]]
            states = [answers[AuditKind(each["kind"])] for each in given]
            # Who has come in by a link meanwhile was let in by that.
            if states not in ([row["state"]], []) or (not states and row["state"] == "refused"):
                yield f"request {row['id']} is {row['state']}, and the audit has {states}"
            if any(each["actor_id"] != row["answered_by"] for each in given):
                yield f"request {row['id']} was answered by {row['answered_by']}, and the audit has {given}"
        waiting = {row["user_id"] for row in self._office.rows("access_requests") if row["state"] == "waiting"}
        # A card that was sent by a process killed before it had noted that stays as it is.
        noted = {(row["chat_id"], row["message_id"]) for row in self._office.rows("shared_cards")}
        for admin in self._admins:
            said = [message for message in admin.chat.messages if "asks for access" in message.text]
            for newcomer in self._newcomers:
                about = [message for message in said if f"ID {newcomer.person.id}" in message.text]
                if newcomer.person.id in waiting or any("ed by " in message.text for message in about):
                    continue
                if any((admin.chat.id, message.id) in noted for message in about):
                    yield f"{admin.person.first_name} was not told what became of {newcomer.person.first_name}"

    def _of_invitations(self) -> Iterator[str]:
        came = Counter(row["invitation_id"] for row in self._office.rows("joinings"))
        noted = Counter(row["object_id"] for row in self._audit if row["kind"] == AuditKind.JOINED)
        for row in self._office.rows("invitations"):
            times = {row["used"], came[row["id"]], noted[row["id"]]}
            if len(times) > 1 or row["used"] > row["uses"]:
                yield f"invitation {row['id']} for {row['uses']} was used {sorted(times)} times"
            if row["used"] == row["uses"] and row["state"] != "used_up":
                yield f"invitation {row['id']} is used up, and is {row['state']}"

    # --- group chats ------------------------------------------------------------------------------------------------

    def _of_group_chats(self) -> Iterator[str]:
        rows = {row["chat_id"]: row for row in self._office.rows("group_chats")}
        for group in self._doings.groups:
            row = rows.get(group.id)
            if row is None:
                yield f"nothing is known of {group.title}"
                continue
            answers = {AuditKind.GROUP_ALLOWED: "allowed", AuditKind.GROUP_REFUSED: "refused"}
            given = [answers[each["kind"]] for each in self._audit
                     if each["kind"] in answers and each["object_id"] == row["id"]]  # fmt: skip
            if given != ([] if row["state"] == "waiting" else [row["state"]]):
                yield f"{group.title} is {row['state']}, and the audit has {given}"
            if (group.closed is not None) != (row["state"] == "refused"):
                yield f"{group.title} is {row['state']}, and the bot: {group.closed or 'is there'}"
            said = any(message.from_bot for message in group.messages)
            if said != (row["state"] == "allowed"):
                yield f"{group.title} is {row['state']}, and the bot has said {said}"


def _without_repeats(words: Sequence[str]) -> Sequence[str]:
    return [word for at, word in enumerate(words) if at == 0 or word != words[at - 1]]


def _moment(value: datetime | str) -> datetime:
    """A column's moment, which SQLite has as text in UTC, without saying so."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
