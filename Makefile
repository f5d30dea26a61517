# Two commands on a fresh machine: `make demo`, `make test`.
PYTHON ?= python3
# How often a sweep of kills kills.
N ?= 100
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo install test check test-deps bench-start bench-measure bench-accuracy bench-compare bench-verdicts bench-undo survivors kill-sweep undo-sweep undo-kills gallery gallery-pages gallery-smoke gallery-none gallery-again gallery-by-hand gallery-confirm bench-search bench-search-look bench-search-page bench-search-gallery bench-peers clean

demo: install
	$(BIN)/autotune run studies/quickstart.yaml

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

test-deps:
	scripts/install-test-deps

test: .venv/installed-dev test-deps lint
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/installed-dev lint
	$(BIN)/pytest -n 2 --dist loadgroup -m 'not slow'

.PHONY: lint
lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Seconds for `import autotune` and `autotune --help`, beside a bare interpreter.
bench-start: .venv/installed
	$(BIN)/python benchmarks/start.py

# SIGKILLs at random moments of runs that change real sysctls, each run resumed until it is finished (as root).
kill-sweep: .venv/installed
	$(BIN)/python benchmarks/kill_sweep.py --kills $(N)

# Every system call of a change and of its undo hit by a fault, and then by a second one in the undo: tens of
# thousands of cases, so leave it to a night. CI runs all single faults and a sample of the double ones.
undo-sweep: .venv/installed
	$(BIN)/python benchmarks/undo_sweep.py --double -1

# N random SIGKILLs of a harness that changes sysctls; its guardian alone restores them (as root).
undo-kills: .venv/installed
	$(BIN)/python benchmarks/undo_kills.py --kills $(N)

# What a change costs and how soon it is undone, beside one fsync and sysctl(8) (as root).
bench-undo: .venv/installed
	$(BIN)/python benchmarks/undo.py

# Processes that outlive their sample: 104 kills, of the harness and by time-out, over four shapes of trees.
survivors: .venv/installed
	$(BIN)/python benchmarks/survivors.py

# What a sample and its readings cost, beside hyperfine, pyperf and psutil, in one interleaved run (as root, for
# the control groups; installs hyperfine, and pyperf into a venv of its own).
bench-measure: .venv/installed
	command -v hyperfine >/dev/null || apt-get install --yes --quiet hyperfine
	test -x .venv-pyperf/bin/pyperf || { $(PYTHON) -m venv .venv-pyperf && .venv-pyperf/bin/pip install --quiet pyperf; }
	$(BIN)/python benchmarks/measure.py --minutes 10

# What is reported of known work, by each kind of control group.
bench-accuracy: .venv/installed
	$(BIN)/python benchmarks/accuracy.py

# Commands 10 % apart, and equal ones, compared beside a neighbour's bursts: how many are decided rightly.
bench-compare: .venv/installed
	$(BIN)/python benchmarks/compare_noise.py

# How often the verdict errs: simulated over twelve kinds of noise, then on recorded runs beside other tools.
bench-verdicts: .venv/installed .venv-peers/installed
	$(BIN)/python benchmarks/verdicts.py
	$(BIN)/python benchmarks/verdicts_recorded.py

.venv-peers/installed:
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet pyperf asv apache-otava pytest-benchmark
	@touch $@

# The gallery of real systems: all of it, or STUDY=name alone. What is finished is not run again (FRESH=--fresh).
gallery: .venv/installed test-deps
	$(BIN)/python benchmarks/gallery/run.py --study '$(STUDY)' $(FRESH)
	$(BIN)/python benchmarks/gallery/pages.py

gallery-pages: .venv/installed
	$(BIN)/python benchmarks/gallery/pages.py

# Each study with 3 trials and 4 pairs: it runs, answers, restores, and leaves nothing.
gallery-smoke: .venv/installed-dev test-deps
	$(BIN)/python benchmarks/gallery/smoke.py --study '$(STUDY)'

# Forty short seeded runs of systems in which nothing is to be gained: how many claim a gain.
gallery-none: .venv/installed test-deps
	$(BIN)/python benchmarks/gallery/none.py $(FRESH)

# Every claimed gain measured again by a plain shell loop.
gallery-again: .venv/installed test-deps
	$(BIN)/python benchmarks/gallery/again.py --study '$(STUDY)'

# Every profile applied from its export alone to a fresh instance.
gallery-by-hand: .venv/installed test-deps
	$(BIN)/python benchmarks/gallery/by_hand.py --study '$(STUDY)'

# Every profile confirmed on fresh pairs, on another day than its own.
gallery-confirm: .venv/installed test-deps
	$(BIN)/python benchmarks/gallery/another_day.py --study '$(STUDY)'

# How well samplers search: recorded systems (DATA), noise, smooth functions, cost, and the tables of the page.
# Hours; what was made is not made again. Peers get virtual environments of their own (.venv-search-*).
DATA ?= ../shared/spaces/dev
JOBS ?= 2
REPLAY = $(BIN)/python benchmarks/replay.py --data $(DATA) --jobs $(JOBS)

bench-search: .venv/installed
	-$(REPLAY) --samplers all --peers all --seeds 10  # a peer that cannot be installed is left out
	$(REPLAY) --samplers auto,gp --variants declared --peers plain-local,optuna-tpe-worst,opentuner --seeds 40
	$(REPLAY) --samplers auto --variants warm,misled --seeds 40 --keep replay
	$(REPLAY) --samplers all --peers plain-local,optuna-tpe,opentuner --seeds 20 \
	  --noise 5%,10%,5%+tails,5%+failures --keep noisy
	$(BIN)/python benchmarks/replay_smooth.py --jobs $(JOBS) --keep smooth
	$(BIN)/python benchmarks/search_cost.py --keep cost
	$(BIN)/python benchmarks/search_page.py

# Some minutes: auto beside random search and local search, four seeds.
bench-search-look: .venv/installed
	$(REPLAY) --samplers auto,random --peers plain-local --seeds 4

# Three systems of the gallery tuned by other optimisers with the same number of measurements; a quiet machine.
bench-peers: .venv/installed test-deps
	$(BIN)/python benchmarks/peers.py --keep peers
	$(BIN)/python benchmarks/search_page.py

# After `make gallery FRESH=--fresh`: in how many trials its studies reached their results.
bench-search-gallery: .venv/installed
	$(BIN)/python benchmarks/gallery_search.py --keep auto
	$(BIN)/python benchmarks/search_page.py

# How often gates err, ours beside others': simulated by each tool's rule, then live beside a neighbour's bursts.
# Hours in all; what was finished is not run again. MINUTES bounds the live part.
MINUTES ?= 600
.PHONY: bench-gate bench-gate-rules gate-self
bench-gate: .venv/installed-dev bench-gate-rules
	command -v hyperfine >/dev/null || apt-get install --yes --quiet hyperfine
	$(BIN)/python benchmarks/gate.py live --minutes $(MINUTES)

bench-gate-rules: .venv/installed
	$(BIN)/python benchmarks/gate.py rules

# This project's own quickest benchmarks against the previous commit.
gate-self: .venv/installed
	scripts/gate-self

bench-search-page: .venv/installed
	$(BIN)/python benchmarks/search_page.py

clean:
	rm -rf .venv .venv-pyperf .venv-peers .venv-search-* .venv-gate build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
