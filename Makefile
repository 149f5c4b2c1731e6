# Kakuho: `make` lists what can be done here.
PYTHON ?= python3
SCENARIO ?= credentials
SCALE ?= 0.01
SEED ?= 1
EVIDENCE ?=
JSON ?=
EXAMPLES ?= 10000
export UV_PYTHON_DOWNLOADS := never

UV := .tools/bin/uv
BIN := .venv/bin
PACKAGES := disclosure-ledger petinsurance kakuho drills

.DEFAULT_GOAL := help
.PHONY: help setup drill test lint serve laws bench docs lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## everything installed; leaves .venv/bin/kakuho ready

drill: .venv/.ready ## a real intrusion, answered and scored: SCENARIO=… (kakuho-drill list) SCALE=0.01 SEED=1 EVIDENCE=-ledger,-dblog JSON=out.json
	@$(BIN)/kakuho-drill run --scenario "$(SCENARIO)" --scale "$(SCALE)" --seed "$(SEED)" --evidence="$(EVIDENCE)" $(if $(JSON),--json "$(JSON)")

test: lint ## every check and every test (browser tests need Chromium; see CONTRIBUTING)
	$(BIN)/pytest

lint: .venv/.ready ## ruff, mypy strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: .venv/.ready ## petinsurance on 127.0.0.1:8000 with a small synthetic population
	$(BIN)/petinsurance serve --scale "$(SCALE)" --seed "$(SEED)"

LAWS := $(BIN)/pytest --hypothesis-profile=laws --timeout=0 --hypothesis-show-statistics
SIDE := test_1 or test_3 or test_5
laws: export EXAMPLES := $(EXAMPLES)
laws: .venv/.ready ## the exposure laws on EXAMPLES=10000 generated intrusions, replay against PostgreSQL on 2,100 statements
	@$(LAWS) kakuho/tests/laws -k "$(SIDE)" & one=$$!; \
	$(LAWS) -s kakuho/tests/exposure/test_replay_truth.py kakuho/tests/laws -k "not ($(SIDE))"; two=$$?; \
	wait $$one && exit $$two

bench: .venv/.ready ## the performance figures
	$(BIN)/python -m benchmarks

docs: .venv/.ready ## rebuild what the documentation shows from the programs themselves
	$(BIN)/python docs/build.py

lock: $(UV) ## renew requirements.lock
	$(UV) lock -q --upgrade && $(UV) export -q --all-packages --all-groups --all-extras --no-emit-workspace --no-header --no-annotate -o requirements.lock

clean: ## remove what was built here (keeps nothing of .venv, .tools, run)
	rm -rf .venv .tools run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11 …")'
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"

.venv/.ready: $(UV) requirements.lock $(PACKAGES:%=%/pyproject.toml)
	@$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps $(PACKAGES:%=-e ./%)
	@touch $@
