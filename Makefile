# `make help` lists every target. Two of them are the project's promise: run and test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
# A service that may not keep its compiled modules compiles all of them at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint train eval bench soak lock messages clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) scripts/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml
	@$(PYTHON) scripts/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies of the tests …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements-bench.lock pyproject.toml
	@$(PYTHON) scripts/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies of the measurements …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run $(VENV)/.test

run: $(VENV)/.run ## the demo county, with WeChat's own side beside it
	@$(BIN)/yimen demo --port $(PORT)

lint: $(VENV)/.test ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/mypy

test: $(VENV)/.test ## the whole suite, on SQLite and a real PostgreSQL, with a real browser
	@$(BIN)/python scripts/find_chromium.py
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@# Other tracebacks parse the sources again, at which Python 3.11.7 can fail beside threads.
	@$(BIN)/python -m pytest -m "not load" -n 2 --tb=native
	@$(BIN)/python -m pytest -m "load and not million" --tb=native

bench: $(VENV)/.bench ## measure against others, side by side; prints ratios as JSON
	@$(BIN)/python -m bench

train: $(VENV)/.run ## learn what free text means from the labelled sentences, and print how well (a minute or two)
	@$(BIN)/python -m scripts.train

eval: $(VENV)/.run ## measure what free text is understood as, on sentences held out; fails where it falls short
	@$(BIN)/python -m scripts.evaluate

soak: $(VENV)/.test ## the load tests alone, with a million cases too
	@$(BIN)/python -m pytest -m load

lock: ## resolve the dependencies anew (needs uv)
	@for extra in "" "test" "test bench"; do \
	  name=$$(echo "$$extra" | awk '{print $$NF}'); \
	  uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --python-version 3.11 --no-header -q --extra build \
	    $$(for e in $$extra; do echo --extra $$e; done) \
	    -o requirements$${name:+-$$name}.lock; \
	done

messages: $(VENV)/.test ## collect the interface texts into the catalogues
	@$(BIN)/python scripts/messages.py

clean: ## remove what the targets made
	rm -rf $(VENV) .demo *.egg-info .mypy_cache .ruff_cache .pytest_cache
