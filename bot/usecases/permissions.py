"""Who may do what: one table of roles and use cases."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.records import Role


class UseCase(StrEnum):
    """What a person can do: each is a function of that name."""

    # in bot.usecases.drafting_messages:
    TAKE_TEXT = "take_text"
    TAKE_COMMAND = "take_command"
    TAKE_EDIT = "take_edit"
    LOOK_THROUGH = "look_through"
    BEGIN_IMPORT = "begin_import"
    # in bot.usecases.drafting:
    SHOW_CARD = "show_card"
    ANSWER = "answer"
    CANCEL_DRAFT = "cancel_draft"
    CONFIRM = "confirm"
    # in bot.usecases.cancelling:
    CANCEL_OPEN = "cancel_open"
    CANCEL_CHOSEN_DRAFT = "cancel_chosen_draft"
    CANCEL_CHOSEN_BATCH = "cancel_chosen_batch"
    # in bot.usecases.searching:
    ASK_SEARCH = "ask_search"
    # in bot.usecases.private_continuation:
    MAKE_PRIVATE_LINK = "make_private_link"
    GO_ON_IN_PRIVATE = "go_on_in_private"
    # in bot.usecases.code_choices:
    SET_CODE_CHOICES = "set_code_choices"
    # in bot.usecases.code_display:
    SHOW_CODES = "show_codes"
    # in bot.usecases.message_deletion:
    DELETE_OFFERED = "delete_offered"
    # in bot.usecases.imports:
    CANCEL_IMPORTS = "cancel_imports"
    KEEP_WAITING = "keep_waiting"
    LOOK_AGAIN = "look_again"
    RETRY_PROXY = "retry_proxy"
    LEAVE_PROXY = "leave_proxy"
    TRY_AGAIN = "try_again"
    ANOTHER_CODE = "another_code"
    # in bot.usecases.preferences:
    CHOOSE_LANGUAGE = "choose_language"
    CHOOSE_TIME_ZONE = "choose_time_zone"
    # in bot.usecases.history:
    READ_OWN_LOG = "read_own_log"
    READ_WHOLE_LOG = "read_whole_log"
    # in bot.usecases.access_requests:
    ASK_FOR_ACCESS = "ask_for_access"
    ANSWER_REQUEST = "answer_request"
    SHOW_NEXT_OF_CROWD = "show_next_of_crowd"
    REFUSE_CROWD = "refuse_crowd"
    # in bot.usecases.members:
    LIST_MEMBERS = "list_members"
    SHOW_MEMBER = "show_member"
    CHANGE_ROLE = "change_role"
    REMOVE_MEMBER = "remove_member"
    # in bot.usecases.kept_codes:
    SHOW_KEPT_CODES = "show_kept_codes"
    # in bot.usecases.handing_over:
    HAND_OVER = "hand_over"
    # in bot.usecases.receiving:
    TAKE_HANDOFF = "take_handoff"
    DECLINE_HANDOFF = "decline_handoff"
    PUT_OFF_HANDOFF = "put_off_handoff"
    # in bot.usecases.given_handoffs:
    WITHDRAW_HANDOFF = "withdraw_handoff"
    REASSIGN_HANDOFF = "reassign_handoff"
    SPLIT_HANDOFF = "split_handoff"
    IMPORT_RETURNED = "import_returned"
    SHOW_HANDED_CODES = "show_handed_codes"
    # in bot.usecases.handoff_lists:
    LIST_INBOX = "list_inbox"
    LIST_GIVEN = "list_given"
    LIST_ALL_HANDOFFS = "list_all_handoffs"
    LIST_RECEIVERS = "list_receivers"
    SHOW_HANDOFF = "show_handoff"
    # in bot.usecases.invitations:
    BEGIN_INVITATION = "begin_invitation"
    CHOOSE_INVITATION = "choose_invitation"
    INVITE = "invite"
    LIST_INVITATIONS = "list_invitations"
    REVOKE_INVITATION = "revoke_invitation"
    # in bot.usecases.joining:
    JOIN = "join"
    ASK_REMOVAL = "ask_removal"
    REMOVE_JOINED = "remove_joined"
    # in bot.usecases.audit_reading:
    READ_AUDIT = "read_audit"
    LIST_AUDITED = "list_audited"
    # in bot.usecases.group_chats:
    ALLOW_GROUP_CHAT = "allow_group_chat"
    REFUSE_GROUP_CHAT = "refuse_group_chat"
    REFUSE_GROUP_CHATS = "refuse_group_chats"
    # in bot.usecases.feed_settings:
    SET_FEED = "set_feed"
    # in bot.usecases.health:
    READ_STATUS = "read_status"
    # in bot.usecases.alerts:
    CHOOSE_ALERTS = "choose_alerts"


_FOR_STRANGERS = frozenset({UseCase.ASK_FOR_ACCESS, UseCase.JOIN})
_FOR_VIEWERS = frozenset(
    {
        *_FOR_STRANGERS,
        *(UseCase.SHOW_CARD, UseCase.CHOOSE_LANGUAGE, UseCase.CHOOSE_TIME_ZONE),
        *(UseCase.READ_OWN_LOG, UseCase.READ_WHOLE_LOG),
        # Who was a member before may have imports that wait, and that would be held for ever with nobody to end them.
        *(UseCase.CANCEL_OPEN, UseCase.CANCEL_CHOSEN_BATCH, UseCase.CANCEL_IMPORTS, UseCase.KEEP_WAITING),
    }
)
#: What is not listed here is for admins: of what was forgotten nobody has too much.
_FOR_MEMBERS = frozenset(
    {
        *_FOR_VIEWERS,
        *(UseCase.TAKE_TEXT, UseCase.TAKE_COMMAND, UseCase.TAKE_EDIT, UseCase.LOOK_THROUGH, UseCase.BEGIN_IMPORT),
        *(UseCase.ANSWER, UseCase.CANCEL_DRAFT, UseCase.CONFIRM, UseCase.CANCEL_CHOSEN_DRAFT, UseCase.ASK_SEARCH),
        *(UseCase.MAKE_PRIVATE_LINK, UseCase.GO_ON_IN_PRIVATE, UseCase.SET_CODE_CHOICES),
        *(UseCase.SHOW_CODES, UseCase.DELETE_OFFERED),
        *(UseCase.HAND_OVER, UseCase.TAKE_HANDOFF, UseCase.DECLINE_HANDOFF, UseCase.PUT_OFF_HANDOFF),
        *(UseCase.WITHDRAW_HANDOFF, UseCase.REASSIGN_HANDOFF, UseCase.SPLIT_HANDOFF, UseCase.IMPORT_RETURNED),
        *(UseCase.SHOW_HANDED_CODES, UseCase.LIST_INBOX, UseCase.LIST_GIVEN, UseCase.SHOW_HANDOFF),
        UseCase.LIST_RECEIVERS,
        *(UseCase.LOOK_AGAIN, UseCase.RETRY_PROXY, UseCase.LEAVE_PROXY, UseCase.TRY_AGAIN, UseCase.ANOTHER_CODE),
    }
)

#: The use cases of each role; None is a stranger.
PERMISSIONS: Mapping[Role | None, frozenset[UseCase]] = {
    None: _FOR_STRANGERS,
    Role.VIEWER: _FOR_VIEWERS,
    Role.MEMBER: _FOR_MEMBERS,
    Role.ADMIN: frozenset(UseCase),
}


def may(actor: Actor, use_case: UseCase) -> bool:
    return use_case in PERMISSIONS[actor.role]


def require(actor: Actor, use_case: UseCase) -> None:
    """Raises ``NotAllowed`` unless the actor's role may do this."""
    if not may(actor, use_case):
        raise NotAllowed(f"{actor.role or 'a stranger'} may not {use_case}", use_case)


def is_for_admins(use_case: str) -> bool:
    """Whether nobody but an admin may do this."""
    return use_case in frozenset(UseCase) - _FOR_MEMBERS
