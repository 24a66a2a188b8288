# make run     the console (ARGS="--start casual-chat" passes arguments on); without a terminal: one sound check in plain lines
# make test    every test, on a virtual sound card where there may be one: on all cores what needs neither sound card nor
#              terminal, the rest in order beside it; TESTS="tests/model -k fold" selects
# make test-fast  what needs no process of ours: model, protocol, net, journal, common and the pure parts of the console;
#              in under a minute
# make test-busy  the same while other work keeps every core busy: whether anything depends on the machine's speed
# make test-random  the tests that try generated inputs, with new inputs; `make test` tries the same ones in every run
# make lint    style, types and the import contracts
# make bench   the figures: latencies, CPU, first paint, voice activity, sessions on one core, long conversations
# make screenshots, make clean

PYTHON := .venv/bin/python
TESTS ?=
SUITE := -m tests.support.suite
FAST := tests/test_names.py tests/test_docs.py tests/test_readme.py tests/common tests/model tests/protocol tests/net tests/journal tests/tui
ARGS ?=

.PHONY: run test test-fast test-busy test-random lint bench screenshots clean
.SILENT:

run:
	.ci/setup run
	$(PYTHON) -m voicelive_tui $(ARGS)

test:
	.ci/setup test
	$(PYTHON) -m tests.support.virtual_sound --install
	$(PYTHON) $(SUITE) $(TESTS)

test-fast:
	.ci/setup test
	$(PYTHON) -m pytest -n auto --dist worksteal -m "not engine and not terminal" $(FAST)

test-busy:
	.ci/setup test
	$(PYTHON) -m tests.support.virtual_sound --install
	TEST_PATIENCE=3 $(PYTHON) -m tests.support.busy $(PYTHON) $(SUITE) $(TESTS)

test-random:
	.ci/setup test
	TEST_RANDOM=1 $(PYTHON) -m pytest -n auto --dist worksteal -m "not sound and not terminal and not engine" $$(git grep -l hypothesis -- 'tests/**/test_*.py')

lint:
	.ci/setup test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench:
	.ci/setup test
	$(PYTHON) -m tests.support.virtual_sound --install
	for file in tests/bench/[a-z]*.py; do $(PYTHON) -m tests.bench.$$(basename $$file .py) $(ARGS) || exit 1; done

screenshots:
	.ci/setup test
	$(PYTHON) -m tests.support.screenshots

clean:
	rm -rf .venv build dist app/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app tests -name __pycache__ -type d -prune -exec rm -rf {} +
