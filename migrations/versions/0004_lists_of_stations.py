"""Keep what each station has read of ixBrowser's lists, and which of them are to be read."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "station_lists",
        sa.Column("station", sa.String(128), nullable=False),
        sa.Column("listing", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("failure", sa.String(16)),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("requested_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("station", "listing", name="pk_station_lists"),
    )


def downgrade() -> None:
    op.drop_table("station_lists")
