"""Every use case asks first whether its actor's role may do it: all of them, with every role."""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, cast

import pytest

from bot import usecases
from bot.domain.alert import AlertKind
from bot.domain.draft import OwnChoices, Receiver
from bot.domain.loudness import Loudness
from bot.domain.transfer_code import TransferCode
from bot.errors import NotAllowed
from bot.usecases import (
    access_requests,
    alerts,
    audit_reading,
    cancelling,
    code_choices,
    code_display,
    drafting,
    drafting_messages,
    feed_settings,
    given_handoffs,
    group_chats,
    handing_over,
    handoff_lists,
    health,
    history,
    imports,
    invitations,
    joining,
    kept_codes,
    members,
    message_deletion,
    preferences,
    private_continuation,
    receiving,
    recovery,
    searching,
)
from bot.usecases.access_requests import AnswerRequest, AskForAccess, NextOfCrowd, RefuseCrowd
from bot.usecases.actor import Actor
from bot.usecases.alerts import ChooseAlerts
from bot.usecases.audit_reading import ListAudited, ReadAudit
from bot.usecases.cancelling import CancelChosen, CancelOpen
from bot.usecases.code_choices import SetCodeChoices
from bot.usecases.code_display import ShowCodes
from bot.usecases.deletion_offers import Offer
from bot.usecases.drafting import AnswerDraft, DraftButton, ShowCard
from bot.usecases.feed_settings import Begin, SetFeed
from bot.usecases.given_handoffs import ReassignHandoff, ShowHandedCodes, SplitHandoff
from bot.usecases.group_chats import AnswerGroupChat, RefuseGroupChats
from bot.usecases.handoff_lists import ListHandoffs, ListReceivers, ShowHandoff
from bot.usecases.health import ReadStatus
from bot.usecases.history import ReadLog
from bot.usecases.imports import BatchButton, OpenNext
from bot.usecases.invitations import (
    BeginInvitation,
    ChooseInvitation,
    InvitationButton,
    Invite,
    ListInvitations,
    RevokeInvitation,
)
from bot.usecases.joining import AskRemoval, Join, RemoveJoined
from bot.usecases.kept_codes import ShowKeptCodes
from bot.usecases.members import ChangeRole, ListMembers, RemoveMember, ShowMember
from bot.usecases.message_deletion import DeleteOffered
from bot.usecases.permissions import PERMISSIONS, UseCase, may
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import ChooseLanguage, ChooseTimeZone
from bot.usecases.private_continuation import FollowLink, LinkWanted
from bot.usecases.receiving import HandoffButton
from bot.usecases.records import Role
from bot.usecases.recovery import ConfirmMembers, Decide
from bot.usecases.sent_messages import TakeText
from tests.usecases.conversation import ANA, NOW, Conversation, private

WHERE = private(ANA)
DRAFT_BUTTON = DraftButton(WHERE, 5, 1, 1)
HANDOFF_BUTTON = HandoffButton(WHERE, 1)
BATCH_BUTTON = BatchButton(WHERE, 5, 1, 1)
TEXT = TakeText(WHERE, "good morning", addressed=True)
A_CODE = TransferCode("11112222-33334444")
NEXT = OpenNext(BATCH_BUTTON)

ADMIN, MEMBER, VIEWER, STRANGER = Role.ADMIN, Role.MEMBER, Role.VIEWER, None
BOTH = {ADMIN, MEMBER}
ALL = {ADMIN, MEMBER, VIEWER}
ANYBODY = {*ALL, STRANGER}

