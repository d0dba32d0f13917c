# Two commands do everything on a fresh machine with Python 3.11 or newer: `make audit` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STORE  ?= sqlite:///speechqa.db
REPORT ?= report

.PHONY: help audit test lint types imports unit wheel bench licences samples clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

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

unit: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto

wheel: $(VENV)/.installed  ## build the wheel, install it elsewhere and run it there
	PYTHON='$(PYTHON)' BUILD_PYTHON='$(CURDIR)/$(BIN)/python' .ci/wheel

bench: $(VENV)/.installed  ## measure word errors on the sample calls; docs/accuracy.md names the other measurements
	$(BIN)/python -m benchmarks.wer

licences: $(VENV)/.installed  ## write docs/licences.md anew: every package with its licence
	$(BIN)/python docs/licences.py > docs/licences.new && mv docs/licences.new docs/licences.md

samples: $(VENV)/.installed  ## make the sample calls again (needs flite, festival, espeak-ng, sox)
	$(BIN)/python recordings/make_recordings.py

clean:  ## remove the environment and what was built; never a recording, a store or a report
	rm -rf $(VENV) build dist *.egg-info
