"""Invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("life_seconds", sa.Integer(), nullable=False),
        sa.Column("bot_username", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("for_user_id", sa.BigInteger(), nullable=True),
        sa.Column("for_name", sa.String(length=256), nullable=False),
        sa.Column("token_seed", sa.LargeBinary(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
        # A number is never given twice: a button of one that is gone must not be that of another.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitations_open", "invitations", ["expires_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "joinings",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("invitation_id", Key, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("removed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_joinings_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joinings")),
        # A number is never given twice: a button of a card whose person is gone must not be about another.
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_joinings_invitation_id"), "joinings", ["invitation_id"])
    op.create_index(op.f("ix_joinings_user_id"), "joinings", ["user_id"])
    op.create_table(
        "barred_users",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("barred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_barred_users")),
    )


def downgrade() -> None:
    op.drop_table("barred_users")
    op.drop_table("joinings")
    op.drop_table("invitations")