#: Each use case: its function, a command for it, and who may.
USE_CASES: Mapping[UseCase, tuple[Callable[..., object], object, Set[Role | None]]] = {
    UseCase.TAKE_TEXT: (drafting_messages.take_text, TEXT, BOTH),
    UseCase.TAKE_COMMAND: (drafting_messages.take_command, TEXT, BOTH),
    UseCase.TAKE_EDIT: (drafting_messages.take_edit, TEXT, BOTH),
    UseCase.LOOK_THROUGH: (drafting_messages.look_through, TEXT, BOTH),
    UseCase.SHOW_CODES: (code_display.show_codes, ShowCodes(DRAFT_BUTTON, "hidden"), BOTH),
    UseCase.DELETE_OFFERED: (message_deletion.delete_offered, DeleteOffered(WHERE, Offer(1, 1), 6, "no"), BOTH),
    UseCase.BEGIN_IMPORT: (drafting_messages.begin_import, TEXT, BOTH),
    UseCase.SHOW_CARD: (drafting.show_card, ShowCard(WHERE), ALL),
    UseCase.CANCEL_OPEN: (cancelling.cancel_open, CancelOpen(WHERE), ALL),
    UseCase.CANCEL_CHOSEN_DRAFT: (cancelling.cancel_chosen_draft, CancelChosen(WHERE, 1), BOTH),
    UseCase.CANCEL_CHOSEN_BATCH: (cancelling.cancel_chosen_batch, CancelChosen(WHERE, 1), ALL),
    UseCase.ANSWER: (drafting.answer, AnswerDraft(DRAFT_BUTTON, None), BOTH),
    UseCase.CANCEL_DRAFT: (drafting.cancel_draft, DRAFT_BUTTON, BOTH),
    UseCase.CONFIRM: (drafting.confirm, DRAFT_BUTTON, BOTH),
    UseCase.ASK_SEARCH: (searching.ask_search, DRAFT_BUTTON, BOTH),
    UseCase.MAKE_PRIVATE_LINK: (private_continuation.make_private_link, LinkWanted(DRAFT_BUTTON, "a" * 32), BOTH),
    UseCase.GO_ON_IN_PRIVATE: (private_continuation.go_on_in_private, FollowLink(WHERE, "a" * 32), BOTH),
    UseCase.SET_CODE_CHOICES: (code_choices.set_code_choices, SetCodeChoices(DRAFT_BUTTON, A_CODE, OwnChoices()), BOTH),
    UseCase.CANCEL_IMPORTS: (imports.cancel_imports, BATCH_BUTTON, ALL),
    UseCase.KEEP_WAITING: (imports.keep_waiting, BATCH_BUTTON, ALL),
    UseCase.LOOK_AGAIN: (imports.look_again, BATCH_BUTTON, BOTH),
    UseCase.RETRY_PROXY: (imports.retry_proxy, BATCH_BUTTON, BOTH),
    UseCase.LEAVE_PROXY: (imports.leave_proxy, BATCH_BUTTON, BOTH),
    UseCase.TRY_AGAIN: (imports.try_again, NEXT, BOTH),
    UseCase.ANOTHER_CODE: (imports.another_code, NEXT, BOTH),
    UseCase.CHOOSE_LANGUAGE: (preferences.choose_language, ChooseLanguage("vi"), ALL),
    UseCase.CHOOSE_TIME_ZONE: (preferences.choose_time_zone, ChooseTimeZone("Asia/Tokyo"), ALL),
    UseCase.READ_OWN_LOG: (history.read_own_log, ReadLog(WHERE), ALL),
    UseCase.READ_WHOLE_LOG: (history.read_whole_log, ReadLog(WHERE), ALL),
    UseCase.ASK_FOR_ACCESS: (access_requests.ask_for_access, AskForAccess(), {*ALL, STRANGER}),
    UseCase.ANSWER_REQUEST: (access_requests.answer_request, AnswerRequest(1, 1, allow=True), {ADMIN}),
    UseCase.SHOW_NEXT_OF_CROWD: (access_requests.show_next_of_crowd, NextOfCrowd(1), {ADMIN}),
    UseCase.REFUSE_CROWD: (access_requests.refuse_crowd, RefuseCrowd(1, 1, 1, sure=True), {ADMIN}),
    UseCase.LIST_MEMBERS: (members.list_members, ListMembers(), {ADMIN}),
    UseCase.BEGIN_INVITATION: (invitations.begin_invitation, BeginInvitation("bot"), {ADMIN}),
    UseCase.CHOOSE_INVITATION: (invitations.choose_invitation, ChooseInvitation(InvitationButton(1, 1)), {ADMIN}),
    UseCase.INVITE: (invitations.invite, Invite(1, 1), {ADMIN}),
    UseCase.LIST_INVITATIONS: (invitations.list_invitations, ListInvitations(), {ADMIN}),
    UseCase.REVOKE_INVITATION: (invitations.revoke_invitation, RevokeInvitation(1), {ADMIN}),
    UseCase.JOIN: (joining.join, Join("a" * 32), ANYBODY),
    UseCase.ASK_REMOVAL: (joining.ask_removal, AskRemoval(1), {ADMIN}),
    UseCase.REMOVE_JOINED: (joining.remove_joined, RemoveJoined(1, Role.MEMBER), {ADMIN}),
    UseCase.READ_AUDIT: (audit_reading.read_audit, ReadAudit(WHERE), {ADMIN}),
    UseCase.LIST_AUDITED: (audit_reading.list_audited, ListAudited(WHERE), {ADMIN}),
    UseCase.READ_STATUS: (health.read_status, ReadStatus(WHERE, NOW), {ADMIN}),
    UseCase.CHOOSE_ALERTS: (alerts.choose_alerts, ChooseAlerts(AlertKind.DISK, Loudness.OFF), {ADMIN}),
    UseCase.ALLOW_GROUP_CHAT: (group_chats.allow_group_chat, AnswerGroupChat(1), {ADMIN}),
    UseCase.REFUSE_GROUP_CHAT: (group_chats.refuse_group_chat, AnswerGroupChat(1), {ADMIN}),
    UseCase.REFUSE_GROUP_CHATS: (group_chats.refuse_group_chats, RefuseGroupChats(1, NOW, sure=True), {ADMIN}),
    UseCase.SET_FEED: (feed_settings.set_feed, SetFeed(WHERE, Begin()), {ADMIN}),
    UseCase.CONFIRM_MEMBERS: (recovery.confirm_members, ConfirmMembers(2, ""), {ADMIN}),
    UseCase.DECIDE_RECOVERY: (recovery.decide_recovery, Decide(2, go_on=True), {ADMIN}),
    UseCase.SHOW_MEMBER: (members.show_member, ShowMember(7), {ADMIN}),
    UseCase.CHANGE_ROLE: (members.change_role, ChangeRole(7, Role.MEMBER, None), {ADMIN}),
    UseCase.REMOVE_MEMBER: (members.remove_member, RemoveMember(7, None), {ADMIN}),
    UseCase.HAND_OVER: (handing_over.hand_over, DRAFT_BUTTON, BOTH),
    UseCase.TAKE_HANDOFF: (receiving.take_handoff, HANDOFF_BUTTON, BOTH),
    UseCase.DECLINE_HANDOFF: (receiving.decline_handoff, HANDOFF_BUTTON, BOTH),
    UseCase.PUT_OFF_HANDOFF: (receiving.put_off_handoff, HANDOFF_BUTTON, BOTH),
    UseCase.WITHDRAW_HANDOFF: (given_handoffs.withdraw_handoff, HANDOFF_BUTTON, BOTH),
    UseCase.REASSIGN_HANDOFF: (given_handoffs.reassign_handoff, ReassignHandoff(HANDOFF_BUTTON, Receiver()), BOTH),
    UseCase.SPLIT_HANDOFF: (given_handoffs.split_handoff, SplitHandoff(HANDOFF_BUTTON, 1, 2), BOTH),
    UseCase.IMPORT_RETURNED: (given_handoffs.import_returned, HANDOFF_BUTTON, BOTH),
    UseCase.SHOW_HANDED_CODES: (given_handoffs.show_handed_codes, ShowHandedCodes(HANDOFF_BUTTON, "hidden"), BOTH),
    UseCase.LIST_INBOX: (handoff_lists.list_inbox, ListHandoffs(), BOTH),
    UseCase.LIST_GIVEN: (handoff_lists.list_given, ListHandoffs(), BOTH),
    UseCase.LIST_ALL_HANDOFFS: (handoff_lists.list_all_handoffs, ListHandoffs(), {ADMIN}),
    UseCase.LIST_RECEIVERS: (handoff_lists.list_receivers, ListReceivers(), BOTH),
    UseCase.SHOW_HANDOFF: (handoff_lists.show_handoff, ShowHandoff(1), BOTH),
    UseCase.SHOW_KEPT_CODES: (kept_codes.show_kept_codes, ShowKeptCodes(WHERE, 1, "hidden"), {ADMIN}),
}


