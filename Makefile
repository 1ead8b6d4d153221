# Everything from nothing: `make demo` and `make test` need Python 3.11 or newer and make, no more.
# Kept to what GNU make 3.81 (macOS) and any POSIX shell understand.

.DEFAULT_GOAL := help
.PHONY: help demo test lint secure docs lock bench drill faults soak fuzz bite pictures clean

STAMP := .venv/.requirements
RUN := .venv/bin/python

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP) ## run the whole service here: web, worker, a phone in the browser, a mailbox
	@$(RUN) -m config.demo

# One process more than there are processors: much of the time a test waits for PostgreSQL or a browser.
test: $(STAMP) ## run the tests (ARGS="-k slots" picks some)
	@$(RUN) -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --maxprocesses 4 $(ARGS)

lint: $(STAMP) ## format, style, types, imports between the apps
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@.venv/bin/lint-imports

# What is in the baseline was looked at (docs/security.md). A copy, because lines that moved are corrected in
# it, which exits with 3.
UNREAD := \.(lock|png|webp|jpg|npz|po|mo|jsonl)$$|^docs/openapi\.yaml$$|^tests/(transcripts|assistant|admin/rights)|(wordpieces\.txt|pinned\.py)$$|^\.secrets
secure: $(STAMP) ## look for dangerous calls, and for keys and passwords that were left lying
	@$(RUN) -m bandit --quiet --configfile pyproject.toml --recursive .
	@mkdir -p .local && cp .secrets.baseline .local/secrets.baseline
	@$(RUN) -m detect_secrets.pre_commit_hook --cores 2 --baseline .local/secrets.baseline \
	  $$(git ls-files | grep -vE '$(UNREAD)') || [ $$? -eq 3 ]

docs: $(STAMP) ## build the documentation as a site in .local/site; whatever is broken stops it
	@NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --quiet

# One line for everything that is installed, with the digests of its files on every system. Versions that are
# locked stay as long as the lists let them: ARGS="--upgrade" or "--upgrade-package django" renews them.
LOCK := $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
lock: $(STAMP) ## pin all that requirements*.txt bring along, with hashes
	@$(LOCK) $(ARGS) requirements-uv.txt -o requirements-uv.lock
	@$(LOCK) $(ARGS) requirements-dev.txt -o requirements-dev.lock
	@$(LOCK) -c requirements-dev.lock requirements.txt -o requirements.lock
	@$(LOCK) -c requirements-dev.lock requirements.txt requirements-assistant.txt -o requirements-assistant.lock
	@$(LOCK) -c requirements-dev.lock requirements.txt requirements-bucket.txt -o requirements-bucket.lock

bench: $(STAMP) .local/bench/.requirements ## measure webhooks, turns and alerts a second, queries a turn
	@$(RUN) -m pytest tests/benchmarks -o python_files='bench_*.py' -p no:cacheprovider $(ARGS)

drill: $(STAMP) ## deploy a clone with production settings, replace it under load, restore a backup; timed
	@$(RUN) -m pytest tests/drill -o python_files='drill_*.py' -p no:cacheprovider -s $(ARGS)

faults: $(STAMP) ## kill, hang and cut off every part while a crowd talks, and count what was lost (ROUNDS=25)
	@$(RUN) -m pytest tests/faults -o python_files='test_*.py fault_*.py' \
	  --ignore tests/faults/fault_soak.py -p no:cacheprovider -v $(ARGS)

soak: $(STAMP) ## the same for an hour (MINUTES=60), and see whether memory or connections grow
	@$(RUN) -m pytest tests/faults/fault_soak.py -p no:cacheprovider -v $(ARGS)

fuzz: $(STAMP) ## throw random input at whatever reads something from outside, for longer than the tests do
	@$(RUN) -m pytest -m hypothesis --hypothesis-profile=fuzz $(ARGS)

bite: $(STAMP) ## put each of the seeded bugs into a copy, and show that the tests find it (ARGS=name picks some)
	@$(RUN) -m tests.bite $(ARGS)

pictures: $(STAMP) ## make the pictures of the documentation anew, by the demo in a real browser
	@$(RUN) -m tests.pictures

# What we are measured against has needs of its own, which are none of the service's.
.local/bench/.requirements: requirements-bench.txt $(STAMP)
	@$(RUN) -m venv --clear .local/bench
	@.local/bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

clean: ## stop the embedded servers, delete their data and .venv
	@if [ -x .venv/bin/python ] && [ -d .local ]; then .venv/bin/python -m config.embedded remove; fi
	@rm -rf .venv .local

.venv: $(STAMP)

# uv installs in a sixth of the time; it does not read pip's settings (an index of one's own), so pip comes after it.
# Nothing is compiled beforehand: Python does that with what it imports, which is little of it all.
# A .venv without ensurepip (Debian ships it apart) has no pip: it is thrown away and what lacks is said.
$(STAMP): requirements-uv.lock requirements-dev.lock
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
	pip="$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes"; \
	$$pip -r requirements-uv.lock && \
	$(RUN) -m uv pip install --quiet --python $(RUN) --system-certs --no-cache --require-hashes \
	  -r requirements-dev.lock || $$pip -r requirements-dev.lock; \
	touch $@

.PHONY: messages
messages: $(STAMP) ## take new and changed texts into locale/, compile it, say what is not translated
	@$(RUN) -m config.catalogue
