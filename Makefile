# Project Tracker. `make help` explains itself.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/bash

.DEFAULT_GOAL := help
.PHONY: help run test check bench browser lint lock messages vendor wheel

help: ## Show what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/run.done: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.done: requirements/test.txt $(VENV)/run.done
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

run: $(VENV)/run.done messages ## Install, create the demo company, serve on 127.0.0.1:$(PORT)
	@TRACKER_ENV=demo $(BIN)/tracker demo --if-empty
	@TRACKER_ENV=demo $(BIN)/tracker serve --port $(PORT)

messages: $(VENV)/run.done
	@$(BIN)/python tools/translations.py compile

browser: ## Install Chromium and a CJK font for the real-browser tests (Debian and Ubuntu, as root)
	@tools/install_browser.sh

test: $(VENV)/test.done messages browser ## The whole suite, on SQLite and on PostgreSQL, with real browsers
	TRACKER_TEST_DATABASE=sqlite $(BIN)/pytest -n 2 --dist loadfile tests
	TRACKER_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadfile tests

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python tools/translations.py check

check: lint test ## Lint, types, layers, translations, tests

bench: $(VENV)/run.done messages ## The measurements of the contract as a table (BENCH_PROJECTS=100000)
	$(BIN)/python tools/bench.py

wheel: $(VENV)/run.done messages ## A wheel in dist/ that holds all the running product needs
	@rm -rf build
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

lock: ## Renew the hashed lock files (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra test -c requirements/run.txt pyproject.toml -o requirements/test.txt

vendor: ## Fetch the pinned browser libraries again
	$(PYTHON) tools/vendor.py
