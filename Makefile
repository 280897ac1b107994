# archive_svc: `make run` installs what is missing and starts the service; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Folder of the archive's data, and the folder that `make bundle` fills.
DATA ?= $(CURDIR)/data
BUNDLE_DIR ?= $(CURDIR)/dist/archive_svc-offline
archive := .venv/bin/archive

.PHONY: help install run demo doctor test check lint bench bundle service service-remove share assets dev clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  DATA=FOLDER chooses the archive's data folder (now $(DATA))"

install: ## install Debian packages, Python environment and assets that are missing
	@scripts/system-packages run
	@scripts/environment run
	@scripts/assets run

run: install ## install what is missing, then start the archive on this machine
	@$(archive) init --data "$(DATA)"
	@exec $(archive) serve --data "$(DATA)"

demo: install ## the same with an invented sample case in it, to look around
	@$(archive) init --data "$(DATA)"
	@$(archive) demo --data "$(DATA)"
	@exec $(archive) serve --data "$(DATA)"

doctor: install ## say what is missing, too old or misconfigured, and the command that mends it
	@$(archive) doctor --data "$(DATA)"

assets: install ## bring in browser scripts and language model again if they changed

dev: ## install what tests and checks need as well (Chromium too)
	@scripts/system-packages test
	@scripts/environment dev
	@scripts/assets dev

test: dev lint ## run every check and the whole test suite
	@scripts/node .venv/bin/pytest -q

check: dev lint ## the quick loop: style, types, import rules, unit tests
	@scripts/node .venv/bin/pytest -q tests/unit

lint: dev ## style, types and import rules
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache >/dev/null || .venv/bin/lint-imports --no-cache

bench: dev ## measure reading, splitting, search and viewing; prints JSON
	@scripts/bench

bundle: install ## write one folder from which `make run` installs without any network
	@scripts/bundle "$(BUNDLE_DIR)"

service: install ## start the archive with the machine (systemd); asks for root rights
	@scripts/service install "$(DATA)"

service-remove: ## undo `make service`; the data stays
	@scripts/service remove "$(DATA)"

share: install ## share the scan folder with the office's Windows machines (Samba)
	@scripts/share "$(DATA)"

clean: ## remove caches and built files; the environment and the data stay
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
