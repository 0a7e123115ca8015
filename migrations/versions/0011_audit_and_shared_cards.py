"""The audit, and cards of which several people have a copy."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEHIND = sa.text("shown_revision < revision")


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
    op.create_index(op.f("ix_audit_actor_id"), "audit", ["actor_id"])
    op.create_index(op.f("ix_audit_subject_id"), "audit", ["subject_id"])
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
    )
    op.create_index("uq_shared_cards_subject", "shared_cards", ["kind", "subject_id", "chat_id"], unique=True)
    op.create_index("ix_shared_cards_behind", "shared_cards", ["chat_id"], sqlite_where=BEHIND, postgresql_where=BEHIND)


def downgrade() -> None:
    op.drop_table("shared_cards")
    op.drop_table("audit")
