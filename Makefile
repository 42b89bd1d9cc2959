# make run    serve the sample city on http://127.0.0.1:8000
# make test   set up all the tests need and run them, on SQLite and PostgreSQL
# make lint   ruff, mypy, import-linter, migrations, locks
# make bench  measure; results in bench/RESULTS.md
# make lock   renew the locks after a change of pyproject.toml

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: run setup test setup-test lint bench lock clean

run: setup
	@$(BIN)/yzt serve --sample

setup: .venv/.ready
	@$(BIN)/python scripts/assets.py
	@$(BIN)/python -m compileall -q -j 0 src/yizhantong

.venv/.ready: requirements.lock requirements-tools.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-tools.lock
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

test: setup-test
	@bash scripts/test.sh

setup-test: setup .venv/.ready-dev
	@bash scripts/system.sh
	@$(BIN)/python scripts/assets.py --tests

.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy src/yizhantong/foundation src/yizhantong/kernel
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python scripts/locks.py --check

bench: setup-test
	@bash scripts/bench.sh

lock: .venv/.ready
	@$(BIN)/python scripts/locks.py

clean:
	rm -rf .venv node_modules var build src/yizhantong/web/static/vendor
