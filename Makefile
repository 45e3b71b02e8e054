# The book's commands. `make book` and `make test` each work alone on a fresh clone, given Python >= 3.11, pip and make.
PYTHON ?= python3
PROFILE ?= cpu
NB ?=

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# pip compiles every module of every package on one core; we do so on all cores, without a third that is rarely imported.
LEFT_OUT := /(tests?|testing|_inductor|_vendor|debugpy|mypyc?|pip|warp)/
# One thread a process: two workers with two threads each are slower than two with one (PyTorch, 2 cores).
WORKERS := -n 2 --dist loadscope
ONE_THREAD := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
# glibc gives large buffers back and asks for fresh pages each time, which on virtual machines costs more than the
# arithmetic in them (SSIM of 200 people: 24 s, and 5 s with these); other systems ignore both.
export MALLOC_MMAP_THRESHOLD_ := 8589934592
export MALLOC_TRIM_THRESHOLD_ := 17179869184

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup mathjax book html test lint unit notebooks lab bench refresh contract address clean

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMP) ## create .venv and install everything into it (about 3 minutes, 7 GB, once)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python >= 3.11 is needed, '$(PYTHON)' is none; name another: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python could not create $(VENV)"; exit 1; }
	@echo "Installing the book's packages into $(VENV) (about 3 minutes, 7 GB)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile -e '.[all]'
	@$(PY) -m compileall -qq -j 0 -x '$(LEFT_OUT)' $(VENV)/lib || true  # a faulty file says so when it is imported
	@touch $@

mathjax: $(STAMP)
	@$(PY) book/fetch_mathjax.py

book: $(STAMP) mathjax ## run every notebook (PROFILE=cpu, NB=02 for one) and build the HTML into _build/html
	@$(PY) -m vtonlib.book.execute $(NB) --profile $(PROFILE)
	@$(PY) book/build.py --notebooks _build/notebooks

html: $(STAMP) mathjax ## build the HTML from the committed outputs, in about a minute
	@$(PY) book/build.py

test: lint unit notebooks ## lint, unit tests, notebook contract, and all notebooks on the smoke profile

lint: $(STAMP) ## ruff and mypy
	@$(PY) -m ruff check .
	@MYPY_NUM_WORKERS=2 $(PY) -m mypy  # a mypy that has no workers yet does not look at it

unit: $(STAMP) mathjax ## unit tests and the notebook contract
	@$(ONE_THREAD) $(PY) -m pytest tests $(WORKERS)

notebooks: $(STAMP) ## run all notebooks on the smoke profile and compare the checked outputs
	@rm -rf _build/test-runs  # a stage that an earlier run finished would not be trained, and prove nothing
	@$(ONE_THREAD) VTON_PROFILE=smoke VTON_RUNS="$(CURDIR)/_build/test-runs" $(PY) -m pytest notebooks $(WORKERS) \
	  --nbval-lax --nbval-current-env --nbval-cell-timeout=300 --nbval-kernel-startup-timeout=120

lab: $(STAMP) ## open the notebooks in JupyterLab
	@$(PY) -m jupyter lab notebooks

bench: $(STAMP) ## print the tables of benchmarks/ (RETRAIN=1 trains again, resumable)
	@set -e; for script in $(wildcard benchmarks/[a-z]*.py); do echo "== $$script"; $(PY) $$script; done

refresh: $(STAMP) ## execute NB=02 with the cpu profile and rewrite the committed notebook
	@test -n "$(NB)" || { echo "say which notebook: make refresh NB=02"; exit 2; }
	@$(PY) -m vtonlib.book.execute $(NB) --refresh
	@$(PY) -m vtonlib.book.contract $(NB)

contract: $(STAMP) ## print where notebooks (NB=02 for one) break the contract
	@$(PY) -m vtonlib.book.contract $(NB)

address: $(STAMP) ## write the address in _config.yml into the notebooks
	@$(PY) -m vtonlib.book.address

clean: ## remove what was built and cached; .venv and runs/ stay
	rm -rf _build .pytest_cache .ruff_cache .mypy_cache
