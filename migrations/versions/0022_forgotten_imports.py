"""What has to be known of imports whose rows are forgotten, and indexes by which rows can be deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH_LOST = sa.text("code_hash IS NULL")
RETRIED = sa.text("retry_of IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "forgotten_imports",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_mask", sa.String(length=17), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("station", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_imports")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_forgotten_imports_code_hash")),
    )
    op.create_index(op.f("ix_forgotten_imports_profile_id"), "forgotten_imports", ["profile_id"])
    op.create_index(
        "ix_forgotten_imports_code_mask",
        "forgotten_imports",
        ["code_mask"],
        sqlite_where=HASH_LOST,
        postgresql_where=HASH_LOST,
    )
    op.create_index("ix_imports_draft_id", "imports", ["draft_id"])
    op.create_index("ix_imports_retry_of", "imports", ["retry_of"], sqlite_where=RETRIED, postgresql_where=RETRIED)


def downgrade() -> None:
    op.drop_index("ix_imports_retry_of", "imports")
    op.drop_index("ix_imports_draft_id", "imports")
    op.drop_table("forgotten_imports")