class Untouched:
    """A unit of work that must not be asked for anything."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked for {name}")


def actor(role: Role | None) -> Actor:
    return Actor(1001, "Ana", role, "en")


def functions() -> Iterator[Callable[..., object]]:
    """Every public function of the package that takes a unit of work, an actor and a command."""
    for module in pkgutil.iter_modules(usecases.__path__, "bot.usecases."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            takes = list(inspect.signature(function).parameters)
            if (
                function.__module__ == module.name
                and not name.startswith("_")
                and takes == ["work", "actor", "command"]
            ):
                yield function


def test_every_use_case_is_in_the_table_and_tried_here() -> None:
    assert USE_CASES.keys() == set(UseCase)
    assert {function for function, _, _ in USE_CASES.values()} == set(functions())
    assert all(function.__name__ == use_case for use_case, (function, _, _) in USE_CASES.items())
    assert PERMISSIONS.keys() == {None, *Role}


def test_who_may_not_do_it_is_refused_before_anything_is_read() -> None:
    for role, (use_case, (function, command, allowed)) in itertools.product(
        (ADMIN, MEMBER, VIEWER, STRANGER), USE_CASES.items()
    ):
        assert may(actor(role), use_case) == (role in allowed), (role, use_case)
        if role not in allowed:
            with pytest.raises(NotAllowed) as refusal:
                function(cast("UnitOfWork", Untouched()), actor(role), command)
            assert refusal.value.use_case == use_case


@pytest.mark.parametrize("use_case", UseCase)
async def test_who_may_do_it_is_not_refused(conversation: Conversation, use_case: UseCase) -> None:
    function, command, allowed = USE_CASES[use_case]
    for role in allowed:
        await conversation.store.write(functools.partial(function, actor=actor(role), command=command))
