"""Who may import whom: the arrows of the house, over every module, and what the web process never loads."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
ENTRANCES = ("server.app", "server.cli")
DOORS = (
    *("server.pages", "server.api", "server.exports", "server.reports", "server.commands", "server.jobs"),
    *("server.stores", "server.demo"),
)
ROOMS = (
    *("server.coverage", "server.review", "server.registers", "server.people", "server.plan"),
    *("server.units", "server.intake"),
)
LEAVES = ("server.config", "server.clock", "server.text", "server.payload", "server.version")
HEAVY = ("pyxform", "openpyxl", "alembic", "flask_migrate", "xlrd", "docxtpl", "typst")

# importer (with all below it), what it must not import (with all below that)
FORBIDDEN: list[tuple[str, tuple[str, ...]]] = [
    ("forms", ("server", "sync", "flask", "sqlalchemy", "werkzeug")),
    ("sync", ("server", "forms", "sqlalchemy")),
    *((room, (*DOORS, *ENTRANCES)) for room in ROOMS),
    *((door, ENTRANCES) for door in DOORS),
    ("server.queries", (*DOORS, *ROOMS, *ENTRANCES, "flask", "sync")),
    ("server.models", (*DOORS, *ROOMS, *ENTRANCES, "server.queries", "flask", "sync", "forms")),
    ("server.db", (*DOORS, *ROOMS, *ENTRANCES, "server.queries", "server.models", "sync", "forms")),
    *((leaf, ("server.db", "server.models", "server.queries", *DOORS, *ROOMS, *ENTRANCES, "sync")) for leaf in LEAVES),
    ("server.pages", ("server.api", "server.commands", "server.jobs", "server.demo", "server.stores")),
    ("server.api", ("server.pages", "server.commands", "server.jobs", "server.demo")),
    ("server.stores", ("server.pages", "server.api", "server.commands", "server.jobs", "server.demo")),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("server", "forms", "sync", include_external_packages=True, cache_dir=None)


def below(graph: grimp.ImportGraph, name: str) -> set[str]:
    return {module for module in graph.modules if module == name or module.startswith(f"{name}.")}


@pytest.mark.parametrize(("importer", "forbidden"), FORBIDDEN, ids=[importer for importer, _ in FORBIDDEN])
def test_no_import_goes_against_the_arrows(graph: grimp.ImportGraph, importer: str, forbidden: tuple[str, ...]) -> None:
    wrong = [
        f"{module} imports {imported}"
        for module in sorted(below(graph, importer))
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        for name in forbidden
        if (imported == name or imported.startswith(f"{name}.")) and not imported.startswith(f"{importer}.")
    ]
    assert wrong == []


def test_sql_is_written_in_queries_alone(graph: grimp.ImportGraph) -> None:
    """Others may hold a session; whoever imports a model writes SQL."""
    allowed = {"server.queries", "server.models", "server.migrations", "server.app", "server.demo"}
    wrong = [
        f"{module} imports {imported}"
        for module in sorted(graph.modules)
        if module.startswith("server.") and ".".join(module.split(".")[:2]) not in allowed
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if imported.startswith("server.models")
    ]
    assert wrong == []


def test_only_the_app_knows_everybody(graph: grimp.ImportGraph) -> None:
    importers = graph.find_modules_that_directly_import("server.app")
    assert {name for name in importers if name != "wsgi"} == set()


def test_no_import_of_ours_stands_inside_a_function() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("server", "sync", "forms")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if line.startswith(" ")
        and line.lstrip().startswith(("from server", "from sync", "from forms", "import server"))
    ]
    assert wrong == []


def test_the_web_process_loads_nothing_heavy(tmp_path: Path) -> None:
    asked = f"import sys, wsgi; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={"LANTOA_DATA": str(tmp_path / "data"), "LANTOA_KEYS": str(tmp_path / "keys"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
