"""Alternatives measured in turns, A B A B, so that what the machine does beside touches all of them alike."""
import statistics
from dataclasses import dataclass

from stage import say


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, with the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values):
        return cls(statistics.median(values), min(values), max(values))


class Rounds:
    """What each alternative measured, a value for each round."""

    def __init__(self, values):
        self.values = values

    def __getitem__(self, name):
        return Spread.of(self.values[name])

    def ratio(self, ours, other):
        """Ours to the other, within each round."""
        return Spread.of([a / b for a, b in zip(self.values[ours], self.values[other], strict=True)])


def in_turns(what, alternatives, rounds):
    """`alternatives` gives a function for each name; each is run once in every round and gives one value."""
    values = {name: [] for name in alternatives}
    for turn in range(rounds):
        for name, measure in alternatives.items():
            values[name].append(measure())
        shown = ", ".join(f"{name} {amount(of[-1])}" for name, of in values.items())
        say(f"    {what}, round {turn + 1} of {rounds}: {shown}")
    return Rounds(values)


def amount(value):
    """A figure with the digits that mean something."""
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3g}"
