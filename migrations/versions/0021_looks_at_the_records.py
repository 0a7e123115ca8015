"""How often each import was looked for in the received records."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("imports", "looks")
