SHELL := /bin/bash
PYTHON_BIN := .venv/bin
JOBS ?= 2
# Further words for the program: make run ARGS="--screen dispatch --user li.na"
ARGS ?=
BENCH ?= all
SCREENS ?= dispatch

# Tests start the program again and again: where a machine forbids .pyc files, each start would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-tests setup-bench run lint check end2end test shots bench

# Everything the program needs; quick when nothing is missing.
setup:
	@.ci/setup.sh

setup-tests:
	@.ci/setup.sh --tests

# PostgreSQL, schema, profile, simulator and the desk; pictures instead of the desk where there is no display.
run: setup
	@$(PYTHON_BIN)/python main.py run $(ARGS)

lint: setup-tests
	$(PYTHON_BIN)/ruff check .
	$(PYTHON_BIN)/mypy
	$(PYTHON_BIN)/lint-imports

# One file stays on one worker: its tests may share a server of their own. tests/conftest.py puts long files first.
check: lint
	$(PYTHON_BIN)/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder tests/integration tests/qt tests/unit

# Whole programs, each with an Xvfb of its own; a worker has a home and a server of its own. A test that fails is tried
# once more and named (docs/adr/042).
end2end: setup-tests
	$(PYTHON_BIN)/pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder \
	  --reruns 1 --max-suite-reruns 3 --rerun-show-tracebacks tests/end2end

# What CI runs.
test: check
	@$(MAKE) --no-print-directory end2end

# Every screen as a picture in ./out, from current data.
shots: setup
	@mkdir -p out
	@for screen in $(SCREENS); do \
	  $(PYTHON_BIN)/python main.py shot "$$screen" "out/$$screen.png" || exit 1; \
	done

# What `bench write` and `bench wall` measure us beside (Python packages; node, Chromium and web maps); the program and
# its tests do without.
setup-bench: setup
	@$(PYTHON_BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-bench.lock
	@tests/bench/web/setup.sh

# Measurements; one of them with BENCH=name.
bench: setup-bench
	@$(PYTHON_BIN)/python main.py bench $(BENCH) $(ARGS)
