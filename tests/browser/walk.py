"""The main way in steps, for any template and any form: all that a step names is read from the library."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from careplan.domain.answers import Value, answered
from careplan.domain.conditions import Compare, Comparison
from careplan.domain.plan import ChapterText, PlanDefinition
from careplan.domain.questionnaire import Item, ItemType, Questionnaire, in_words
from careplan.domain.schedule import ScheduleEntry
from careplan.domain.triage import Level, evaluate
from careplan.i18n import local
from careplan.library import Library
from tests.browser.visitor import Visitor

ASTRID = "Astrid Ek"
GREETING = "Hej Astrid. Läs det du orkar."
NOTE = "Fråga mig om det här på torsdag."
VISIT, VISIT_ON, VISIT_TIME = "Samtal om behandlingen", date(2026, 11, 19), "9.30"
GOAL, ACTIVITY, TIMING = "Jag vill orka gå till affären", "Promenad en kvart", "varje dag"
REVIEW_ON = date(2026, 12, 7)
COMMENT = "Det är värst på natten."
NEXT_STEP = "Karin Lind har läst dina svar och ringer dig i eftermiddag."
LEFT_AT = 8


@dataclass(frozen=True)
class Route:
    """One walk: the template, the form that its schedule asks for, and the scale that can be answered severely."""

    plan: PlanDefinition
    form: Questionnaire
    entry: ScheduleEntry
    item: Item
    limit: int

    @property
    def is_repeated(self) -> bool:
        return self.entry.times > 1

    @property
    def hidden(self) -> list[ChapterText]:
        """Two chapters of the first phase; the nurse hides them."""
        return [self.plan.chapter(ref.id) for ref in self.plan.phases[0].chapters if ref.treatment is None][:2]

    @property
    def noted(self) -> ChapterText:
        return self.plan.chapter(self.plan.always[0])

    @property
    def worst(self) -> int:
        return self.item.scale.max


def route(library: Library, plan_id: str, form_id: str) -> Route:
    plan, form = library.plan(plan_id, "sv"), library.questionnaire(form_id)
    entry = next(each for each in plan.schedule if each.questionnaire == form_id)
    for rule in form.rules:
        when = rule.when
        if rule.level is Level.RED and isinstance(when, Compare) and when.comparison is Comparison.AT_LEAST:
            return Route(plan, form, entry, form.item(rule.item), int(when.limit))
    raise LookupError(f"{form_id} has no red rule about a scale")


# The nurse makes the plan


def find_patient(karin: Visitor, personnummer: str) -> None:
    karin.link("Patienter")
    karin.fill("Personnummer", personnummer)
    karin.press("Hitta")
    assert karin.heading == ASTRID


def write_plan(karin: Visitor, route: Route, today: date) -> None:
    """Template, treatments, two chapters hidden, a note, a visit, and the event that the form waits for."""
    karin.field(route.plan.title).check()
    karin.press("Starta vårdplan")
    assert karin.heading == f"Vårdplan för {ASTRID}"
    for treatment in route.plan.treatments[:2]:
        karin.tick(treatment.title)
    for chapter in route.hidden:
        karin.field(f"{chapter.title}: visas").uncheck()
    karin.open("Gäller hela tiden")
    karin.fill(f"Din anteckning till {route.noted.title}", NOTE)
    karin.field("Här är Astrid nu").select_option(label=route.plan.phases[0].title)
    karin.fill("Hälsning överst i planen", GREETING)
    karin.open("Lägg till en tid")
    karin.fill("Vad gäller tiden?", VISIT)
    karin.fill_date("Dag", VISIT_ON.day, VISIT_ON.month, VISIT_ON.year)
    karin.fill("Klockslag", VISIT_TIME)
    if route.entry.event != "plan-start":
        on = today - timedelta(days=route.entry.after_days)
        karin.open("Lägg till en händelse")
        karin.page.locator("[name=event_kind]").select_option(value=route.entry.event)
        karin.fill_date("Vilken dag?", on.day, on.month, on.year)
    karin.press("Spara")
    karin.reads("Sparat. Astrid ser ändringarna när du har signerat.")
    for chapter in route.hidden:
        assert not karin.field(f"{chapter.title}: visas").is_checked()


def preview_and_sign(karin: Visitor, route: Route) -> None:
    karin.link("Visa det sparade som Astrid ser det")
    assert karin.heading == "Så ser Astrid planen"
    karin.reads(GREETING, VISIT)
    assert not any(link_to(karin, chapter) for chapter in route.hidden)
    karin.press("Signera och visa för Astrid")
    karin.reads("Version 1 är signerad. Astrid ser den nu.")


def link_to(visitor: Visitor, chapter: ChapterText) -> int:
    return visitor.page.get_by_role("link", name=chapter.title, exact=True).count()


# The patient reads


def read_home(astrid: Visitor, route: Route) -> None:
    """Who the nurse is, when she answers, who covers; the visit; the form that is asked for."""
    astrid.reads("Karin Lind", "Telefonen är öppen nu, till klockan 16.", "När Karin är borta svarar Nils Berg.")
    astrid.reads("Torsdag 19 november klockan 9.30", VISIT, "Din vårdplan är klar att läsa")
    assert astrid.section(route.form.title["sv"]).count() == 1


def read_plan(astrid: Visitor, route: Route) -> None:
    astrid.link(re.compile("^Min plan"))
    assert astrid.heading == "Min plan"
    astrid.reads(GREETING, "Texterna är inte granskade av vårdpersonal än.")
    assert not any(link_to(astrid, chapter) for chapter in route.hidden)
    astrid.link(route.noted.title)
    assert astrid.heading == route.noted.title and NOTE in astrid.text


# The patient answers


def begin(astrid: Visitor, route: Route) -> None:
    asked = astrid.section(route.form.title["sv"])
    first_time = asked.get_by_role("link", name="Svara på frågorna", exact=True).count()
    if not first_time:  # who has sent it before knows what it is
        astrid.press("Svara på frågorna", inside=asked)
        return
    astrid.link("Svara på frågorna", inside=asked)
    assert astrid.heading == route.form.title["sv"]
    astrid.reads("Svaren läses inte direkt.", "Karin Lind läser dina svar. Är Karin borta läser Nils Berg.")
    astrid.press("Börja svara")


def answer_all(astrid: Visitor, route: Route, severe: int, *, until: int | None = None) -> None:
    """Question by question; the severe answer is met by the page to ring. Stops at question `until`."""
    while not astrid.page.url.endswith("/granska"):
        item = route.form.item(astrid.page.url.partition("?")[0].rsplit("/", 1)[1])
        assert astrid.heading == " ".join(item.text["sv"].split())
        if until is not None and f"Fråga {until} av" in astrid.text:
            return
        if item is route.item:
            answer(astrid, item, severe)
            read_call_now(astrid, item, severe)
        else:
            answer(astrid, item, calm(route.form, item)[0])


def answer(astrid: Visitor, item: Item, value: Value) -> None:
    page = astrid.page
    match item.type:
        case ItemType.SCALE | ItemType.CHOICE:
            page.locator(f'input[name=answer][value="{value}"]').check()
        case ItemType.CHOICES:
            for code in value:
                page.locator(f'input[name=answer][value="{code}"]').check()
        case ItemType.DATE:
            year, month, day = str(value).split("-")
            astrid.fill_date(re.compile(re.escape(item.text["sv"])), int(day), int(month), int(year))
        case _:
            page.locator("[name=answer]:not([type=checkbox])").fill(str(value))
    last = page.get_by_role("button", name="Spara och granska")
    astrid.press("Spara och granska" if last.count() else "Nästa fråga")


def calm(form: Questionnaire, item: Item) -> list[Value]:
    """Answers that no rule is about."""
    return [value for value in _possible(item) if not evaluate(form, {item.link_id: answered(value)}, {}, None)]


def _possible(item: Item) -> list[Value]:
    match item.type:
        case ItemType.SCALE | ItemType.VAS:
            numbers = list(range(item.scale.min, item.scale.max + 1))
            return numbers[2:] + numbers[:2]
        case ItemType.CHOICE:
            return [option.value for option in item.options]
        case ItemType.CHOICES:
            return [(option.value,) for option in item.options]
        case ItemType.DATE:
            return ["2026-11-02"]
        case ItemType.TIME:
            return ["22:30"]
        case ItemType.INTEGER | ItemType.DECIMAL:
            return [item.min or 0]
    return ["Jag har sovit gott två nätter."]


def read_call_now(astrid: Visitor, item: Item, severe: int) -> None:
    assert astrid.heading == "Ring oss nu"
    astrid.reads(in_words(item, answered(severe), "sv"), "Formuläret läses inte direkt.")
    phones = astrid.page.locator("main a[href^='tel:']").all_inner_texts()
    assert [number for number in ("0980-319 200", "1177", "112") if any(number in text for text in phones)] == [
        "0980-319 200",
        "1177",
        "112",
    ]
    astrid.press("Jag har läst, fortsätt")


def pause(astrid: Visitor) -> None:
    astrid.link("ta en paus")
    astrid.reads(f"{LEFT_AT - 1} av")


def go_on(astrid: Visitor) -> None:
    astrid.link(f"Fortsätt på fråga {LEFT_AT}")
    astrid.reads(f"Fråga {LEFT_AT} av")


def change_one(astrid: Visitor, route: Route) -> None:
    """A scale that is not the severe one, from the review and back to it."""
    item = changed(route)
    name = re.compile(f"^Ändra {re.escape(item.short['sv'].lower())}$")
    if not astrid.page.get_by_role("link", name=name).first.is_visible():
        astrid.open("Visa de")
    astrid.link(name)
    answer(astrid, item, calm(route.form, item)[1])
    assert astrid.heading == "Stämmer det här?"


def changed(route: Route) -> Item:
    return [each for each in route.form.questions if each.scale and each is not route.item and not each.show_if][-1]


def fill_wishes(astrid: Visitor, route: Route) -> None:
    astrid.group("Vad vill du helst ha hjälp med?").get_by_label(route.item.short["sv"], exact=True).check()
    astrid.tick("Den här veckan")
    astrid.tick("Jag vill att Karin hör av sig")
    astrid.fill("Något mer du vill berätta?", COMMENT)


def read_receipt(astrid: Visitor, by: str) -> str:
    """Who reads it and by when; the code is given back."""
    assert astrid.heading == "Tack. Dina svar är skickade."
    astrid.reads(f"Karin Lind läser dem {by}", "Är Karin borta läser Nils Berg.", "Karin Lind hör av sig.")
    return re.search(r"Kvitto (\S+)\.", astrid.text)[1]


# The nurse works


def rows(karin: Visitor) -> list[str]:
    """The list as it stands: who, in order."""
    return karin.page.locator(".app-work__row th a").all_inner_texts()


def read_case(karin: Visitor, route: Route, severe: int) -> None:
    """The literal answer, the wish, what she was told, her own words."""
    short, said = route.item.short["sv"], in_words(route.item, answered(severe), "sv")
    assert karin.heading == f"{ASTRID}: {short.lower()} {said}"
    karin.reads(route.item.text["sv"], said, COMMENT, f"Hjälp med {short.lower()}", "Hur bråttom: den här veckan.")
    karin.reads("Tryckte ”Jag har läst”", f"{short} över tid")


def assess(karin: Visitor) -> None:
    """A level for each of the areas, a goal with an action, who does it and when one looks back."""
    karin.link("Gör en behovsbedömning först")
    assert karin.heading == f"Behovsbedömning för {ASTRID}"
    karin.field("Varför görs bedömningen nu?").select_option(value="own-initiative")
    karin.tick("På mottagningen")
    karin.group(re.compile("^Finns barn")).get_by_label("Nej", exact=True).check()
    areas = karin.page.locator("fieldset", has=karin.page.locator("[name^=level-]"))
    for number in range(areas.count()):
        areas.nth(number).get_by_label("Särskilda" if number == 0 else "Grundläggande", exact=True).check()
    karin.fill("Vad vill Astrid nå? Skriv i jag-form", GOAL)
    karin.fill_date("Följs upp den", REVIEW_ON.day, REVIEW_ON.month, REVIEW_ON.year)
    karin.fill("Åtgärd 1: vad", ACTIVITY)
    karin.fill("Åtgärd 1: när", TIMING)
    karin.fill("Åtgärd 2: vad", "Träningsprogram")
    karin.field("Åtgärd 2: vem gör").select_option(label="Freja Holm, fysioterapeut")
    karin.press("Spara och visa för Astrid")
    karin.reads("Astrid ser målet i sin plan.")


def close(karin: Visitor) -> None:
    karin.tick("Talat med patienten")
    karin.fill("Det här ser Astrid", NEXT_STEP)
    karin.press("Spara och stäng")
    assert karin.heading == "Arbetslista"
    karin.reads(f"Klart: {ASTRID}.")


def close_in_three_clicks(karin: Visitor, look: Callable[[], None]) -> None:
    """From the list: the patient, what was done, save. No more."""
    karin.link(ASTRID)
    look()
    karin.tick("Talat med patienten")
    karin.press("Spara och stäng")
    karin.reads(f"Klart: {ASTRID}.")
    assert ASTRID not in rows(karin)


# What became of it


def read_what_happened(astrid: Visitor) -> None:
    astrid.reads("Läst av Karin Lind", "i dag 10.30", f"Nästa steg: {NEXT_STEP}")


def read_rehabilitation(astrid: Visitor) -> None:
    """Inside the plan."""
    astrid.link(re.compile("^Min plan"))
    astrid.link("Min rehabiliteringsplan")
    astrid.reads(GOAL, f"{ACTIVITY} Gör: Du. Varje dag.", "Ansvarar: Freja Holm, fysioterapeut.", "måndag 7 december")


def read_trend(astrid: Visitor, route: Route, values: list[int]) -> None:
    """Newest first: the direction in words, the picture's message, the same numbers as a table."""
    astrid.link(re.compile("^Svar"))
    card = astrid.section(route.item.short["sv"])
    astrid.open("Visa siffrorna")
    said = astrid.text_of(card)
    assert f"{values[1]} till {values[0]}" in said or f"{values[1]} → {values[0]}" in said, said
    assert "Mer besvär" in said, said
    table = card.locator("tbody td:last-child").all_inner_texts()
    assert table == [str(value) for value in values]
    assert card.locator("svg title").text_content()


def read_pdf(visitor: Visitor, *, chapters: str) -> None:
    """From the page of choices: whose it is, whom to ring, page x of y, tags, language, nobody else's name."""
    visitor.field(chapters).check()
    reader = visitor.download("Hämta PDF")
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    for number, text in enumerate(texts, start=1):
        assert f"Sidan {number} av {len(texts)}" in text and "0980-319 2" in text
    whole = " ".join(texts)
    assert ASTRID in whole and "Karin Lind" in whole and GOAL in whole
    assert "Sjöberg" not in whole and "Bo " not in whole
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "sv" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root


def wall(at: datetime) -> date:
    return local(at).date()
