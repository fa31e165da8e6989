# kbportal: `make run` starts the portal, `make test` proves it. Both prepare what they need.

PYTHON ?= python3
PORT ?= 8000

# torch comes from the default index, where its Linux wheel may bring gigabytes for graphics cards.
# TORCH_FLAGS="--index-url URL" names an index with a build for processors only (docs/install.md).
TORCH := torch==2.13.0
TORCH_FLAGS ?=

# Several test files at a time; PYTEST_WORKERS= runs one after another.
PYTEST_WORKERS ?= -n auto --maxprocesses 4 --dist loadfile

VENV := .venv
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check
STAMP := $(VENV)/.stamps
CATALOGUES := $(wildcard kbportal/translations/*/LC_MESSAGES/messages.po)

.PHONY: run test test-postgresql check format bench i18n lock screenshots clean
.DELETE_ON_ERROR:

run: $(STAMP)/run $(CATALOGUES:.po=.mo)
	@exec $(VENV)/bin/kbportal serve --port $(PORT)

test: $(STAMP)/test $(CATALOGUES:.po=.mo)
	@sh tests/browser/provide.sh $(VENV)/bin/python
	$(VENV)/bin/python -m pytest $(PYTEST_WORKERS) $(PYTEST_FLAGS)

# All that keeps something in a database, on a PostgreSQL server instead of SQLite: SERVER is its
# address, as in postgresql+psycopg://postgres@127.0.0.1/postgres; databases come and go there.
test-postgresql: $(STAMP)/test
	$(PIP) install 'psycopg[binary]>=3.2'
	KBPORTAL_TEST_POSTGRESQL=$(SERVER) $(VENV)/bin/python -m pytest $(PYTEST_WORKERS) \
		tests/bricks/storage tests/bricks/tickets tests/bricks/people tests/bricks/mail \
		tests/bricks/privacy tests/bricks/feedback tests/bricks/deflection

check: $(STAMP)/test $(CATALOGUES:.po=.mo)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/bandit -q -ll -c pyproject.toml -r kbportal

format: $(STAMP)/test
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(STAMP)/run
	$(VENV)/bin/python -m benchmarks $(BENCH_FLAGS)

# Strings from code and templates into the catalogues; translators fill in what is new.
i18n: $(STAMP)/run
	$(VENV)/bin/pybabel -q extract -F babel.cfg -c "Translators:" -k lazy_gettext --no-location \
		--sort-output --project kbportal --copyright-holder "the kbportal founders" \
		-o kbportal/translations/messages.pot .
	$(VENV)/bin/pybabel -q update -i kbportal/translations/messages.pot -d kbportal/translations \
		--no-fuzzy-matching --ignore-obsolete

screenshots: $(STAMP)/test $(CATALOGUES:.po=.mo)
	@sh tests/browser/provide.sh $(VENV)/bin/python
	$(VENV)/bin/python -m benchmarks.screenshots

# Needs pip-tools; torch stays out because its wheels differ between indexes.
lock:
	pip-compile -q --generate-hashes --unsafe-package torch --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-config \
		-o requirements.lock pyproject.toml
	pip-compile -q --generate-hashes --unsafe-package torch --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-config \
		--extra test -o requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find kbportal -name '*.mo' -delete

$(STAMP)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "kbportal needs Python 3.11 or newer; say make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python's venv module is missing (on Debian: apt install python3-venv)" >&2; exit 1; }
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/torch: $(STAMP)/venv
	@echo "Installing $(TORCH) ..."
	@$(PIP) install $(TORCH_FLAGS) "$(TORCH)"
	@touch $@

$(STAMP)/run: requirements.lock pyproject.toml $(STAMP)/torch
	@echo "Installing the locked dependencies ..."
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP)/test: requirements-test.lock $(STAMP)/run
	@echo "Installing the locked test tools ..."
	@$(PIP) install --no-deps --require-hashes -r requirements-test.lock
	@touch $@

%.mo: %.po $(STAMP)/run
	@$(VENV)/bin/pybabel -q compile -i $< -o $@
