# `make demo` and `make test` work on a machine that has Python 3.11+ and make, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup demo staging test test-slow lint bench lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Watchword needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/watchword check roma-connect iotda kii --mock

# A target of watchword.toml: make staging TARGET=name
staging: setup
	@test -n "$(TARGET)" || { echo 'name a target of watchword.toml: make staging TARGET=name' >&2; exit 2; }
	$(BIN)/watchword fuzz --target $(TARGET) $(OPTIONS)

# Bytecode is kept where the environment says otherwise, as in most containers: the tests start hundreds of processes.
test test-slow: export PYTHONDONTWRITEBYTECODE :=

test: setup
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not slow"

test-slow: setup
	$(BIN)/python -m pytest -n 2 -m slow

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

# The lock is made by uv from pyproject.toml alone; it holds no address.
lock:
	uv pip compile pyproject.toml --universal --all-extras --group dev --python-version 3.11 \
	  --no-emit-index-url --generate-hashes --no-annotate --no-header --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
