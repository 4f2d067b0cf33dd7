"""A grid of log-log plots as SVG, with the standard library."""
import math
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 330, 250
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 44, 46
COLOURS = ("#0b62a8", "#c2410c", "#2e7d32", "#6d28d9")


@dataclass(frozen=True)
class Panel:
    title: str
    across: str
    """What the horizontal axis counts."""
    series: dict
    """Points (x, y), all above 0, by the name of what they show."""


def svg(panels, columns):
    rows = math.ceil(len(panels) / columns)
    width, height = columns * WIDTH, rows * HEIGHT
    drawn = "\n".join(
        f'<g transform="translate({place % columns * WIDTH} {place // columns * HEIGHT})">\n{panel_svg(panel)}\n</g>'
        for place, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="11" fill="#333">\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n{drawn}\n</svg>\n')


class Axis:
    """A logarithmic axis over whole decades, from one pixel to another."""

    def __init__(self, values, first, last):
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.first, self.last = first, last

    def at(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 1)

    def ticks(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def panel_svg(panel):
    points = [point for series in panel.series.values() for point in series]
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<text x="{LEFT}" y="18" font-size="13" font-weight="600">{escape(panel.title)}</text>']
    for tick in y.ticks():
        at = y.at(tick)
        parts.append(f'<line x1="{LEFT}" y1="{at}" x2="{WIDTH - RIGHT}" y2="{at}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{short(tick)}</text>')
    for tick in x.ticks():
        at = x.at(tick)
        parts.append(f'<line x1="{at}" y1="{TOP}" x2="{at}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>')
        parts.append(f'<text x="{at}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{short(tick)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(panel.across)}</text>')
    legend = LEFT
    for colour, (name, series) in zip(COLOURS, panel.series.items()):
        path = " ".join(f"{x.at(across)},{y.at(up)}" for across, up in series)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for across, up in series:
            exact = f"{name}: {up:,.4g} at {across:,}"
            parts.append(f'<circle cx="{x.at(across)}" cy="{y.at(up)}" r="3.5" fill="{colour}"><title>{escape(exact)}</title></circle>')
        parts.append(f'<rect x="{legend}" y="27" width="9" height="9" fill="{colour}"/>')
        parts.append(f'<text x="{legend + 13}" y="35">{escape(name)}</text>')
        # A letter of this size is about six pixels wide.
        legend += 13 + 6 * len(name) + 14
    return "\n".join(parts)


def short(value):
    for size, letter in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
