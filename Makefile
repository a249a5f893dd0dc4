# Everything a person does here, each by one name.  `make` alone lists them.
#
# A target that needs packages makes .venv and installs them; a stamp in it, older than pyproject.toml
# or absent, is what makes that happen (again).  Nothing outside this folder is touched.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The first Python that is new enough; `make PYTHON=... test` chooses another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)

VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps

PYTEST_ARGS ?=
# Processes that share the tests; `make PYTEST_WORKERS=0 test` runs them in this one.
PYTEST_WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- what a newcomer does -------------------------------------------------------------------------

.PHONY: demo
demo: $(STAMPS)/cli ## see HTTP/2 at work on real sockets, with TLS
	@$(BIN)/hyper --once

.PHONY: test
test: $(STAMPS)/test brotli pure ## run the tests on the pure build
	HYPER_EXPECT_BUILD=pure $(PYTEST) $(PYTEST_ARGS)

# Programs that are run on hyper.compat, each set in an environment of its own.
SOFTWARE := $(VENV)/software

.PHONY: software
software: $(SOFTWARE)/programs/ready $(SOFTWARE)/mitmproxy/ready ## install httpx, Hypercorn, mitmproxy and others, for the tests of hyper.compat

$(SOFTWARE)/%/ready: tests/interop/software/%.txt | $(BIN)/python
	@echo "installing $* into $(SOFTWARE)/$*"
	@rm -rf $(SOFTWARE)/$*
	@$(BIN)/python -m venv $(SOFTWARE)/$*
	@$(SOFTWARE)/$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@

# --- what a developer does ------------------------------------------------------------------------

.PHONY: test-compiled
test-compiled: $(STAMPS)/test brotli compiled ## run the tests on the compiled build
	HYPER_EXPECT_BUILD=compiled $(PYTEST) $(PYTEST_ARGS)

# Not by dates: a file that was removed has none, and a checkout makes them all new.
.PHONY: compiled
compiled: $(STAMPS)/compile ## compile floors 0 to 3 beside their sources
	@$(BIN)/python -m tools.build_record || { \
		$(MAKE) --no-print-directory pure; echo "compiling, this takes a minute"; \
		HYPER_COMPILE=1 $(BIN)/python setup.py --quiet build_ext --inplace; }

.PHONY: pure
pure: ## take the compiled modules away again
	@find src \( -name '*.so' -o -name '*.pyd' \) -type f -delete
	@rm -f src/hyper/_build.json

.PHONY: lint
lint: $(STAMPS)/dev ## format, lint, types, floors, file lengths, ignores, requirements
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.check_imports
	$(BIN)/python -m tools.check_lines
	$(BIN)/python -m tools.check_ignores
	$(BIN)/python -m tools.spec_report --check
	$(BIN)/python -m tools.changelog --check

.PHONY: spec
spec: $(BIN)/python ## see that every requirement of the RFCs is where spec/ says, and count them
	$(BIN)/python -m tools.spec_report
	$(BIN)/python -m tools.spec_report --check

.PHONY: standalone
standalone: $(STAMPS)/test brotli ## run each piece's tests with nothing but the floors it may use
	$(BIN)/python -m tools.standalone

# hyper-brotli is a distribution by itself.  Where libbrotli is missing, its tests skip with a reason.
BROTLI := bindings/brotli
BROTLI_SOURCES := $(shell find $(BROTLI)/src $(BROTLI)/native $(BROTLI)/*.py $(BROTLI)/*.toml -type f)

.PHONY: brotli
brotli: | $(BIN)/python ## build the Brotli binding and install it, where libbrotli-dev is there
	@if pkg-config --exists libbrotlienc libbrotlidec 2>/dev/null; then \
		$(MAKE) --no-print-directory $(STAMPS)/hyper-brotli; \
	else echo "hyper-brotli is not built: pkg-config finds no libbrotli (Debian: apt install pkg-config libbrotli-dev)"; fi

$(STAMPS)/hyper-brotli: $(BROTLI_SOURCES) | $(BIN)/python
	@echo "building hyper-brotli"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps ./$(BROTLI)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'cffi>=1.17'
	@rm -rf $(BROTLI)/build $(BROTLI)/src/*.egg-info
	@mkdir -p $(STAMPS)
	@touch $@

.PHONY: try-install
try-install: $(BIN)/python ## install both builds into environments of their own and look at them
	$(BIN)/python -m tools.try_install

.PHONY: bench
bench: $(STAMPS)/bench $(STAMPS)/compile brotli ## measure both builds against the peers; writes bench/README.md
	@$(MAKE) --no-print-directory pure
	$(BIN)/python -m bench.run
	@$(MAKE) --no-print-directory compiled
	$(BIN)/python -m bench.run
	@$(MAKE) --no-print-directory pure

.PHONY: bench-smoke
bench-smoke: $(STAMPS)/bench brotli ## see that every benchmark still runs; the figures mean nothing
	$(BIN)/python -m bench.run --smoke

.PHONY: fuzz
fuzz: $(STAMPS)/fuzz brotli ## fuzz each target for FUZZ_SECONDS (60)
	@for target in fuzz/fuzz_*.py; do \
		name=$$(basename "$$target" .py); mkdir -p build/fuzz/$$name; echo "--- $$name"; \
		$(BIN)/python -m fuzz.$$name -max_total_time=$${FUZZ_SECONDS:-60} -artifact_prefix=build/fuzz/ \
			build/fuzz/$$name fuzz/corpus/$$name; done

.PHONY: docs
docs: $(STAMPS)/dev pure ## build the pages into docs/_build/html
	$(BIN)/python -m sphinx --builder html -W --keep-going --nitpicky --quiet docs docs/_build/html
	@echo "docs/_build/html/index.html"

.PHONY: clean
clean: pure ## take away everything that was built, but not .venv
	@rm -rf build dist docs/_build src/*.egg-info $(BROTLI)/build $(BROTLI)/src/*.egg-info .hypothesis .*_cache .import_linter_cache
	@find src tests tools bench fuzz docs bindings -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: distclean
distclean: clean ## the same, and .venv
	@rm -rf $(VENV)

# Which Python that would be; for scripts.
.PHONY: print-python
print-python:
	@echo "$(PYTHON)"

# --- how packages get in --------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Hyper needs Python 3.11 or newer; none was found on the PATH." >&2; exit 1; fi
	@if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$(PYTHON) cannot make a virtual environment: install its venv package (Debian, Ubuntu: apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'))." >&2; exit 1; fi
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# `cli test dev bench fuzz` are the extras of pyproject.toml.
$(STAMPS)/%: pyproject.toml | $(BIN)/python
	@echo "installing hyper[$*] into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@mkdir -p $(STAMPS)
	@touch $@
