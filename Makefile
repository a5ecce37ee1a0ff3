# Every target makes the environment in .venv by itself and installs only what it needs there.
# Each extra leaves a stamp, so the next run asks pip only if pyproject.toml has changed.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
ARGS ?=
TEST_EXTRAS ?= dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:  # two pips in one environment would tread on each other
.PHONY: help demo test lint bench notebook clean

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "PYTHON=python3.12 makes $(VENV) with that Python (3.11 or newer),"
	@echo "ARGS='--seed 1' goes to the program that the target runs."

demo: with-plots,safetensors,sklearn  ## train on scanned digits; graph and curves in out/
	$(VENV)/bin/chainrule train --dataset digits --output out $(ARGS)

test: lint with-$(TEST_EXTRAS)  ## everything that must hold (TEST_EXTRAS=dev,referee: beside PyTorch)
	$(RUN) -m pytest $(ARGS)

lint: with-$(TEST_EXTRAS)  ## style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

bench: with-bench  ## measure against micrograd, PyTorch, JAX and others
	$(RUN) -m benchmarks $(ARGS)

# The settings there show a page of Markdown as a page. Drawings and players that are committed are
# shown in notebooks that are trusted, others once they are run.
notebook: export JUPYTER_CONFIG_PATH := $(CURDIR)/notebooks/.jupyter$(if $(JUPYTER_CONFIG_PATH),:$(JUPYTER_CONFIG_PATH))
notebook: with-notebooks  ## open the course in JupyterLab
	-$(RUN) -m nbformat.sign notebooks/quickstart.ipynb notebooks/[01][0-9]-*.ipynb >/dev/null
	$(RUN) -m jupyterlab notebooks/README.md $(ARGS)

clean:  ## remove all that make and the tools wrote, .venv too
	rm -rf $(VENV) out build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------- the environment

# The extras between the commas, those of them that have no stamp.
with-%: $(VENV)/made FORCE
	@extras=; stamps=; for extra in $$(echo "$*" | tr , ' '); do \
		stamp=$(VENV)/with-$$extra; \
		test $$stamp -nt pyproject.toml && test $$stamp -nt $(VENV)/made || \
			{ extras=$$extras,$$extra; stamps="$$stamps $$stamp"; }; \
	done; \
	test -z "$$extras" && exit 0; \
	echo "Installing chainrule[$${extras#,}] into $(VENV), which can take some minutes"; \
	$(RUN) -m pip install --quiet --no-input --disable-pip-version-check \
		--editable ".[$${extras#,}]" && touch $$stamps

# This file is written when the environment is whole and says which folder and Python it is for.
# It is made anew if the folder has moved, its Python is gone or another PYTHON is asked for.
ifneq ($(origin PYTHON),file)
ASKED := && grep -qxF "$(PYTHON)" $(VENV)/made
endif

$(VENV)/made: FORCE
	@$(RUN) -c "import pip" 2>/dev/null && grep -qsxF "$$(pwd -P)" $@ $(ASKED) && exit 0; \
	"$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
		{ echo "Chainrule needs Python 3.11 or newer, and '$(PYTHON)' is not:" \
			"name one with make PYTHON=python3.12"; exit 1; }; \
	"$(PYTHON)" -c "import ensurepip, venv" || \
		{ echo "'$(PYTHON)' cannot make environments:" \
			"install its venv module (Debian, Ubuntu: apt install python3-venv)"; exit 1; }; \
	echo "Making $(VENV) with $(PYTHON)"; \
	"$(PYTHON)" -m venv $$(test -e $@ && echo --clear) $(VENV) && \
	{ pwd -P; echo "$(PYTHON)"; } >$@

FORCE:
