"""What form engine and widgets weigh: the filling part as it is shipped, screens and all, and every rare part."""

from bench.line import say
from tests.e2e.running import ROOT

DIST = ROOT / "static" / "dist"


def main() -> None:
    """Prints the Brotli bytes; the filling screens are among them, so that engine and widgets alone are less."""
    filling = [path for path in DIST.glob("part-*.js.br") if b"as beginForm" in path.with_suffix("").read_bytes()]
    rare = sorted(path for path in DIST.glob("rare_*.js.br") if not path.name.startswith("rare_trial"))
    sizes = {path.name.split("-")[0]: path.stat().st_size for path in rare}
    common = sum(path.stat().st_size for path in filling)
    say("engine_bytes", common + sum(sizes.values()), "bytes", "<= 40000", common=common, **sizes)
