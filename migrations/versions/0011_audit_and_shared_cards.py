"""The audit, which nobody changes, and cards of which several people have a copy.

Whoever rebuilds the table ``audit`` on SQLite makes its triggers anew: they go with the old table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEHIND = sa.text("shown_revision < revision")
REFUSED = "the audit can only be added to"
PEOPLE = ("actor_id", "subject_id", "chat_id")
#: Telegram's ids have 52 bits; a button has room for 18 digits.
OUTSIDE_OF_TELEGRAM = "pseudonym BETWEEN 100000000000000000 AND 999999999999999999"


def without(column: str, before: str) -> str:
    """What a column of an entry becomes when the person of ``erasure`` is erased from it."""
    return f"CASE WHEN {before}.{column} = erasure.user_id THEN erasure.pseudonym ELSE {before}.{column} END"


def is_erased(equal: str) -> str:
    """Whether an entry differs from before by the erasure that is under way, and by nothing else."""
    same = " AND ".join(f"NEW.{name} {equal} OLD.{name}" for name in ("id", "at", "kind", "object_id", "detail"))
    replaced = " AND ".join(f"NEW.{name} {equal} {without(name, 'OLD')}" for name in PEOPLE)
    return f"EXISTS (SELECT 1 FROM audit_erasures AS erasure WHERE {same} AND {replaced})"  # noqa: S608 - all is this file's own


#: What an erasure that is written into its table does, after which it is gone from there.
ERASE = f"""
    UPDATE audit SET {", ".join(f"{name} = {without(name, 'audit').replace('erasure.', 'NEW.')}" for name in PEOPLE)}
    WHERE {" OR ".join(f"{name} = NEW.user_id" for name in PEOPLE)};
    DELETE FROM audit_erasures;
"""  # noqa: S608 - the same


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("object_id", Key, nullable=True),
        sa.Column("detail", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    for column in ("actor_id", "subject_id", "kind"):
        op.create_index(f"ix_audit_{column}", "audit", [column, "id"])
    # Empty but within the statement that erases somebody.
    op.create_table(
        "audit_erasures",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pseudonym", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(OUTSIDE_OF_TELEGRAM, name=op.f("ck_audit_erasures_pseudonym")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_audit_erasures")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_on_postgresql()
    else:
        _keep_on_sqlite()
    op.create_table(
        "shared_cards",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shown_revision", sa.Integer(), nullable=False),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_cards")),
        # A number is never given twice: what was shown of a card that is gone says nothing of another.
        sqlite_autoincrement=True,
    )
    op.create_index("uq_shared_cards_subject", "shared_cards", ["kind", "subject_id", "chat_id"], unique=True)
    op.create_index("ix_shared_cards_behind", "shared_cards", ["chat_id"], sqlite_where=BEHIND, postgresql_where=BEHIND)


def _keep_on_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    for trigger in (
        f"audit_not_changed BEFORE UPDATE ON audit WHEN NOT {is_erased('IS')} {refuse}",
        f"audit_not_deleted BEFORE DELETE ON audit {refuse}",
        # INSERT OR REPLACE deletes without a word to the trigger above.
        "audit_not_replaced BEFORE INSERT ON audit WHEN NEW.id IN (SELECT id FROM audit) " + refuse,  # noqa: S608 - the same
        f"audit_erased AFTER INSERT ON audit_erasures BEGIN {ERASE} END",
    ):
        op.execute(f"CREATE TRIGGER {trigger}")


def _keep_on_postgresql() -> None:
    # Of what else bears these names, such as a temporary table of somebody's, the functions know nothing.
    tables = f'SET search_path = "{op.get_bind().scalar(sa.text("SELECT current_schema()"))}", pg_temp'
    for name, body in (
        ("audit_refuse", f"RAISE EXCEPTION '{REFUSED}';"),
        (
            "audit_change",
            f"IF {is_erased('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; RAISE EXCEPTION '{REFUSED}';",
        ),
        ("audit_erase", f"{ERASE} RETURN NULL;"),
    ):
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {tables} AS $$ BEGIN {body} END $$")
    for trigger in (
        "audit_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_change()",
        "audit_not_deleted BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "audit_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        "audit_erased AFTER INSERT ON audit_erasures FOR EACH ROW EXECUTE FUNCTION audit_erase()",
    ):
        op.execute(f"CREATE TRIGGER {trigger}")


def downgrade() -> None:
    op.drop_table("shared_cards")
    op.drop_table("audit_erasures")
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("audit_refuse", "audit_change", "audit_erase"):
            op.execute(f"DROP FUNCTION {name}()")
