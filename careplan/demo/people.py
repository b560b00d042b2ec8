"""Who the made-up patients are: numbers, names, and what is going to happen to whom."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from careplan.demo.answering import Target
from careplan.demo.clinic import Clinic, made_up_number

FIRST_YEAR, LAST_YEAR = 1936, 1997
BIRTH_NUMBERS = range(980, 990)
TRIES = 20
# The forms of the days just gone: mostly the weekly one, some at a plan's start, some before a visit.
WAVE_EVENTS = ("treatment-start", "treatment-start", "plan-start", "treatment-start", "follow-up")


@dataclass(frozen=True, slots=True)
class Someone:
    given: str
    family: str
    number: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What a patient's newest form comes to; `target` None is an ordinary patient."""

    has_plan: bool = True
    target: Target | None = None
    wants_contact: bool = False
    event: str = ""
    is_review_overdue: bool = False


def people(clinic: Clinic, count: int, seed: int) -> list[Someone]:
    """`count` different people, the clinic's own share of men among them."""
    rng = Random(f"{seed}:people")
    taken = {patient.number for patient in clinic.patients}
    men = round(clinic.others.men * count / clinic.others.total)
    women_numbers = _numbers(clinic.numbers.women, count - men, taken, rng, is_woman=True)
    men_numbers = _numbers(clinic.numbers.men, men, taken, rng, is_woman=False)
    used = {(patient.given, patient.family) for patient in clinic.patients}
    named = [_someone(clinic, number, rng, used, is_woman=True) for number in women_numbers]
    named += [_someone(clinic, number, rng, used, is_woman=False) for number in men_numbers]
    rng.shuffle(named)
    return named


def fates(clinic: Clinic, count: int, seed: int) -> list[Fate]:
    """As many of each kind as the clinic has, in proportion, at least one; in a made-up order."""
    others = clinic.others
    share = count / (others.total - sum(patient.nurse == others.nurse for patient in clinic.patients))

    def of(number: int) -> int:
        return max(1, round(number * share)) if number else 0

    wave = [(Target.RED, False)] * of(others.wave.red) + [(Target.YELLOW, False)] * of(others.wave.yellow)
    contact = of(others.wave.contact)
    wave += [(Target.CALM, number < contact) for number in range(of(others.wave.calm))]
    made = [
        Fate(target=target, wants_contact=contact, event=WAVE_EVENTS[number % len(WAVE_EVENTS)])
        for number, (target, contact) in enumerate(wave)
    ]
    made += [Fate(has_plan=False)] * of(others.without_plan)
    made += [Fate(is_review_overdue=True)] * of(others.overdue_reviews)
    made = (made + [Fate()] * max(0, count - len(made)))[:count]
    Random(f"{seed}:fates").shuffle(made)
    return made


def _numbers(listed: list[str], wanted: int, taken: set[str], rng: Random, *, is_woman: bool) -> list[str]:
    """From the Tax Agency's list as long as it lasts, then with birth numbers that no real person has."""
    free = [number for number in listed if number not in taken]
    found = rng.sample(free, k=min(wanted, len(free)))
    used = taken | set(listed)
    day, step = date(FIRST_YEAR, 1, 1), 0
    serials = [serial for serial in BIRTH_NUMBERS if (serial % 2 == 0) is is_woman]
    days = (date(LAST_YEAR, 12, 31) - day).days
    while len(found) < wanted:
        # Coprime steps through the days, so that ages are spread whatever the number wanted.
        born_on = day + timedelta(days=step * 7919 % days)
        number = made_up_number(born_on, serials[step // days])
        if number not in used:
            found.append(number)
        step += 1
    return found


def _someone(clinic: Clinic, number: str, rng: Random, used: set[tuple[str, str]], *, is_woman: bool) -> Someone:
    """A name of the decade; one that nobody has yet, as long as there are such."""
    decade = min(max(int(number[:3]) * 10, 1940), 1980)
    names = (clinic.names.women if is_woman else clinic.names.men)[decade]
    name = (rng.choice(names), rng.choice(clinic.names.family))
    for _ in range(TRIES):
        if name not in used:
            break
        name = (rng.choice(names), rng.choice(clinic.names.family))
    used.add(name)
    return Someone(*name, number)
