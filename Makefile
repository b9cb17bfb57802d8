# Two commands set a fresh machine up: `make run` and `make test`. The rest are listed by `make help`.
SHELL := bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SCALE ?= demo
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help install run test lint format indicators dashboards dagster bench real docs screenshots lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

# The stamp is newer than the lock exactly when the lock is installed: a second `make run` reinstalls nothing.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed and '$(PYTHON)' was not found: install it, or say make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing Forecourt into $(VENV) (once; a few minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

install: $(STAMP)  ## the virtual environment from the lock

run: $(STAMP)  ## demo world -> load -> OneID -> indicators -> snapshot; prints the dealer funnel
	@$(BIN)/forecourt run --scale $(SCALE)

test: $(STAMP)  ## every test but the benchmarks; ARGS="..." goes to pytest
	@$(BIN)/python -m pytest $(ARGS)

lint: $(STAMP)  ## format, style, types, import rules, SQL, compiled indicators, event contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/forecourt indicators check
	$(BIN)/forecourt indicators compile --check
	$(BIN)/forecourt indicators release --check
	$(BIN)/forecourt events check
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

format: $(STAMP)  ## rewrite files into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

indicators: $(STAMP)  ## after a change of the registry: check, compile, build what follows, publish, show what is new
	@$(BIN)/forecourt indicators apply

dashboards: $(STAMP)  ## open the dashboards on the published snapshot
	@$(BIN)/python -m dashboards

dagster: $(STAMP)  ## open the Dagster UI with the whole flow as one asset graph
	@mkdir -p data/dagster && cp orchestration/dagster.yaml data/dagster/dagster.yaml
	@DAGSTER_HOME=$(CURDIR)/data/dagster $(BIN)/dagster dev --module-name orchestration.definitions

bench: $(STAMP)  ## speed and memory, with the machine written down
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.identity
	@for verb in collector latency kills crm soak; do $(BIN)/python -m tests.bench.live $$verb || exit 1; done

real: $(STAMP)  ## the same pipeline on the public data sets: make real DATA=<folder>
	@test -n "$(DATA)" || { echo "Say where the public data sets are: make real DATA=<folder>"; exit 1; }
	@$(BIN)/forecourt real "$(DATA)"

screenshots: $(STAMP)  ## pictures of the pages at desk, phone and wall size into data/screenshots
	@$(BIN)/python -m dashboards.screenshot data/screenshots

docs: $(STAMP)  ## dbt docs as a static page
	@cd dbt_project && ../$(BIN)/dbt docs generate --static
	@echo "Open dbt_project/target/static_index.html"

lock:  ## rewrite requirements.lock (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml --output-file requirements.lock

clean:  ## remove the demo world, the warehouse and the snapshots (not the environment)
	rm -rf data
