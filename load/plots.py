"""The two plots of a load, as SVG: small enough that no drawing library is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape

from load.harvest import Call, percentile

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 800, 300, 60, 40, 30
BUCKETS = 60
COLOURS = ("#1f6f8b", "#d17b0f", "#a4243b")
Series = Sequence[tuple[float, float]]


def latencies(calls: Sequence[Call]) -> str:
    """50th, 95th and 99th percentiles of latency (seconds) over time."""
    buckets, _ = _bucketed(calls)
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    ordered = {at: sorted(call.latency_s for call in inside) for at, inside in buckets.items()}
    lines = {name: [(at, percentile(one, share)) for at, one in ordered.items()] for name, share in shares.items()}
    return _drawn("Latence (s)", lines)


def throughput(calls: Sequence[Call]) -> str:
    """Calls per second over time, and those that failed (no answer, 5xx)."""
    buckets, step = _bucketed(calls)
    bad = {at: sum(call.status == 0 or call.status >= 500 for call in inside) for at, inside in buckets.items()}
    lines = {
        "appels par seconde": [(at, len(inside) / step) for at, inside in buckets.items()],
        "sans réponse ou 5xx": [(at, number / step) for at, number in bad.items()],
    }
    return _drawn("Débit (appels par seconde)", lines)


def _bucketed(calls: Sequence[Call]) -> tuple[dict[float, list[Call]], float]:
    """Calls by the time of their end, in equal steps; a step without any is there, empty."""
    end = max((call.ended_s for call in calls), default=1.0)
    step = max(1.0, end / BUCKETS)
    found: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        found[int(call.ended_s // step)].append(call)
    return {rank * step: found[rank] for rank in range(int(end // step) + 1)}, step


def _drawn(title: str, lines: Mapping[str, Series]) -> str:
    across = max((x for line in lines.values() for x, _ in line), default=1.0) or 1.0
    high = max((y for line in lines.values() for _, y in line), default=1.0) or 1.0
    plot_w, plot_h = WIDTH - LEFT - 20, HEIGHT - BOTTOM - TOP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-weight="bold">{escape(title)}</text>',
    ]
    for quarter in range(5):
        y = TOP + plot_h * (1 - quarter / 4)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{high * quarter / 4:.3g}</text>')
        x = LEFT + plot_w * quarter / 4
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 18}" text-anchor="middle">{across * quarter / 4:.0f} s</text>')
    for rank, (name, line) in enumerate(lines.items()):
        points = " ".join(f"{LEFT + plot_w * x / across:.1f},{TOP + plot_h * (1 - y / high):.1f}" for x, y in line)
        colour = COLOURS[rank % len(COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        at = LEFT + 220 + 150 * rank
        parts.append(f'<text x="{at}" y="18" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"])
