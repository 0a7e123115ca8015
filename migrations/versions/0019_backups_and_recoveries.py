"""Whether backups fail, by what a database is told from its copies, and recoveries."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_failures",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_failures")),
    )
    op.create_table(
        "last_backups",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_backups")),
    )
    op.add_column("installation", sa.Column("database_id", sa.String(length=32), nullable=True))
    op.add_column("installation", sa.Column("generation", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("installation", sa.Column("marked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("installation", sa.Column("mark", sa.Integer(), nullable=False, server_default="0"))
    installation = sa.table("installation", sa.column("database_id", sa.String()))
    op.execute(installation.update().values(database_id=secrets.token_hex(16)))
    op.create_table(
        "recoveries",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("members_confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("members_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_recoveries")),
    )
    op.create_table(
        "newest_records",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.String(length=256), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_empty", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "station", name=op.f("pk_newest_records")),
    )


def downgrade() -> None:
    op.drop_table("newest_records")
    op.drop_table("recoveries")
    for column in ("mark", "marked", "generation", "database_id"):
        op.drop_column("installation", column)
    op.drop_table("last_backups")
    op.drop_table("backup_failures")
