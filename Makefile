# Everything from nothing: `make demo` and `make test` need Python 3.11 or newer and make, no more.
# Kept to what GNU make 3.81 (macOS) and any POSIX shell understand.

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench faults soak fuzz clean

STAMP := .venv/.requirements
RUN := .venv/bin/python

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP) ## run the whole service here: web, worker, a phone in the browser, a mailbox
	@$(RUN) -m config.demo

# One process more than there are processors: much of the time a test waits for PostgreSQL or a browser.
test: $(STAMP) ## run the tests (ARGS="-k slots" picks some)
	@$(RUN) -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --maxprocesses 4 --dist loadgroup $(ARGS)

lint: $(STAMP) ## format, style, types, imports between the apps
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@.venv/bin/lint-imports

bench: $(STAMP) ## measure webhooks, turns and alerts a second, queries a turn
	@$(RUN) -m pytest tests/benchmarks -o python_files='bench_*.py' -p no:cacheprovider $(ARGS)

faults: $(STAMP) ## kill, hang and cut off every part while a crowd talks, and count what was lost (ROUNDS=25)
	@$(RUN) -m pytest tests/faults/fault_everything.py -p no:cacheprovider -v $(ARGS)

soak: $(STAMP) ## the same for an hour (MINUTES=60), and see whether memory or connections grow
	@$(RUN) -m pytest tests/faults/fault_soak.py -p no:cacheprovider -v $(ARGS)

fuzz: $(STAMP) ## throw random input at whatever reads something from outside, for longer than the tests do
	@$(RUN) -m pytest -m hypothesis --hypothesis-profile=fuzz $(ARGS)

clean: ## stop the embedded servers, delete their data and .venv
	@if [ -x .venv/bin/python ] && [ -d .local ]; then .venv/bin/python -m config.embedded remove; fi
	@rm -rf .venv .local

.venv: $(STAMP)

# A .venv without ensurepip (Debian ships it apart) has no pip: it is thrown away and what lacks is said.
$(STAMP): requirements.txt requirements-assistant.txt requirements-dev.txt constraints.txt
	@set -e; \
	python=; \
	for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	  if command -v $$name >/dev/null 2>&1 && \
	     $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then \
	    python=$$name; break; \
	  fi; \
	done; \
	if [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; then \
	  echo "Updating .venv ..."; \
	elif [ -z "$$python" ]; then \
	  echo "Python 3.11, 3.12, 3.13 or 3.14 is needed, and none was found." >&2; \
	  echo "Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13" >&2; \
	  exit 1; \
	elif ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python cannot make a virtual environment: its ensurepip is missing." >&2; \
	  echo "Debian, Ubuntu: apt install $$($$python -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')" >&2; \
	  exit 1; \
	else \
	  echo "Making .venv with $$($$python --version) ..."; \
	  $$python -m venv --clear .venv; \
	fi; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt; \
	touch $@

.PHONY: messages
messages: $(STAMP) ## take new and changed texts into locale/, compile it, say what is not translated
	@$(RUN) -m config.catalogue
