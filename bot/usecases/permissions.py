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
    # in bot.usecases.members:
    LIST_MEMBERS = "list_members"
    SHOW_MEMBER = "show_member"
    CHANGE_ROLE = "change_role"
    REMOVE_MEMBER = "remove_member"
    # in bot.usecases.kept_codes:
    SHOW_KEPT_CODES = "show_kept_codes"


_FOR_VIEWERS = frozenset(
    {
        *(UseCase.SHOW_CARD, UseCase.CHOOSE_LANGUAGE, UseCase.CHOOSE_TIME_ZONE),
        *(UseCase.READ_OWN_LOG, UseCase.READ_WHOLE_LOG),
    }
)
_FOR_ADMINS = frozenset(
    {
        *(UseCase.LIST_MEMBERS, UseCase.SHOW_MEMBER, UseCase.CHANGE_ROLE, UseCase.REMOVE_MEMBER),
        *(UseCase.SHOW_KEPT_CODES,),
    }
)

#: The use cases of each role; None is a stranger.
PERMISSIONS: Mapping[Role | None, frozenset[UseCase]] = {
    None: frozenset(),
    Role.VIEWER: _FOR_VIEWERS,
    Role.MEMBER: frozenset(UseCase) - _FOR_ADMINS,
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
    return use_case in _FOR_ADMINS
