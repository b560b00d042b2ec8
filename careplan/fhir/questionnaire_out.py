"""A questionnaire of ours, or a draft that was imported, as a FHIR R4 Questionnaire."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from careplan.domain.errors import CareplanError
from careplan.fhir import r5
from careplan.fhir.elements_out import Writer, control_concept, ordered
from careplan.fhir.extensions import ITEM_CONTROL
from careplan.fhir.questionnaire_in import hash_of, import_questionnaire, renamed
from careplan.fhir.reading import value_sets_of
from careplan.fhir.score_items import score_items
from careplan.fhir.wire import Json, read_json

# Whoever exports for others gives the address that the region has for this service.
BASE = "https://careplan.invalid/fhir"

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Came:
    """An item that came in a file: its entry under `kept`, its element in R4's names, and what it was here then."""

    entry: Json
    element: Json
    item: Json
    text: Mapping[str, str]  # of the section that it became, or of what it was to the question around it


@dataclass(frozen=True, slots=True)
class Exported:
    """`answers`: by our link id, what each of our option values is as an answer's value[x].

    `open_options`: by our link id, the option beside which own words may stand.
    `scores`: by the link id of its item, each score."""

    resource: Json
    link_ids: Mapping[str, str]
    answers: Mapping[str, Mapping[str, Json]]
    open_options: Mapping[str, str]
    scores: Mapping[str, str]


class KeptChanged(CareplanError):
    """What a form kept of the file that it came in was edited: it is no longer what the file held."""

    def __init__(self, questionnaire_id: str) -> None:
        super().__init__(questionnaire_id)
        self.questionnaire_id = questionnaire_id


def export_questionnaire(content: Content, *, base: str = BASE, status: str = "draft", key_text: str = "") -> Json:
    """`content` is a questionnaire file's data, or a draft's. What nobody changed since it came stays as it came.

    `key_text` is the scoring key that it is bound to; without it, its scores are left out."""
    return exported(content, base=base, status=status, key_text=key_text).resource


def exported(content: Content, *, base: str = BASE, status: str = "draft", key_text: str = "") -> Exported:
    """The same, with what an exported response needs to speak of it."""
    kept: Mapping[str, Any] = content.get("kept", {})
    if kept and hash_of(kept["questionnaire"], kept["items"]) != kept["hash"]:
        raise KeptChanged(content["id"])
    root: Json = read_json(kept["questionnaire"].encode()) if kept else {"resourceType": "Questionnaire"}
    root = r5.questionnaire_in_r4(root)
    writer = Writer(_original(content), f"{base}/CodeSystem/{content['id']}", value_sets_of(root))
    came = list(_came(content)) if kept else []
    _write_root(root, content, writer, base, status)
    items = _known_items(content, came, writer)
    items += _new_items(content, came, writer)
    ids = {link_id: str(element["linkId"]) for link_id, element in writer.elements.items()}
    scores = list(_scores(content, key_text, set(_link_ids(items)), writer))
    items += [element for _, element in scores]
    resource = ordered(root | {"item": [_in_order(item) for item in items]})
    return Exported(
        resource=resource,
        link_ids=ids,
        answers=writer.option_values,
        open_options={
            item["link_id"]: option["value"]
            for item in content["items"]
            for option in item.get("options", ())
            if option.get("open")
        },
        scores={str(element["linkId"]): score_id for score_id, element in scores},
    )


def canonical(questionnaire_id: str, base: str = BASE) -> str:
    return f"{base}/Questionnaire/{questionnaire_id}"


def _original(content: Content) -> str:
    return next((lang for lang, status in content["languages"].items() if status == "original"), "sv")


def _came(content: Content) -> Iterator[_Came]:
    """The items of the file that are still in the draft, and what they are when the file is read anew."""
    entries = content["kept"]["items"]
    then = import_questionnaire(_as_it_came(content)).draft
    items = _items_and_groups(then)
    titles = {section["id"]: section["title"] for section in then["sections"]}
    names = {
        earlier["link_id"]: entry.get("link_id", earlier["link_id"])
        for earlier, entry in zip(then["kept"]["items"], entries, strict=True)
        if "link_id" in earlier
    }
    there = _items_and_groups(content).keys()
    paths = {""}
    for earlier, entry in zip(then["kept"]["items"], entries, strict=True):
        role, question = _role(entry)
        if entry.get("link_id", question) not in {None, *there} or _parent(entry) not in paths:
            continue
        paths.add(entry["path"])
        item = items.get(earlier.get("link_id", earlier.get("group")), {})
        if "show_if" in item:
            item = item | {"show_if": renamed(item["show_if"], names)}
        text = titles.get(earlier.get("section"), {})
        if question is not None:
            text = _part(items[_role(earlier)[1] or ""], role)
        yield _Came(entry, r5.item_in_r4(read_json(entry["json"].encode())), item, text)


def _items_and_groups(content: Content) -> dict[str, Any]:
    """By their ids, which are each others' too."""
    groups = {group["id"]: group for group in content.get("groups", ())}
    return groups | {item["link_id"]: item for item in content["items"]}


def _as_it_came(content: Content) -> Json:
    tree: dict[str, Json] = {"": read_json(content["kept"]["questionnaire"].encode())}
    for entry in content["kept"]["items"]:
        tree[entry["path"]] = read_json(entry["json"].encode())
        tree[_parent(entry)].setdefault("item", []).append(tree[entry["path"]])
    return tree[""]


