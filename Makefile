# Two commands do everything on a fresh machine with Python 3.11 or newer: `make audit` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STORE  ?= sqlite:///speechqa.db
REPORT ?= report

.PHONY: help audit test lint types imports unit wheel bench fuzz faults determinism fairness privacy sbom audit-dependencies
.PHONY: licences samples clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 20

# One environment for both commands, made once and again only when what it is made of changes. Of resemblyzer
# only the weights are used, so it needs nothing that it asks for, and no compiler; nor does tokenizers, which
# reads local files and asks for a client of a model hub.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"speechqa needs Python 3.11 or newer, found {v.major}.{v.minor}. Name another one: make PYTHON=python3.12 audit")'
	@echo "Installing into $(VENV) (about 2.8 GB with the CPU build of torch, a minute or two) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --no-deps resemblyzer tokenizers
	@touch $@

audit: $(VENV)/.installed  ## analyse the sample calls and show the scores
	@$(BIN)/speechqa audit recordings/ --engine pocketsphinx --store '$(STORE)' --report '$(REPORT)'

test: lint types imports unit  ## lint, types, import contract and tests

lint: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed
	$(BIN)/mypy

imports: $(VENV)/.installed
	$(BIN)/lint-imports

# One more than there are cores: some tests wait for a browser, a database server or a cluster.
unit: $(VENV)/.installed
	$(BIN)/python -m pytest -n $$(( $$($(BIN)/python -c 'import os; print(os.cpu_count() or 1)') + 1 )) --dist loadgroup

wheel: $(VENV)/.installed  ## build the wheel, install it elsewhere and run it there
	PYTHON='$(PYTHON)' BUILD_PYTHON='$(CURDIR)/$(BIN)/python' .ci/wheel

bench: $(VENV)/.installed  ## measure word errors on the sample calls; docs/accuracy.md names the other measurements
	$(BIN)/python -m benchmarks.wer

faults: $(VENV)/.installed  ## kill speechqa at 200 random moments and compare what is left, some 5 minutes
	$(BIN)/python -m benchmarks.faults

determinism: $(VENV)/.installed  ## audit the same calls in every way there is and compare documents byte for byte, some 15 minutes
	$(BIN)/python -m benchmarks.determinism

fairness: $(VENV)/.installed  ## how often verdicts flip by names, gender, dialect and fillers, some 3 minutes; docs/fairness.md
	$(BIN)/python -m benchmarks.fairness --criteria

privacy: $(VENV)/.installed  ## run all that commands can do over planted numbers and hostile names, and look into all they write
	SPEECHQA_EVERY_COMMAND=full $(BIN)/python -m pytest -q tests/cli/test_every_command.py

# The fuzzer is wanted by nothing else. What is asked of it: make fuzz FUZZ='--cases 20000 vtt rubric'
fuzz: $(VENV)/.installed  ## fuzz every parser by coverage, a million cases each (hours; needs Linux)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/pip install --quiet --constraint constraints.txt atheris
	$(BIN)/python -m benchmarks.fuzz $(FUZZ)

sbom: $(VENV)/.installed  ## list what the wheel is installed with, as CycloneDX, in dist/
	PYTHON='$(PYTHON)' BUILD_PYTHON='$(CURDIR)/$(BIN)/python' .ci/supply sbom dist/speechqa.cdx.json

audit-dependencies:  ## ask what is known against the pinned versions; needs the network
	PYTHON='$(PYTHON)' .ci/supply audit

licences: $(VENV)/.installed  ## write docs/licences.md anew: every package with its licence
	$(BIN)/python docs/licences.py > docs/licences.new && mv docs/licences.new docs/licences.md

samples: $(VENV)/.installed  ## make the sample calls again (needs flite, festival, espeak-ng, sox)
	$(BIN)/python recordings/make_recordings.py

clean:  ## remove the environment and what was built; never a recording, a store or a report
	rm -rf $(VENV) build dist *.egg-info
