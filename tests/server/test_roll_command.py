"""`roll bring`: what a keeper sees when a file is previewed, brought, brought again, or broken."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server.db import db, transaction
from server.models.people import Account
from server.plan import presets
from server.queries import registers as rows
from server.registers import rolls

PRESET = Path(__file__).resolve().parents[2] / "presets/soc_trang_2024"
UNIT = "31672@2023-01-01"
HEAD = "unit,label_vi,kind,valid_from,valid_to\n"


@pytest.fixture
def keeper(app: Flask) -> Flask:
    with app.app_context():
        presets.load(PRESET, None)
        with transaction() as session:
            unit = rows.lines(session, rolls.HAMLETS)[0].unit_id
            session.add(
                Account(
                    uid="b" * 32,
                    login="keeper",
                    name="Người giữ sổ",
                    unit_id=unit,
                    created_at=app.extensions["lantoa_clock"](),
                )
            )
    return app


def run(app: Flask, file: Path, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["roll", "bring", "hamlets", str(file), "--by", "keeper", *options])


def hamlets(app: Flask) -> int:
    with app.app_context():
        return len(rows.lines(db.session(), rolls.HAMLETS))


def test_a_preview_says_what_would_change_and_writes_nothing(keeper: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ap.csv"
    file.write_text(HEAD + f"{UNIT},Ấp Ngan Rô 1,ấp,2023-01-01,\n", encoding="utf-8-sig")
    before = hamlets(keeper)
    told = run(keeper, file, "--preview")
    assert (told.exit_code, "1 would be new" in told.output, hamlets(keeper)) == (0, True, before)


def test_a_roll_that_is_brought_twice_is_there_once(keeper: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ap.csv"
    file.write_text(HEAD + f"{UNIT},Ấp Ngan Rô 1,ấp,2023-01-01,\n{UNIT},Ấp Chợ,ấp,2023-01-01,\n")
    before = hamlets(keeper)
    assert "2 were new" in run(keeper, file).output
    assert "0 were new, 0 were changed, 2 stay" in run(keeper, file).output
    assert hamlets(keeper) == before + 2


def test_one_fault_keeps_the_whole_file_out_and_names_row_and_column(keeper: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ap.csv"
    file.write_text(HEAD + f"{UNIT},Ấp Chợ,ấp,2023-01-01,\n99999@2023-01-01,Ấp Lạ,ấp,2023-01-01,\n")
    before = hamlets(keeper)
    told = run(keeper, file)
    assert (told.exit_code, hamlets(keeper)) == (2, before)
    assert "ap.csv" in told.output
    assert "unit" in told.output
