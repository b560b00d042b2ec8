.PHONY: help install demo test fast check format css messages bench torture lock clean
.DEFAULT_GOAL := help
SHELL := /bin/bash
# Where it is set, each process would compile the package anew: servers, workers and commands start in half the time.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
PYTHON ?= python3
# Which tests: make test T="tests/domain -k scoring"
T ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install
PYTEST := tests/postgres.sh $(BIN)/python -m pytest

# Stamps carry the hash of what they were installed from, so a changed lock file installs anew and nothing else does.
hash = $(shell cat $(1) | sha256sum | cut -c1-16)
RUNTIME := $(VENV)/runtime-$(call hash,requirements.lock pyproject.toml)
DEVELOPMENT := $(VENV)/development-$(call hash,requirements.lock requirements-dev.lock pyproject.toml)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

# What WeasyPrint loads to set the PDFs.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(RUNTIME) $(CATALOGUES) ## what running it takes, into .venv/
	@.ci/packages $(PANGO)

demo: install ## the demo clinic on http://127.0.0.1:8000 (PORT=8001 for another port)
	@mkdir -p var
	@export CAREPLAN_DEMO=1 CAREPLAN_DATABASE_URL=sqlite:///var/demo.db CAREPLAN_BASE_URL=http://127.0.0.1:$(PORT); \
	$(BIN)/careplan db upgrade && $(BIN)/careplan demo load && exec $(BIN)/careplan serve --with-worker --port $(PORT)

test: install $(DEVELOPMENT) ## every test but torture and bench (T="tests/domain -k scoring" for some)
	@.ci/packages chromium || { test -z "$$CI" && echo "Without chromium the tests marked browser are skipped." >&2; }
	@.ci/packages redis-server || { test -z "$$CI" && echo "Without redis-server the tests of the queue on Redis are skipped." >&2; }
	@test -n "$$CAREPLAN_TEST_POSTGRES_URL" || .ci/packages postgresql || test -z "$$CI"
	@$(PYTEST) -n 2 $(T)

fast: install $(DEVELOPMENT) ## the tests to run while writing: under a minute on two cores
	@$(BIN)/python -m pytest -n 2 -q -m "not browser and not postgres and not slow and not torture and not bench" $(T)

check: $(DEVELOPMENT) ## lint, types, layers and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/careplan check

format: $(DEVELOPMENT) ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

css: ## theme/ into careplan/static/ (needs Node; its result is committed)
	npm --prefix theme ci --no-audit --no-fund
	npm --prefix theme run build

messages: $(DEVELOPMENT) ## gather interface strings and bring translations/ up to date
	$(BIN)/pybabel extract -F translations/babel.cfg --no-location --sort-output -k _l -k lazy_gettext -o translations/messages.pot .
	$(BIN)/pybabel update -i translations/messages.pot -d translations --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel compile -d translations

bench: install $(DEVELOPMENT) ## benchmarks, as ratios
	@$(PYTEST) -m bench $(T)

torture: install $(DEVELOPMENT) ## runs in which processes are killed and disks fail
	@$(PYTEST) -m torture $(T)

# PYTHON should be the oldest one people have: some releases want a later patch release of 3.11 than Debian's 3.11.2.
lock: ## compile the lock files anew (PYTHON=/usr/bin/python3)
	test -x var/lock/bin/pip-compile || { $(PYTHON) -m venv var/lock && var/lock/bin/pip --quiet install pip-tools; }
	$(PIP_COMPILE) --output-file=requirements.lock pyproject.toml
	$(PIP_COMPILE) --extra=dev --constraint=requirements.lock --output-file=requirements-dev.lock pyproject.toml
PIP_COMPILE = var/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --no-emit-index-url \
	--no-emit-find-links --strip-extras --all-build-deps

clean: ## remove what make made, the demo's database too
	rm -rf $(VENV) var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel --quiet compile -i $< -o $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "careplan needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null || { rm -rf $(VENV); echo "No virtual environment without python3-venv. Install as root: apt install python3-venv" >&2; exit 1; }

$(RUNTIME): | $(BIN)/python
	@echo "Installing what careplan needs into $(VENV)/ ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation --no-deps -e . 2>$(VENV)/install.log || { cat $(VENV)/install.log >&2; exit 1; }
	@rm -f $(VENV)/runtime-* && touch $@

$(DEVELOPMENT): $(RUNTIME)
	@echo "Installing what the tests need into $(VENV)/ ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/development-* && touch $@