def _role(entry: Json) -> tuple[str, str | None]:
    """What an entry is to a question, and to which; none for an item of its own."""
    return next(((role, entry[f"{role}_of"]) for role in ("hint", "low", "high") if f"{role}_of" in entry), ("", None))


def _part(item: Mapping[str, Any], role: str) -> Mapping[str, str]:
    part: Mapping[str, str] = item.get("hint", {}) if role == "hint" else item.get("scale", {}).get(role, {})
    return part


def _parent(entry: Json) -> str:
    return str(entry["path"]).rpartition(".")[0]


def _write_root(root: Json, content: Content, writer: Writer, base: str, status: str) -> None:
    if "kept" not in content:
        root |= {"id": content["id"], "url": canonical(content["id"], base), "subjectType": ["Patient"]}
        if "purpose" in content:
            writer.texts(root, "purpose", content["purpose"])
        root["language"] = writer.lang
    root.setdefault("status", status)
    if "title" in content and content["title"].get(writer.lang) != root.get("title", root.get("name", root.get("id"))):
        writer.texts(root, "title", content["title"])
    if "version" in content:
        root["version"] = content["version"]


def _known_items(content: Content, came: Sequence[_Came], writer: Writer) -> list[Json]:
    items = _items_and_groups(content)
    groups = {group["id"]: group for group in content.get("groups", ())}
    sections = {section["id"]: section["title"] for section in content["sections"]}
    tree: dict[str, list[Json]] = {"": []}
    for each in came:
        entry, element = each.entry, each.element
        if "link_id" in entry:
            writer.write(element, items[entry["link_id"]], each.item)
        elif "section" in entry:
            _retitle(element, each.text, sections.get(entry["section"], each.text), writer)
        elif "group" in entry:
            dissolved = {"text": each.item.get("text", {}), "kind": ""}
            writer.group(element, groups.get(entry["group"], dissolved), each.item)
        else:
            role, question = _role(entry)
            if question is not None:
                _retitle(element, each.text, _part(items[question], role), writer)
        tree[_parent(entry)].append(element)
        tree[entry["path"]] = element.setdefault("item", [])
    return tree[""]


def _retitle(element: Json, before: Mapping[str, str], now: Mapping[str, str], writer: Writer) -> None:
    if before != now:
        # A section is called after all groups that it stands in; the file has each of their titles once.
        around = before.get(writer.lang, "").removesuffix(element.get("text", ""))
        writer.texts(element, "text", {lang: text.removeprefix(around) for lang, text in now.items()})


def _new_items(content: Content, came: Sequence[_Came], writer: Writer) -> list[Json]:
    """Each item that did not come in a file, in its section's group, and in its own in that."""
    known = {each.entry.get("link_id") for each in came}
    holders = {each.entry[kind]: each.element for each in came for kind in ("section", "group") if kind in each.entry}
    titles = {section["id"]: section["title"] for section in content["sections"]}
    groups = {group["id"]: group for group in content.get("groups", ())}
    taken = {item["link_id"] for item in content["items"]} | {*_link_ids([each.element for each in came])}
    made: list[Json] = []
    for item in content["items"]:
        if item["link_id"] in known:
            continue
        holder = holders.get(item["section"])
        if holder is None:
            holder = holders[item["section"]] = _holder(item["section"], taken)
            writer.texts(holder, "text", titles.get(item["section"], {}))
            made.append(holder)
        group = groups.get(item.get("group", ""))
        if group is not None and group["id"] not in holders:
            holders[group["id"]] = _holder(group["id"], taken)
            writer.group(holders[group["id"]], group, {})
            _add_hint(holders[group["id"]], group, writer, _control("help"))
            holder["item"].append(holders[group["id"]])
        element: Json = {"linkId": item["link_id"]}
        writer.write(element, item, {})
        _add_hint(element, item, writer)
        (holder if group is None else holders[group["id"]])["item"].append(element)
    return made


def _holder(name: str, taken: set[str]) -> Json:
    return {"linkId": _free(name, taken), "type": "group", "item": []}


def _add_hint(element: Json, holder: Mapping[str, Any], writer: Writer, *extensions: Json) -> None:
    if holder.get("hint"):
        hint: Json = {"linkId": f"{element['linkId']}.hint", "type": "display"}
        if extensions:
            hint["extension"] = [*extensions]
        writer.texts(hint, "text", holder["hint"])
        element["item"] = [hint, *element.get("item", [])]


def _control(code: str) -> Json:
    return {"url": ITEM_CONTROL, "valueCodeableConcept": control_concept(code)}


def _scores(content: Content, key_text: str, taken: set[str], writer: Writer) -> Iterator[tuple[str, Json]]:
    """Read-only items for what is computed here, by the ids of the scores."""
    for score_id, element in score_items(content, key_text, writer):
        link_id = score_id
        while link_id in taken:
            link_id = f"score-{link_id}"
        taken.add(link_id)
        yield score_id, {"linkId": link_id, **element}


def _link_ids(items: Sequence[Json]) -> Iterator[str]:
    for item in items:
        yield str(item.get("linkId"))
        yield from _link_ids(item.get("item", ()))


def _free(name: str, taken: set[str]) -> str:
    """A link id for a group: its section's, unless a question is called so."""
    while name in taken:
        name = f"section-{name}"
    taken.add(name)
    return name


def _in_order(element: Json) -> Json:
    children = [_in_order(child) for child in element.get("item", ())]
    rest = {key: value for key, value in element.items() if key != "item"}
    return ordered(rest) | ({"item": children} if children else {})
