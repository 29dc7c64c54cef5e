# Two commands matter: `make run` (try the bot in a browser, no Slack needed) and `make test`.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8765

.PHONY: run test lint types contracts bench format clean

run: $(VENV)/installed
	$(BIN)/chartdesk sandbox --port $(PORT)

test: lint types contracts
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/installed-test
	$(BIN)/ruff check .

types: $(VENV)/installed-test
	$(BIN)/mypy

contracts: $(VENV)/installed-test
	$(BIN)/lint-imports

bench: $(VENV)/installed-bench
	for bench in tests/benchmarks/bench_*.py; do $(BIN)/python -m tests.benchmarks.$$(basename $$bench .py) || exit 1; done

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache

# The interpreter: PYTHON if it is there, else python3, as long as it is 3.11 or newer.
$(VENV)/made:
	@$(PYTHON) -c '' 2>/dev/null && python=$(PYTHON) || python=python3; \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it."; exit 1; }; \
	$$python -m venv $(VENV) && touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/installed-test: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@ $(VENV)/installed

$(VENV)/installed-bench: $(VENV)/made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,bench]'
	touch $@
