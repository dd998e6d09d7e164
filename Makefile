# Everything a newcomer needs: `make run`, `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
WORKSPACE ?= $(or $(OPSLOOP_WORKSPACE),data)
UV_VERSION := 0.13.9
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE
export DAGSTER_DISABLE_TELEMETRY := 1
export OPSLOOP_WORKSPACE := $(WORKSPACE)
# Examples read other people's data from these folders; see examples/*/README.md.
ifdef OPSLOOP_SHARED_DATA
export OLIST_DIR ?= $(OPSLOOP_SHARED_DATA)/olist
export COMPLETEJOURNEY_DIR ?= $(OPSLOOP_SHARED_DATA)/completejourney
export PLAUSIBLE_DIR ?= $(OPSLOOP_SHARED_DATA)/plausible_io_500users
export ACCESS_LOGS_DIR ?= $(OPSLOOP_SHARED_DATA)/web_access_logs
export TOUCHES_DIR ?= $(OPSLOOP_SHARED_DATA)/attribution_touchpoints
endif

.PHONY: help install install-test run demo data test check lint types mutants pages-tools lock bench bench-peers olist completejourney sql clean

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

.venv/uv: Makefile
	@echo "making the virtual environment .venv …"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
		|| { echo "opsloop needs Python 3.11 to 3.13: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@touch $@

.venv/installed: .venv/uv requirements.lock pyproject.toml
	@echo "installing the locked packages (about 1.5 GB, a minute or two the first time) …"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "opsloop.pth").write_text(str(pathlib.Path.cwd()))'
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m opsloop "$$@"\n' "$(CURDIR)" > $(BIN)/opsloop && chmod +x $(BIN)/opsloop
	@touch $@

install: .venv/installed ## make .venv with everything that running needs

.venv/installed-test: .venv/uv requirements-test.lock pyproject.toml
	@echo "installing the locked packages that tests need …"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-test.lock
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "opsloop.pth").write_text(str(pathlib.Path.cwd()))'
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m opsloop "$$@"\n' "$(CURDIR)" > $(BIN)/opsloop && chmod +x $(BIN)/opsloop
	@touch $@ .venv/installed

data: install ## make the demo company's exports and run the line on them
	@test -f $(WORKSPACE)/opsloop.yaml || $(BIN)/opsloop demo
	@$(BIN)/opsloop run || test $$? -eq 3

run: data ## install, make the demo company, run the line, serve pages and Dagster until Ctrl-C
	@$(BIN)/opsloop serve --all

demo: data ## the same, but end once every page and Dagster have answered
	@$(BIN)/opsloop serve --all --probe

olist: install ## run the line on Olist's data (set OLIST_DIR; see examples/olist/README.md)
	@$(MAKE) --no-print-directory example EXAMPLE=olist

completejourney: install ## run the line on Complete Journey (set COMPLETEJOURNEY_DIR; see its README.md)
	@$(MAKE) --no-print-directory example EXAMPLE=completejourney

plausible: install ## run the line on Plausible's own site (set PLAUSIBLE_DIR; see its README.md)
	@$(MAKE) --no-print-directory example EXAMPLE=plausible

access-logs: install ## run the line on server logs (set ACCESS_LOGS_DIR; see examples/access_logs/README.md)
	@test -f workspaces/access_logs/opsloop.yaml || $(BIN)/opsloop init workspaces/access_logs --example access_logs
	@sh workspaces/access_logs/fill.sh
	@$(MAKE) --no-print-directory example EXAMPLE=access_logs

touches: install ## run the line on marketing touches (set TOUCHES_DIR; see its README.md)
	@$(MAKE) --no-print-directory example EXAMPLE=touches

.PHONY: example
example:
	@test -f workspaces/$(EXAMPLE)/opsloop.yaml || $(BIN)/opsloop init workspaces/$(EXAMPLE) --example $(EXAMPLE)
	@$(BIN)/opsloop run --workspace workspaces/$(EXAMPLE) || test $$? -eq 3
	@echo "see it: $(BIN)/opsloop serve --workspace workspaces/$(EXAMPLE)"

pages-tools: # a browser and Chinese fonts, where this user may install them
	@command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'noto.*cjk' && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "installing Chromium and CJK fonts …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk poppler-utils >/dev/null; \
	else echo "no right to install Chromium and CJK fonts: browser tests will be skipped"; fi

lint: .venv/installed-test ## ruff on the code
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: .venv/installed-test ## mypy, strict
	@$(BIN)/mypy opsloop ingestion models_ml orchestration dashboards

test: .venv/installed-test pages-tools lint types ## install what tests need, lint, check types, run all tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

mutants: .venv/installed-test ## break the product on purpose, rule by rule, and see a test notice (ROWS="S6 T2" for some)
	@$(BIN)/python tests/mutants/run.py $(ROWS)
	@$(if $(if $(ROWS),$(filter X7,$(ROWS)),all),OPSLOOP_TEST_REACHES=. $(BIN)/python -m pytest --quiet tests/any_road/test_reaches.py)

.venv-bench/installed: .venv/uv requirements-bench.lock
	@echo "installing what the product is compared with into .venv-bench (about 1.3 GB) …"
	@$(PYTHON) -m venv .venv-bench
	@$(BIN)/uv pip sync --quiet --require-hashes --python .venv-bench/bin/python requirements-bench.lock
	@touch $@

bench-peers: .venv-bench/installed ## install what `make bench` compares the product with, in a venv of its own

bench: .venv/installed-test ## time the line on this machine and print the figures
	@$(BIN)/python -m benchmarks

lock: .venv/uv ## resolve the locked versions anew
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra test pyproject.toml -o requirements-test.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --group pyproject.toml:bench-peers -o requirements-bench.lock

sql: install ## a SQL shell on the published snapshot
	@$(BIN)/python -m dashboards.shell

clean: ## remove the virtual environment and what tests left
	rm -rf .venv artifacts .pytest_cache .mypy_cache .ruff_cache
