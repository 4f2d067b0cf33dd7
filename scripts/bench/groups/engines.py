"""The benchmarks of single crates, which print their own figures."""
import os

from stage import ROOT, Failure, say

BENCHES = {
    "The pricing engine": ["--package", "tradebook-pricing"],
    "The buying report, without HTTP": ["--package", "tradebook-api", "--bench", "buying_report"],
    "The customers API's store": ["--package", "tradebook-store", "--bench", "customers"],
    "The store of purchase events": ["--package", "tradebook-store", "--bench", "events"],
}


# Ten million lines or events would take minutes to make; `buying` measures reports over as many.
ENVIRONMENT = {"BENCH_LEDGER_LINES": "2000000", "TRADEBOOK_BENCH_EVENTS": "1000000", **os.environ, "CARGO_TERM_COLOR": "never"}


def run(stage):
    if stage.settings.smoke:
        say("    left out: it would have to be built")
        return None
    for title, arguments in BENCHES.items():
        say(f"  {title}")
        with stage.running("cargo", "bench", "--locked", *arguments, cwd=ROOT, env=ENVIRONMENT) as process:
            code = process.child.wait()
        written = process.log.read_text(errors="replace")
        if code != 0:
            raise Failure(f"cargo bench {' '.join(arguments)} failed:\n{written[-4000:]}")
        print("\n".join(line for line in written.splitlines() if worth_reading(line)), flush=True)
    return None


def worth_reading(line):
    """Without cargo's own lines and those of criterion that are no figures."""
    words = line.split()
    return bool(words) and words[0] not in {
        "Compiling", "Finished", "Running", "Downloading", "Downloaded", "Benchmarking", "Gnuplot", "Found", "warning:", "Warning:"}
