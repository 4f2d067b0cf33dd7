"""What was measured, as tables: on the terminal and in BENCHMARKS.md."""
import os
import re
from dataclasses import dataclass, field

from stage import Failure
from turns import amount

BEGIN = "<!-- measured by `make bench`: what stands between these two marks is written by it -->"
END = "<!-- end of what `make bench` writes -->"
GROUP = re.compile(r"^<!-- group: (\w+) -->\n", re.MULTILINE)


@dataclass
class Table:
    header: list
    rows: list = field(default_factory=list)

    def row(self, *cells):
        self.rows.append(list(cells))

    def markdown(self):
        lines = [self.header, ["---"] * len(self.header), *self.rows]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


class Contest(Table):
    """A table of workloads, each beside something else."""

    def __init__(self):
        super().__init__(["Workload", "Tradebook", "Beside it", "Ratio", "Target"])

    def against(self, what, ours, other_name, other, ratio, at_least=None):
        """A ratio, which is better the greater it is."""
        target = "" if at_least is None else f"{at_least} {verdict(ratio.median >= at_least)}"
        self.row(what, ours, f"{other_name} {other}", spread(ratio), target)

    def alone(self, what, ours, target="", met=None):
        """A figure with a target of its own."""
        self.row(what, ours, "", "", target if met is None else f"{target} {verdict(met)}")

    def note(self, what, text):
        self.row(what, "", text, "", "")


def verdict(met):
    return "✓" if met else "✗"


def spread(value):
    return f"{value.median:.2f} ({value.least:.2f} to {value.most:.2f})"


def rate(spread_of):
    return f"{amount(spread_of.median)}/s"


def volume(bytes_per_second):
    return f"{bytes_per_second / 1e9:.2f} GB/s" if bytes_per_second >= 1e9 else f"{amount(bytes_per_second / 1e6)} MB/s"


def milliseconds(seconds):
    return f"{amount(seconds * 1000)} ms"


def megabytes(count):
    return f"{amount(count / 1e6)} MB"


@dataclass
class Section:
    title: str
    blocks: list
    """Paragraphs and tables."""

    def markdown(self):
        blocks = [block.markdown() if isinstance(block, Table) else block for block in self.blocks]
        return "\n\n".join([f"## {self.title}", *blocks]) + "\n"


def machine():
    cores = len(os.sched_getaffinity(0))
    return f"{cores} core{'s' if cores != 1 else ''} for all of it"


def write(document, sections, order):
    """Puts sections, by the name of their group, into a document. Groups that were not run keep theirs."""
    text = document.read_text()
    try:
        before, rest = text.split(BEGIN, 1)
        between, after = rest.split(END, 1)
    except ValueError:
        raise Failure(f"{document.name} has lost the marks between which measurements go") from None
    parts = GROUP.split(between)
    kept = dict(zip(parts[1::2], parts[2::2]))
    written = {name: f"{section.markdown()}\n`make bench ONLY={name}`; {machine()}.\n\n" for name, section in sections.items()}
    kept.update(written)
    body = "".join(f"<!-- group: {name} -->\n{kept[name]}" for name in order if name in kept)
    document.write_text(f"{before}{BEGIN}\n\n{body}{END}{after}")
