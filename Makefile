# make audit        the two first reports, from nothing but Python 3.11 or later
# make test         all tests
# make lint         style, types, order of the rooms
# make docs         the pages that are made from the code
# make site         the docs as a site, in the folder site
# make benchmarks   the speed, memory and coverage figures of the docs

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
AUDITKIT := $(BIN)/auditkit

.PHONY: audit test lint site docs benchmarks wheel clean

audit: .venv/installed
	$(AUDITKIT) run amsterdam-smart-check --language fr --out reports/amsterdam-smart-check
	$(AUDITKIT) run compas --language en --out reports/compas
	$(AUDITKIT) report reports/compas --language fr
	$(AUDITKIT) run amsterdam-profiles --language fr --out reports/amsterdam-profiles
	@echo
	@echo "The reports (Les rapports) :"
	@echo "  reports/amsterdam-smart-check/report.fr.html"
	@echo "  reports/compas/report.html"
	@echo "  reports/compas/report.fr.html"
	@echo "  reports/amsterdam-profiles/report.fr.html"

test: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: .venv/installed-dev
	$(BIN)/python docs/make_pages.py

benchmarks: .venv/installed-dev
	for file in benchmarks/*.py; do echo "$$file"; $(BIN)/python $$file || exit 1; done

wheel: .venv/installed-dev
	$(BIN)/python -m build --wheel

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "auditkit needs Python 3.11 or later: install it, then type make again."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ .venv/installed

clean:
	rm -rf .venv reports dist build

site: .venv/installed-dev
	$(BIN)/python -m sphinx --fail-on-warning --keep-going -q -b html docs site
