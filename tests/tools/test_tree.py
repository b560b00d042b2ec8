"""What holds for the whole tree of tracked files, whatever they are about."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each pattern is written so that it does not match its own line.
MACHINE_PATHS = re.compile(r"(?<![\w.:/-])/(?:wor[k]|far[m]|roo[t]|hom[e]/\w+|User[s]/\w+)/\w|/tm[p]/bash_jobs")
REGISTRY_HOSTS = re.compile(r"pyp[i]\.org|python[h]osted|npm[j]s\.(?:org|com)|registr[y]\.yarnpkg|deb\.debia[n]\.")
LOCKED = re.compile(r"[a-z0-9._-]+==[\w.!+]+(?: ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?|\s*#.*|")
LIMIT = 400


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Every line that matches, as file:line: text. Files that are not text are left out."""
    hits = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return hits


def python_modules() -> list[Path]:
    return tracked("*.py")


def test_no_file_names_a_path_of_a_machine():
    assert found(MACHINE_PATHS, tracked()) == []


def test_no_file_names_a_package_registry():
    assert found(REGISTRY_HOSTS, tracked()) == []


def test_no_python_module_is_longer_than_a_reader_can_hold():
    lengths = {path: len(path.read_text().splitlines()) for path in python_modules()}
    long = {
        str(path.relative_to(ROOT)): length
        for path, length in lengths.items()
        if length > LIMIT and path.relative_to(ROOT).parts[0] != "migrations"
    }
    assert long == {}


def test_every_python_module_says_in_its_first_line_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("careplan/*.py")
        if path.read_text().strip() and not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_no_module_catches_every_exception():
    assert found(re.compile(r"except (?:Base)?Exceptio[n]|except\s*:"), python_modules()) == []


def test_no_sql_is_put_together_from_strings():
    assert (
        found(re.compile(r"\btext\(\s*(?:f[\"']|[\"'][^\"']*[\"']\s*(?:%|\.format))"), tracked("careplan/*.py")) == []
    )


def test_only_the_text_of_a_plan_is_shown_unescaped():
    # content/ is compiled without HTML and cleaned by nh3 before this template gets it.
    cleaned = ROOT / "careplan/templates/components/plan.html"
    templates = [path for path in tracked("careplan/templates/*") if path != cleaned]
    assert found(re.compile(r"\|\s*safe\b|autoescape\s+false"), templates) == []


def test_no_module_is_named_for_nothing():
    nameless = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
    assert [str(path.relative_to(ROOT)) for path in python_modules() if path.name in nameless] == []


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_the_command(command):
    assert command in (ROOT / "README.md").read_text()


def test_the_readme_names_no_make_target_that_does_not_exist():
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"\bmake ([a-z]+)", re.sub(r"apt install [^`\n]*", "", (ROOT / "README.md").read_text())))
    assert named - targets == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_holds_versions_and_hashes_only(lock):
    lines = (ROOT / lock).read_text().splitlines()
    assert [line for line in lines if not LOCKED.fullmatch(line)] == []


def versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text()))


def test_tests_run_with_the_versions_that_are_served():
    assert versions("requirements.lock").items() <= versions("requirements-dev.lock").items()


def test_each_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower() for line in wanted}
    assert names - versions("requirements-dev.lock").keys() == set()
