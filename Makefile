# Everything sets itself up: the first target that needs Python makes a virtual environment from the locked versions.
#   make PYTHON=python3.13 test        another interpreter (start with `make clean` where .venv exists)
#   make test TESTS=tests/world        a part of the tests

PYTHON ?= python3
VENV ?= .venv
DOCS ?= .venv-docs
TESTS ?= tests
MATRIX ?= 3.12 3.13
PYTEST_FLAGS ?= -q -rs -n auto --dist worksteal

BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv demo test test-container test-otter verify docs lint format templates bench matrix lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-15s %s\n' "$$name" "$$text"; done

# Remade when the locked versions or the project's own metadata change, and never otherwise.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is no Python 3.11 or newer: choose another with make PYTHON=..." >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# An environment of its own: the site needs nothing of the grader, whose docstrings are read as text.
$(DOCS)/.ready: requirements-docs.lock
	@$(PYTHON) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet -r requirements-docs.lock
	@touch $@

venv: $(READY) ## the virtual environment in .venv, from the locked versions

# Exit 1 of `grade` says that some hand-ins could not be run; the demonstration holds such ones on purpose.
demo: $(READY) ## grade the example class into build/demo
	@for folder in examples/class/*/; do \
	    name=$$(basename "$$folder"); \
	    $(BIN)/autograder grade "$$name" "$$folder" -o "build/demo/$$name" || [ $$? -eq 1 ] || exit 1; \
	done
	@echo
	@echo "Open next:"
	@for table in build/demo/*/grades.csv; do echo "  $$table"; done
	@for page in build/demo/*/summary.html; do echo "  $$page"; done
	@echo "  build/demo/*/*/feedback.html   what a student reads (feedback.txt: the same as text)"
	@echo "  build/demo/*/*/results.json    what Gradescope reads"

test: $(READY) ## all tests (a part of them: make test TESTS=tests/world)
	@$(BIN)/python -m pytest $(PYTEST_FLAGS) $(TESTS)

test-container: $(READY) ## the zips for Gradescope in a Debian root, as root with Docker's rights and half a core
	@AUTOGRADER_CONTAINER_TESTS=1 $(BIN)/python -m pytest -q -rs -n 2 --dist worksteal --durations 5 tests/container

# Otter's own dependencies are many and not locked: they are no part of the project, only what one zip of it meets.
test-otter: ## the zip for otter-grader under the newest otter, in an environment of its own
	@$(PYTHON) -m venv .venv-otter && .venv-otter/bin/python -m pip install --quiet -e '.[dev,otter]' \
	    || { echo "SKIPPED [1] tests/build/test_otter.py: otter-grader can't be installed here"; exit 0; }; \
	.venv-otter/bin/python -m pytest -q -rs -n auto tests/build/test_otter.py

verify: $(READY) ## do the checks tell right programs from wrong ones? every mutant, and all files judged twice
	@$(BIN)/autograder verify --repeat 2

docs: $(DOCS)/.ready ## the documentation's site in build/site, warnings as errors
	@$(DOCS)/bin/zensical build --strict --clean
	@echo "Open next: build/site/index.html"

lint: $(READY) ## ruff and mypy --strict, changing nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict autograder

format: $(READY) ## mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

templates: $(READY) ## student_template/ anew from the solutions
	@$(BIN)/autograder build template

bench: $(READY) ## what is detected, beside other tools; cost, speed, kills, virtual time; do verdicts hold?
	@$(BIN)/python benchmarks/detection.py
	@$(BIN)/python benchmarks/study.py
	@$(BIN)/python benchmarks/compare.py --seconds 3
	@$(BIN)/python benchmarks/sandbox.py
	@$(BIN)/python benchmarks/attacks.py
	@$(BIN)/python benchmarks/speed.py
	@$(BIN)/python benchmarks/scale.py --submissions 20 --slice 20 --sizes 100 1000
	@$(BIN)/python benchmarks/kills.py --moments 5 --disks 1
	@$(BIN)/python benchmarks/accuracy.py
	@$(BIN)/python benchmarks/verdicts.py

# An interpreter is had from PATH, or from pyenv. A pyenv shim stands on PATH for versions that it does not run, so
# each one found is tried.
matrix: ## the tests on Python 3.12 and 3.13, where they are installed
	@for version in $(MATRIX); do \
	    found=; \
	    for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version*/bin/python; do \
	        if "$$python" -c 'import venv' 2>/dev/null; then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then echo "Python $$version is not installed here: left out"; continue; fi; \
	    echo "Python $$version"; \
	    $(MAKE) --no-print-directory test PYTHON="$$found" VENV=.venv-$$version || exit 1; \
	done

# Made with the oldest Python that is supported, so that a backport it needs is not left out.
lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: ## newest versions into the lock files (make lock PYTHON=python3.11)
	@$(PYTHON) -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip install --quiet pip-tools==7.6.2
	@.venv-lock/bin/pip-compile --quiet --upgrade --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	@.venv-lock/bin/pip-compile --quiet --upgrade --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@.venv-lock/bin/pip-compile --quiet --upgrade --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements-docs.lock requirements-docs.in

clean: ## remove virtual environments, build/ and caches
	rm -rf .venv .venv-* build dist .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
