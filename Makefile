# Everything a person or a machine runs on this project starts here.
# `make demo` and `make test` need Python 3.11+ and make, and install the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1

.PHONY: setup demo test tools check docs bench lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "JigAjob needs Python 3.11 or newer: make PYTHON=python3.11 setup"; exit 1; }
	@echo "Installing what JigAjob needs into $(VENV) (a few minutes, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY)
	@$(BIN)/jigajob demo

test: check tools
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

# Dovecot is the mail server that tests connect to, Chromium shows them pages, and gcc makes what
# records the disk for the failures of power. Where they cannot be had, tests say so.
TOOLS := chromium dovecot-imapd dovecot-lmtpd dovecot-sieve gcc libc6-dev
tools:
	@dpkg -s $(TOOLS) >/dev/null 2>&1 || { \
		echo "Installing $(TOOLS) for the tests"; \
		if [ "$$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi; \
		$$as apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as apt-get install -y -qq --no-install-recommends $(TOOLS) >/dev/null; \
	} || echo "not installed: $(TOOLS); the tests that need them will be skipped"

check: $(READY)
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m portal.cli.reference --check

docs: $(READY)
	@$(BIN)/python -m portal.cli.reference

bench: $(READY)
	@$(BIN)/python -m tests.bench

lock:
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header --extra dev pyproject.toml --output-file requirements.lock

# The home (.jigajob) stays: it holds records and the key that opens them.
clean:
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
