"""How a text reads: LIX, long sentences, abbreviations, the passive voice; what is not translated; the report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

from careplan.library.files import read_tree
from careplan.library.plans import split
from careplan.library.problems import ContentErrors, Problem, Severity

HIGHEST_LIX, TARGET_LIX = 40, 35
LONGEST_SENTENCE = 20

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_SENTENCE_END = re.compile(r"[.!?:](?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\{\{[^}]*\}\}")

# Written out they are read aloud right, and understood by all. Some are abbreviations with their point alone.
_SPACED = r"t ?ex|bl ?a|m ?m|m ?fl|o ?s ?v|d ?v ?s|p ?g ?a|s ?k|f ?d|fr ?o ?m|t ?o ?m".replace(" ?", r"\. ?")
_SHORT = {
    "sv": (f"{_SPACED}|osv|dvs|pga|ca|ev|resp|inkl|exkl|jfr|kl|tel|nr|st|obs|dr", "osv|dvs|pga|bl a|t ex|fr o m|t o m"),
    "en": (r"e\.g|i\.e|etc|approx|incl|excl|tel|vs|dr", "eg|ie|etc"),
}
_ABBREVIATIONS = {
    lang: re.compile(rf"(?<!\w)(?:(?:{dotted})\.(?!\w)|(?:{bare})(?![\w.]))", re.IGNORECASE)
    for lang, (dotted, bare) in _SHORT.items()
}
# A verb in -s after a helping verb, or one with its doer after "av", is passive; these are not.
_DEPONENT = frozenset(
    ("andas", "hoppas", "hjälpas", "kräkas", "kännas", "lyckas", "låtsas", "minnas", "misslyckas", "mötas", "märkas")
    + ("svettas", "synas", "trivas", "träffas", "umgås", "vistas", "ångras", "enas", "rymmas", "turas", "skämmas")
    + ("finnas", "saknas", "behövas", "höras", "annars", "kanske", "förstås")
)
_HELPING = "ska|kan|måste|bör|får|behöver|brukar|kommer att|kunde|skulle"
_PASSIVE = {
    "sv": re.compile(
        rf"(?<!\w)(?:{_HELPING})\s+(?:(?:inte|också|även|ofta)\s+)?([a-zåäö]{{3,}}[aeyå]s)(?!\w)"
        r"|(?<!\w)([a-zåäö]{3,}des)\s+av(?!\w)"
        r"|(?<!\w)(?:blir|blev|bli|blivit)\s+([a-zåäö]{3,}(?:ad|at|ade|ats))\s+av(?!\w)"
    ),
    "en": re.compile(r"(?<!\w)(?:is|are|was|were|be|been|being)\s+([a-z]{3,}ed)\s+by(?!\w)", re.IGNORECASE),
}


def lix(markdown: str) -> float:
    """Words per sentence (a heading, a bullet and a table cell each end one) plus the percentage of long words."""
    text = re.sub(r"(?m)^\s*(#+|[-*+]|\d+\.|>|:::?\S*)\s*(.*)$", r"\2.", markdown)
    text = text.replace("|", ".").replace("\n\n", ".\n")
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    words = _WORD.findall(text)
    return len(words) / max(1, len(sentences)) + 100 * sum(len(word) > 6 for word in words) / max(1, len(words))


@lru_cache(maxsize=1000)
def text_findings(text: str, path: str) -> tuple[Problem, ...]:
    """How a chapter or template reads; nothing of a file that cannot be read."""
    try:
        _, body, first_line = split(text, path)
    except ContentErrors:
        return ()
    lang = path.rsplit(".", 2)[-2]
    found = []
    # LIX is a Swedish measure.
    if lang == "sv" and (measured := lix(body)) > HIGHEST_LIX:
        found.append(Problem(path, first_line, f"hard to read: LIX {measured:.0f}, at most {HIGHEST_LIX}"))
    for token in _MARKDOWN.parse(body):
        if token.type == "inline" and token.map is not None:
            spoken = "".join(child.content or "\n" for child in token.children or ())
            line = first_line + token.map[0]
            for message in _remarks(_PLACEHOLDER.sub("namn", spoken), lang):
                found.append(Problem(path, line, message, Severity.WARNING))
    return tuple(found)


def untranslated(text: str, swedish: str, path: str) -> Iterator[Problem]:
    """Lines of a translation that are still the Swedish ones."""
    try:
        _, body, first_line = split(text, path)
        _, original, _line = split(swedish, path)
    except ContentErrors:
        return
    theirs = {line.strip() for line in original.splitlines() if len(_WORD.findall(line)) > 2}
    for number, line in enumerate(body.splitlines(), start=first_line):
        if line.strip() in theirs:
            start = " ".join(line.split()[:5])
            yield Problem(path, number, f"not translated yet: “{start} …”", Severity.WARNING)


def _remarks(spoken: str, lang: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(spoken):
        count = len(re.findall(r"[^\W_]+(?:[-.][^\W_]+)*", sentence))
        if count > LONGEST_SENTENCE:
            start = " ".join(sentence.split()[:5])
            yield f"a sentence of {count} words, at most {LONGEST_SENTENCE}: “{start} …”"
    if lang in _ABBREVIATIONS:
        for match in _ABBREVIATIONS[lang].finditer(spoken):
            yield f"the abbreviation “{match[0]}”: write the words"
    for match in _PASSIVE[lang].finditer(spoken) if lang in _PASSIVE else ():
        verb = next(word for word in match.groups() if word)
        if verb not in _DEPONENT:
            yield f"the passive voice, “{' '.join(match[0].split())}”: say who does it"


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """Of one file: its LIX, its words, the length of its longest sentence, and how many warnings of wording it has."""

    name: str
    lix: float
    words: int
    longest: int
    warnings: int


def reading_levels(content_path: Path) -> list[ReadingLevel]:
    """Of all templates and chapters, the hardest first in each language."""
    tree = read_tree(content_path)
    levels = [_level(name, text, tree.path(name)) for name, text in tree.texts.items() if name.endswith(".md")]
    return sorted(levels, key=lambda each: (not each.name.endswith(".sv.md"), -each.lix, each.name))


def report(levels: Sequence[ReadingLevel]) -> str:
    """A page for the docs."""
    swedish = [level for level in levels if level.name.endswith(".sv.md")]
    reached = sum(level.lix <= TARGET_LIX for level in swedish)
    hardest = max((level.lix for level in swedish), default=0)
    return "\n".join(
        (
            "# Reading level of the content",
            "",
            "Made by `careplan check --report > docs/reading-level.md`. LIX is words per sentence (a heading, a bullet",
            "and a table cell each end one) plus the percentage of words over six letters; it is a measure of Swedish.",
            f"Limit {HIGHEST_LIX}, target {TARGET_LIX}. Warnings: sentences of more than {LONGEST_SENTENCE} words,",
            "abbreviations, the passive voice.",
            "",
            f"{len(swedish)} Swedish texts; {reached} reach the target. The hardest has LIX {hardest:.0f}.",
            "This is a measure of words alone: no reader has been asked.",
            "",
            "| text | LIX | words | longest sentence | warnings |",
            "|---|---|---|---|---|",
            *(
                f"| `{level.name}` | {_measured(level)} | {level.words} | {level.longest} | {level.warnings} |"
                for level in levels
            ),
            "",
        )
    )


def _measured(level: ReadingLevel) -> str:
    return f"{level.lix:.0f}" if level.name.endswith(".sv.md") else "–"


def _level(name: str, text: str, path: str) -> ReadingLevel:
    try:
        _, body, _line = split(text, path)
    except ContentErrors:
        body = ""
    sentences = (
        sentence
        for token in _MARKDOWN.parse(body)
        if token.type == "inline"
        for sentence in _SENTENCE_END.split("".join(child.content or "\n" for child in token.children or ()))
    )
    return ReadingLevel(
        name=name,
        lix=lix(body),
        words=len(_WORD.findall(body)),
        longest=max((len(_WORD.findall(sentence)) for sentence in sentences), default=0),
        warnings=sum(not each.is_error for each in text_findings(text, path)),
    )
