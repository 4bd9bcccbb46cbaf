"""Drafts, publishing and closing of form versions; uploads, files beside a form, trials.

What is there before was in use: it becomes published, as of the day when it came.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW = (
    ("state", sa.String(), "published"),
    ("model_format", sa.Integer(), "1"),
    ("source_kind", sa.String(), "md"),
    ("warnings", sa.JSON(), "[]"),
    ("source_name", sa.String(), None),
    ("source_file", sa.LargeBinary(), None),
    ("xlsform", sa.LargeBinary(), None),
    ("uploaded_by_id", sa.Integer(), None),
    ("published_at", sa.DateTime(), None),
    ("closed_at", sa.DateTime(), None),
)
UPLOADER = "fk_form_version_uploaded_by_id"


def upgrade() -> None:
    with op.batch_alter_table("form_version") as batch:
        for name, kind, default in NEW:
            batch.add_column(sa.Column(name, kind, nullable=default is None, server_default=default))
        batch.create_foreign_key(op.f(UPLOADER), "account", ["uploaded_by_id"], ["id"])
    _fill()
    with op.batch_alter_table("sync_file") as batch:
        batch.add_column(sa.Column("media_type", sa.String(), nullable=False, server_default="application/json"))
    op.add_column("record", sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_record_form", "record", ["form_id", "trial", "form_version"])
    _uploads()
    _files()
    _trials()


def _fill() -> None:
    """The format stands in the model itself."""
    versions = sa.table("form_version", *(sa.column(name) for name in ("id", "model", "model_format")))
    found = op.get_bind().execute(sa.select(versions.c.id, versions.c.model)).all()
    for version_id, model in found:
        values = {"model_format": int(json.loads(model).get("model_format", 1))}
        op.execute(versions.update().where(versions.c.id == version_id).values(**values))
    op.execute("UPDATE form_version SET published_at = created_at")


def _uploads() -> None:
    op.create_table(
        "form_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_form_upload_account_id")),
        sa.ForeignKeyConstraint(["form_version_id"], ["form_version.id"], name=op.f("fk_form_upload_form_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_upload")),
    )
    op.create_index(op.f("ix_form_upload_form_id"), "form_upload", ["form_id"])


def _files() -> None:
    op.create_table(
        "form_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("form_version_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["form_upload.id"], name=op.f("fk_form_file_upload_id")),
        sa.ForeignKeyConstraint(["form_version_id"], ["form_version.id"], name=op.f("fk_form_file_form_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_file")),
    )
    op.create_index(op.f("ix_form_file_upload_id"), "form_file", ["upload_id"])
    op.create_index(op.f("ix_form_file_form_version_id"), "form_file", ["form_version_id"])


def _trials() -> None:
    op.create_table(
        "form_trial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["form_version_id"], ["form_version.id"], name=op.f("fk_form_trial_form_version_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_form_trial_made_by_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_form_trial_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_trial")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_form_trial_code_hash")),
    )
    op.create_index(op.f("ix_form_trial_form_version_id"), "form_trial", ["form_version_id"])
    op.create_index(op.f("ix_form_trial_account_id"), "form_trial", ["account_id"])


def downgrade() -> None:
    for table in ("form_trial", "form_file", "form_upload"):
        op.drop_table(table)
    op.drop_index("ix_record_form", "record")
    op.drop_column("record", "trial")
    op.drop_column("sync_file", "media_type")
    with op.batch_alter_table("form_version") as batch:
        batch.drop_constraint(op.f(UPLOADER), type_="foreignkey")
        for name, _kind, _default in NEW:
            batch.drop_column(name)
