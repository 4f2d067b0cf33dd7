"""Measures Tradebook beside others on this machine: `make bench`, `make bench ONLY=lists,prices`, `make bench-smoke`.

Everything runs on loopback, from a folder below the target folder, and is stopped and removed at the end. See BENCHMARKS.md.
"""
import argparse
import importlib
import os
import signal
import sys
import time
import traceback
from pathlib import Path

import figures
from groups import ORDER
from settings import FULL, SMOKE
from stage import ROOT, Failure, Stage, say


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="GROUP,…", help=f"groups to run: {', '.join(ORDER)}")
    parser.add_argument("--smoke", action="store_true", help="with tiny data and one short round; nothing is written")
    parser.add_argument("--binaries", type=Path, required=True, metavar="DIR", help="where tradebook and tradebook-bench are")
    parser.add_argument("--target", type=Path, default=ROOT / "target", metavar="DIR", help="below this everything is kept while it runs")
    parser.add_argument("--document", type=Path, default=ROOT / "BENCHMARKS.md", metavar="FILE", help="what is written between its marks; plots go into docs/ beside it")
    arguments = parser.parse_args()
    chosen = [name for name in arguments.only.replace(",", " ").split() if name] or ORDER
    unknown = [name for name in chosen if name not in ORDER]
    if unknown:
        parser.error(f"there is no group {', '.join(unknown)}; there are {', '.join(ORDER)}")

    # What a stop from outside does is what Ctrl-C does: everything is taken down on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Nothing of the caller's own configuration may reach what is measured.
    for name in [name for name in os.environ if name.startswith("TRADEBOOK_")]:
        del os.environ[name]
    stage = Stage(SMOKE if arguments.smoke else FULL, arguments.binaries.resolve(), arguments.target.resolve(), arguments.document.resolve())
    began = time.monotonic()
    failed = []
    try:
        for name in [name for name in ORDER if name in chosen]:
            failed += [] if measure(stage, name) else [name]
    except KeyboardInterrupt:
        say("stopped")
        return 130
    finally:
        stage.close()
    say(f"{'failed: ' + ', '.join(failed) if failed else 'done'}, after {(time.monotonic() - began) / 60:.1f} minutes")
    return 1 if failed else 0


def measure(stage, name):
    """One group. What it measured is written at once, so that a run that is stopped has not been for nothing."""
    began = time.monotonic()
    say(f"== {name}")
    try:
        section = importlib.import_module(f"groups.{name}").run(stage)
    except Failure as failure:
        say(f"== {name} failed: {failure}")
        return False
    except Exception:
        # The other groups can still be measured.
        say(f"== {name} failed: {traceback.format_exc()}")
        return False
    if section:
        print(section.markdown(), flush=True)
        if not stage.settings.smoke:
            figures.write(stage.document, {name: section}, ORDER)
    say(f"== {name}: {time.monotonic() - began:.0f} s")
    return True


if __name__ == "__main__":
    sys.exit(main())
