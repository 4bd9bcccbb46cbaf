"""A server restored from a backup knows it: since when, whom it heard since, which outcomes phones gave back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _restorations()
    _devices()
    _outcomes()


def _restorations() -> None:
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("backup_name", sa.String(), nullable=False),
        sa.Column("backup_made_at", sa.DateTime(), nullable=False),
        sa.Column("photos_asked", sa.Integer(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_restoration_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )


def _devices() -> None:
    op.create_table(
        "restoration_device",
        sa.Column("restoration_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(), nullable=True),
        sa.Column("offered_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_restoration_device_device_id")),
        sa.ForeignKeyConstraint(
            ["restoration_id"], ["restoration.id"], name=op.f("fk_restoration_device_restoration_id")
        ),
        sa.PrimaryKeyConstraint("restoration_id", "device_id", name=op.f("pk_restoration_device")),
    )
    op.create_index(op.f("ix_restoration_device_device_id"), "restoration_device", ["device_id"])


def _outcomes() -> None:
    op.create_table(
        "given_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_given_outcome_device_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["account.id"], name=op.f("fk_given_outcome_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_outcome")),
        sa.UniqueConstraint("record_id", "seq", name=op.f("uq_given_outcome_record_id_seq")),
    )
    op.create_index(op.f("ix_given_outcome_state"), "given_outcome", ["state"])


def downgrade() -> None:
    op.drop_table("given_outcome")
    op.drop_table("restoration_device")
    op.drop_table("restoration")
