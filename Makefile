# make site · make serve · make check · make test-fast · make test · make offline: each sets up what it needs. Needs Python >= 3.11, make and git.
PYTHON ?= python3
BIN := .venv/bin
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" NO_MKDOCS_2_WARNING=1
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

ZIP := site/lstm-by-experiment.zip
BOOKS := overrides/assets/books

.PHONY: site offline books runtime serve check test test-fast test-weekly frameworks bench sweeps mutation sheets audit hooks setup setup-test torch lock format clean

site: setup  ## both languages into site/
	$(RUN) mkdocs build --quiet

offline: site  ## the same, and says where the zip is: the site to be read from the file system
	@echo "$(ZIP): unpack it and open lstm-by-experiment/index.html"

books: setup .venv/.books  ## EPUB and PDF of both languages, for the builds that follow
	$(RUN) python -m sitebuild stage .cache/staged
	$(RUN) PYTHONPATH=tools python -m books .cache/staged $(BOOKS)

runtime: setup  ## Python for browsers, out of the archives or folders FROM, for the builds that follow
	$(RUN) python tools/runtime.py $(FROM)

serve: setup  ## live preview of both languages
	$(RUN) mkdocs serve

check: setup-test  ## what is wrong with what you are writing, in seconds; each part is told, whatever the others say
	@status=0; \
	$(RUN) ruff check --quiet --output-format concise . || status=1; \
	$(RUN) ruff format --quiet --check --diff sitebuild tests bench tools || status=1; \
	$(RUN) python -m sitebuild check || status=1; \
	exit $$status

test: setup-test  ## everything
	$(RUN) ruff check .
	$(RUN) ruff format --check sitebuild tests bench tools
	$(RUN) mkdocs build --quiet  # once, so that the tests' workers find every program's result in the cache
	$(RUN) python -m pytest -n auto --dist worksteal  # who has nothing left takes half of what another has

test-fast: setup-test  ## the engine and the numbers, without a site or a browser: while you work on them
	$(RUN) python -m pytest -n auto --dist worksteal --fast

test-weekly: setup-test .venv/.books  ## the few tests that take long
	$(RUN) mkdocs build --quiet
	$(RUN) python -m pytest -n auto --dist worksteal -m weekly

setup: .venv/.site node_modules/.package-lock.json

setup-test: setup .venv/.test

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.site: requirements.txt pyproject.toml | .venv/bin/python  # the engine is a plugin: MkDocs finds it installed
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements-test.txt | .venv/bin/python
	$(PIP) --require-hashes -r requirements-test.txt
	@touch $@

.venv/.books: requirements-books.txt | .venv/bin/python
	$(PIP) --require-hashes -r requirements-books.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/.site
	$(RUN) npm ci --silent --no-audit --no-fund
	@touch $@

torch: | .venv/bin/python  ## PyTorch, against which the numerics are tested
	$(PIP) torch==2.13.0

frameworks: setup-test torch  ## what the page on frameworks says of Keras, Flax and ONNX, in an environment of their own
	$(RUN) python -m pytest tests/numerics/reference -m "weekly or not weekly"

lock: | .venv/bin/python  ## write the hash-locked requirements anew, and the lists of what they bring
	$(BIN)/python -m pip install --quiet uv
	for name in requirements $(addprefix requirements-,test books zensical bench frameworks); do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header $(UPGRADE) $$name.in -o $$name.txt || exit 1; done
	$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-annotate --no-header \
	  --resolution lowest-direct requirements-oldest.in -o requirements-oldest.txt
	$(MAKE) setup-test
	$(RUN) python tools/licences.py

bench: setup-test torch  ## the NumPy LSTM against PyTorch, side by side; what each lab takes; the build beside its peers
	$(RUN) python bench/lstm.py
	$(RUN) python bench/labs.py
	$(RUN) python bench/building.py

sweeps: setup-test  ## what every comparison of the site depends on: make sweeps, or make sweeps NAMES="forget_bias"
	$(RUN) python bench/sweep.py $(NAMES)

mutation: mutation-of-snippets mutation-of-sitebuild  ## change one thing at a time: does a test notice? Takes hours

mutation-of-%: setup-test torch  ## a part of them: make mutation-of-snippets MUTANTS="--share 0.1"
	$(RUN) python tests/mutation.py $* $(MUTANTS)

sheets: site setup-test  ## every page in its eight forms, as pictures to look at, in .cache/sheets
	$(RUN) python tests/sheets.py

audit: setup-test  ## known vulnerabilities of what is locked
	$(RUN) pip-audit --strict --disable-pip --require-hashes -r requirements.txt -r requirements-test.txt -r requirements-books.txt
	$(RUN) npm audit

hooks: setup-test  ## check before each commit
	$(RUN) pre-commit install

format: setup-test
	$(RUN) ruff format sitebuild tests bench tools
	$(RUN) ruff check --fix .

clean:
	rm -rf site .cache $(BOOKS)
