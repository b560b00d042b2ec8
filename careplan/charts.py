"""Where the points of a trend go: fixed axis, x by date, a gap where nothing was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

WIDTH = 320
LEFT, RIGHT = 32, 304
EVENTS_END = 35  # where the words of the lowest row of events stand
ROW = 15
PLOT = 136  # height of the axis
GAP_WORDS = 66  # room that "inget svar" needs between two dots
LETTER = 6.6  # about the width of one, to keep the words of two events apart


@dataclass(frozen=True)
class Reading:
    """One answer, None where nothing was answered; `when` and `shown` are date and value in the reader's words."""

    on: date
    value: float | None
    when: str
    shown: str = ""

    @property
    def words(self) -> str:
        return self.shown or ("" if self.value is None else f"{self.value:g}")


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    is_last: bool


@dataclass(frozen=True)
class Word:
    """A text and where it stands; `anchor` is SVG's word for start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Event:
    """A dotted line at `x` from the axis up to its word."""

    x: float
    word_x: float
    y: float
    text: str


@dataclass(frozen=True)
class Limit:
    """A line across at a value that somebody has set, with the value beside it."""

    y: float
    text: str


@dataclass(frozen=True)
class Trend:
    height: float
    top: float
    bottom: float
    path: str
    dots: tuple[Dot, ...]
    gaps: tuple[float, ...]  # x of each place where the words "no answer" fit
    ticks: tuple[Word, ...]
    events: tuple[Event, ...]
    dates: tuple[Word, ...]
    last: Word | None
    limits: tuple[Limit, ...] = ()


def trend(
    readings: Sequence[Reading],
    *,
    low: float = 0,
    high: float = 10,
    events: Sequence[tuple[date, str]] = (),
    limits: Sequence[float] = (),
) -> Trend:
    """`low` and `high` are the instrument's own ends, never taken from the values; a value beyond them is an error.

    `limits` are values of that axis, to be drawn as lines across."""
    if not readings:
        raise ValueError("a trend needs at least one reading")
    readings = sorted(readings, key=lambda reading: reading.on)
    for reading in readings:
        if reading.value is not None and not low <= reading.value <= high:
            raise ValueError(f"{reading.value} on {reading.on} is outside {low}-{high}")
    first, span = readings[0].on, (readings[-1].on - readings[0].on).days

    def x(on: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * ((on - first).days / span if span else 0.5), 1)

    placed = _events([(x(on), text) for on, text in events if 0 <= (on - first).days <= span])
    lowest = EVENTS_END + ROW * max((row for _x, _word_x, row, _text in placed), default=0)
    marks = tuple(Event(at, word_x, lowest - ROW * row, text) for at, word_x, row, text in placed)
    top = lowest + 17
    bottom = top + PLOT

    def y(value: float) -> float:
        return round(bottom - PLOT * (value - low) / (high - low), 1)

    points = [(x(reading.on), None if reading.value is None else y(reading.value)) for reading in readings]
    answered = [(reading, px, py) for reading, (px, py) in zip(readings, points, strict=True) if py is not None]
    dots = tuple(Dot(px, py, reading is answered[-1][0]) for reading, px, py in answered)
    return Trend(
        height=bottom + 44,
        top=top,
        bottom=bottom,
        path=_path(points),
        dots=dots,
        gaps=_gaps(points),
        ticks=tuple(Word(LEFT - 8, y(value), f"{value:g}", "end") for value in (low, (low + high) / 2, high)),
        events=marks,
        dates=_dates(readings, points, bottom + 40),
        last=_last(dots[-1], answered[-1][0].words, marks, top) if answered else None,
        limits=tuple(Limit(y(limit), f"{limit:g}") for limit in limits if low <= limit <= high),
    )


def _dates(readings: Sequence[Reading], points: Sequence[tuple[float, float | None]], y: float) -> tuple[Word, ...]:
    if len(points) == 1 or points[0][0] == points[-1][0]:
        return (Word(points[0][0], y, readings[0].when),)
    return Word(LEFT, y, readings[0].when, "start"), Word(RIGHT, y, readings[-1].when, "end")


def _path(points: Sequence[tuple[float, float | None]]) -> str:
    """A line through neighbouring answers; it never bridges a missing one."""
    steps = []
    pen_down = False
    for x, y in points:
        if y is not None:
            steps.append(f"{'L' if pen_down else 'M'}{x:g} {y:g}")
        pen_down = y is not None
    return "".join(steps)


def _gaps(points: Sequence[tuple[float, float | None]]) -> tuple[float, ...]:
    """One place for each run of missing answers, where the words fit between the dots beside it."""
    places = []
    runs = [(missing, list(run)) for missing, run in groupby(points, key=lambda point: point[1] is None)]
    for number, (missing, run) in enumerate(runs):
        if not missing:
            continue
        start = runs[number - 1][1][-1][0] if number else LEFT
        end = runs[number + 1][1][0][0] if number + 1 < len(runs) else RIGHT
        if end - start >= GAP_WORDS:
            middle = (run[0][0] + run[-1][0]) / 2
            half = GAP_WORDS / 2
            places.append(round(min(max(middle, start + half), end - half), 1))
    return tuple(places)


def _events(events: Sequence[tuple[float, str]]) -> list[tuple[float, float, int, str]]:
    """Each event's line, the middle of its word, its row counted upwards, the word. Rows keep the words apart."""
    ends: list[float] = []
    placed = []
    for x, text in sorted(events):
        width = LETTER * len(text)
        start = max(min(x - width / 2, WIDTH - width), 0)
        row = next((number for number, end in enumerate(ends) if end + LETTER <= start), len(ends))
        ends[row : row + 1] = [start + width]
        placed.append((x, round(start + width / 2, 1), row, text))
    return placed


def _last(dot: Dot, text: str, events: Sequence[Event], top: float) -> Word:
    """The last value stands above its dot, or below where the word of an event is in the way."""
    crowded = dot.y < top + 14 and any(abs(event.word_x - dot.x) < 60 for event in events)
    return Word(min(dot.x + 10, WIDTH), dot.y + (26 if crowded else -11), text, "end")
