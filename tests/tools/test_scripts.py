"""The shell scripts behind `make`: what they do when something is missing."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path):
    """Runs a script with stand-ins for programs of the machine first on PATH."""

    def run(*command, programs, **environment):
        for name, script in programs.items():
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if name not in {"CI", "CAREPLAN_TEST_POSTGRES_URL"}}
        return subprocess.run(
            command,
            cwd=ROOT,
            env=kept | {"PATH": f"{tmp_path}:{os.environ['PATH']}"} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return run


NOTHING_INSTALLED = {"dpkg-query": "exit 1"}
ALL_INSTALLED = {"dpkg-query": "echo 'installed '"}
REMOVED = {"dpkg-query": "echo 'config-files '"}
USER = {"id": "echo 1000"}
ADMINISTRATOR = {"id": "echo 0"}


def test_packages_that_are_there_are_left_alone(machine):
    run = machine(".ci/packages", "one", "two", programs=ALL_INSTALLED | ADMINISTRATOR | {"apt-get": "exit 9"})
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.parametrize("state", [NOTHING_INSTALLED, REMOVED])
def test_a_user_is_told_in_one_line_what_to_install(machine, state):
    run = machine(".ci/packages", "one", "two", programs=state | USER)
    assert run.returncode == 1
    assert run.stderr == "Missing: one two. Install as root: apt install one two\n"


def test_an_administrator_gets_what_is_missing_installed(machine, tmp_path):
    told = tmp_path / "told"
    run = machine(
        ".ci/packages", "one", programs=NOTHING_INSTALLED | ADMINISTRATOR | {"apt-get": f'echo "$*" >>{told}'}
    )
    assert run.returncode == 0
    assert told.read_text().splitlines()[-1].endswith("install -y --no-install-recommends one")
    assert run.stderr == "Installing one ...\n"


def test_a_failed_installation_fails_and_says_why(machine):
    refusal = {"apt-get": "echo no such package; exit 100"}
    run = machine(".ci/packages", "one", programs=NOTHING_INSTALLED | ADMINISTRATOR | refusal)
    assert run.returncode == 100
    assert "no such package" in run.stderr


def test_a_server_that_is_named_already_is_used(machine):
    run = machine(
        "tests/postgres.sh",
        "printenv",
        "CAREPLAN_TEST_POSTGRES_URL",
        programs={},
        CAREPLAN_TEST_POSTGRES_URL="postgresql+psycopg://elsewhere",
    )
    assert run.stdout == "postgresql+psycopg://elsewhere\n"


@pytest.mark.postgres
def test_a_server_of_our_own_lives_as_long_as_the_command_and_its_exit_code_is_passed_on(machine):
    run = machine("tests/postgres.sh", "sh", "-c", "printenv CAREPLAN_TEST_POSTGRES_URL; exit 7", programs={})
    assert run.returncode == 7, run.stderr
    if "No PostgreSQL server" in run.stderr:
        pytest.skip("this machine has no PostgreSQL server")
    folder = Path(run.stdout.strip().partition("host=")[2])
    assert folder.name.startswith("careplan-postgres.")
    assert not folder.exists()
