# Two commands matter: `make demo` and `make test`. Everything else is what they are made of.
PYTHON ?= python3
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-warn-script-location
BENCH := .build/bench-venv
BENCH_PIP := $(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --no-warn-script-location
AWS_VENV := .build/aws-venv
SCAN_VENV := .build/scan-venv

.PHONY: bundle aws-tools check-aws cold-start demo test check format bench lock clean

demo: $(VENV)/.runtime
	$(BIN)/wenmai demo --port $(PORT)

test: check
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/cfn-lint infra/template.yaml

# What is deployed: a folder and its archive for what answers, another for the nightly rebuild.
bundle: $(VENV)/.runtime
	$(BIN)/python -m infra.bundle
	$(BIN)/python -m infra.bundle --contents rebuild

# AWS's own runtime client, emulator and SAM, on the Python that Lambda runs; pins clash with ours.
aws-tools: $(AWS_VENV)/.tools

$(AWS_VENV)/.tools: requirements/aws.txt $(VENV)/.runtime
	$(BIN)/python -m infra.runtime_venv $(AWS_VENV)
	@$(AWS_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/aws.txt
	@touch $@

# What takes another Python's tools, or half a minute: SAM's own look at the template, and checkov's. The review of
# the translated template is a test like any other (tests/infra/test_review.py).
check-aws: $(AWS_VENV)/.tools $(SCAN_VENV)/.tools
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 $(AWS_VENV)/bin/sam validate --lint --template infra/template.yaml
	$(BIN)/python -m infra.signed_routes .build/template.signed.yaml
	AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 $(AWS_VENV)/bin/sam validate --lint --template .build/template.signed.yaml
	$(SCAN_VENV)/bin/checkov --config-file infra/checkov.yaml --file infra/template.yaml

$(SCAN_VENV)/.tools: requirements/scan.txt $(VENV)/.dev
	$(BIN)/python -m infra.runtime_venv $(SCAN_VENV)
	@$(SCAN_VENV)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/scan.txt
	@touch $@

# From process start to the first answer, beside a handler that does nothing. INDEX, ARTICLE: what to ask.
cold-start: $(AWS_VENV)/.tools
	$(BIN)/python -m infra.bundle --architecture $(shell uname -m | sed s/aarch64/arm64/) --out .build/bundle-here
	$(BIN)/python -m benchmarks.cold_start --bundle .build/bundle-here --tools $(AWS_VENV)/bin/python \
	  --index $(INDEX) --article $(ARTICLE)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Ours beside tantivy, bm25s, Whoosh, SQLite and scikit-learn, one table. Options:
#   SCALE=sample|6k|14k|500k   or   CORPUS=articles.jsonl QUERIES=queries.jsonl QRELS=qrels.tsv
#   ENGINES=wenmai,tantivy   PASSES=4   BUILD_SECONDS=3600 (wall)   ASK_SECONDS=300 (processor)
bench: $(BENCH)/.installed
	@$(BENCH)/bin/python -m benchmarks.compare $(if $(SCALE),--scale $(SCALE)) \
	  $(if $(CORPUS),--corpus "$(CORPUS)") $(if $(QUERIES),--queries "$(QUERIES)") \
	  $(if $(QRELS),--qrels "$(QRELS)") $(if $(ENGINES),--engines $(ENGINES)) \
	  $(if $(PASSES),--passes $(PASSES)) $(if $(BUILD_SECONDS),--build-seconds $(BUILD_SECONDS)) \
	  $(if $(ASK_SECONDS),--ask-seconds $(ASK_SECONDS))

CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "Wenmai needs Python 3.11 or newer; found `$(PYTHON) --version`. Try: make PYTHON=python3.13 demo"; exit 2; }

# The stamps make a second run start at once; a changed lock file installs again.
$(VENV)/bin/python:
	@$(CHECK_PYTHON)
	$(PYTHON) -m venv $(VENV) || { echo "No venv module; on Debian: apt-get install python3-venv"; exit 2; }

$(VENV)/.bootstrap: requirements/bootstrap.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV) (about a minute, once) ..."
	@$(PIP) --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(VENV)/.bootstrap
	@$(PIP) --no-build-isolation --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@$(PIP) --no-build-isolation --require-hashes -r requirements/dev.txt
	@touch $@

# Apart from the rest: nothing that serves or tests needs the engines that we compare with.
$(BENCH)/.installed: requirements/bench.txt requirements/bootstrap.txt
	@echo "Setting up $(BENCH) (a minute or two, once) ..."
	@test -x $(BENCH)/bin/python || { $(CHECK_PYTHON) && $(PYTHON) -m venv $(BENCH); }
	@$(BENCH_PIP) --require-hashes -r requirements/bootstrap.txt
	@$(BENCH_PIP) --no-build-isolation --require-hashes -r requirements/bench.txt
	@touch $@

# uv resolves once for all platforms and Python versions; hashes, and no registry addresses.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.bootstrap
	$(PIP) uv
	$(LOCK) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(LOCK) pyproject.toml --extra local -o requirements/runtime.txt
	$(LOCK) pyproject.toml -c requirements/runtime.txt -o requirements/lambda.txt
	$(LOCK) pyproject.toml --extra build -c requirements/runtime.txt -o requirements/rebuild.txt
	$(subst 3.11,3.13,$(LOCK)) requirements/aws.in -o requirements/aws.txt
	$(subst 3.11,3.13,$(LOCK)) requirements/scan.in -o requirements/scan.txt
	$(LOCK) pyproject.toml --extra local --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml requirements/bench.in --extra local -c requirements/runtime.txt -o requirements/bench.txt

clean:
	rm -rf $(VENV) .build .mypy_cache .ruff_cache .pytest_cache .hypothesis
