"""`script/bench`: all figures, or those that are named; `--fill N`: made-up records into the installation at hand."""

import argparse
from collections.abc import Callable

from bench import (
    accepting,
    checking,
    fill,
    filling,
    finish,
    first_load,
    intake,
    offline_start,
    restart,
    searching,
    weight,
)

BENCHES: dict[str, Callable[[], None]] = {
    "first_load_bytes": first_load.size,
    "first_load_s": first_load.time_to_question,
    "offline_start_s": offline_start.main,
    "finish_saved_ms": finish.main,
    "intake_records_per_s": intake.main,
    "memory_all_processes": intake.main,
    "restart_s": restart.main,
    "accept-one-record": accepting.main,
    "form_open_ms": filling.main,
    "form_answer_ms": filling.main,
    "form_answer_frame_ms": filling.main,
    "repeat_add_ms": filling.main,
    "repeat_add_frame_ms": filling.main,
    "register_search_ms": searching.main,
    "engine_bytes": weight.main,
    "check_per_s": checking.main,
}


def main() -> None:
    options = _options()
    if options.fill is not None:
        fill.main(options.fill)
        return
    wanted = {BENCHES[name]: None for name in options.names or BENCHES}  # two figures of one run: once
    for bench in wanted:
        bench()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--fill", type=int, metavar="N", help="store N made-up records through the bulk path")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in BENCHES]:
        parser.error(f"no such figure: {', '.join(unknown)}")
    if options.fill is not None and options.fill < 1:
        parser.error("--fill needs a number above zero")
    return options


if __name__ == "__main__":
    main()
