# The commands of the README, and what CI runs. Everything lives in .venv; a second call starts at once.

PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
# Many tests wait for processes and timers; but each worker has to collect all tests, so one more is enough.
JOBS ?= $(shell echo $$((1 + $$(getconf _NPROCESSORS_ONLN))))
PYTEST = $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal

# Without its cache, each of the many Python processes that the tests start would compile all of bot/ again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo test soak lint types bench eval fit screenshots kb schema diagram lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/.ready ## Start it: Discord if FIVEOHTWO_DISCORD_TOKEN is set (here or in .env), else the terminal
	@exec $(BIN)/fiveohtwo run --or-chat

demo: .venv/.ready-demo ## The Discord bot in a browser page, without a token or a network
	@exec $(BIN)/fiveohtwo demo

test: .venv/.ready-dev lint ## Style, types and all tests but the long ones, in about six minutes
	@$(BIN)/mypy & types=$$!; \
	$(PYTEST) -m "not soak" --cov=bot/diagnosis --cov=bot/conversation --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100; tests=$$?; \
	wait $$types && exit $$tests

# The files are named, for each worker would collect thousands of other tests first.
soak: .venv/.ready-dev ## The long tests: conversations in Discord and about real servers, outages, kills, demo, benchmark
	@$(PYTEST) -m soak $$(grep -rl 'pytest\.mark\.soak' tests --include='*.py')

lint: .venv/.ready-dev ## Style (the knowledge base is linted by the tests, and by fiveohtwo kb lint)
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check .

types: .venv/.ready-dev ## Types, strictly
	@$(BIN)/mypy

bench: .venv/.ready-dev ## Costs as ratios to named peers, measured in the same run
	@$(BIN)/python tests/bench.py

eval: .venv/.ready-dev ## Recognition on a labelled corpus: make eval CORPUS=folder
	@$(BIN)/python tests/evaluate.py $(CORPUS)

fit: .venv/.ready-dev ## Weigh words and traits anew by tests/talk, and by a corpus: make fit CORPUS=folder
	@PYTHONPATH=tests $(BIN)/python tests/fit.py number $(CORPUS) && PYTHONPATH=tests $(BIN)/python tests/fit.py words $(CORPUS)

screenshots: .venv/.ready-dev ## Take the README's pictures anew (needs chromium)
	@PYTHONPATH=tests $(BIN)/python tests/screenshots.py

kb: .venv/.ready-dev ## Print what the knowledge covers, and write it into knowledge/README.md
	@$(BIN)/python -m bot.kb.coverage

schema: .venv/.ready-dev ## Write knowledge/schema from the models
	@$(BIN)/python -m bot.kb.schema

diagram: .venv/.ready-dev ## Write the diagram of the conversation into its README
	@$(BIN)/python -m bot.conversation.diagram

lock: ## Renew the pinned requirements (needs uv)
	uv pip compile -q --universal --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 \
		pyproject.toml build-requirements.in -o requirements.txt
	uv pip compile -q --universal --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 --extra demo \
		pyproject.toml build-requirements.in -o requirements-demo.txt
	uv pip compile -q --universal --no-strip-extras --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev \
		pyproject.toml build-requirements.in -o requirements-dev.txt

clean: ## Remove what make made
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

ifdef UV
INSTALL = VIRTUAL_ENV=.venv $(UV) pip install -q
VENV = $(UV) venv -q --seed --python $(PYTHON) .venv
else
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check
VENV = $(PYTHON) -m venv .venv
endif

.venv/.ready: requirements.txt build-requirements.in pyproject.toml | .venv/.made
	@echo "Setting up (once) ..." >&2
	@$(INSTALL) --no-deps --require-hashes -r requirements.txt </dev/null >&2
	@$(INSTALL) --no-deps --no-build-isolation -e . </dev/null >&2
	@touch $@

.venv/.ready-demo: requirements-demo.txt .venv/.ready
	@echo "Setting up the demo (once) ..." >&2
	@$(INSTALL) --no-deps --require-hashes -r requirements-demo.txt </dev/null >&2
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	@echo "Setting up for tests (once) ..." >&2
	@$(INSTALL) --no-deps --require-hashes -r requirements-dev.txt </dev/null >&2
	@touch $@

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	@test -x $(BIN)/python || $(VENV) </dev/null >&2
	@touch $@
