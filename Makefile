# The two commands: make run, make test. Both do their own set-up and may be repeated.
SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
PORT ?= 8000
# On one's own machine there is no HTTPS; the secret is made once and stays in var/.
LOCAL = HTTPS=$${HTTPS:-0} SECRET_KEY="$${SECRET_KEY:-$$(cat var/secret-key)}"

# The whole suite also proves that the flow is tested to its last branch.
WHOLE = --cov=guide.flow --cov-branch --cov-report= --cov-fail-under=100

.PHONY: help run dev test lint format bench messages pictures setup setup-dev clean

help:
	@echo "make run      set up everything and serve the guide on http://127.0.0.1:$(PORT)"
	@echo "make test     set up everything, the browser too, and run every test"
	@echo "make dev      the same guide on Django's development server"
	@echo "make lint     check style, types, templates, migrations and settings"
	@echo "make format   put code into the style that lint asks for"
	@echo "make bench    measure, as ratios in one run"
	@echo "make messages collect the interface's texts for translators (needs gettext)"
	@echo "make pictures make the pictures of the README and the start page anew (needs npm)"
	@echo "make clean    remove the virtual environment and var/, the database included"

run: setup
	@$(LOCAL) $(PYTHON) manage.py migrate --verbosity 0
	@$(LOCAL) $(PYTHON) manage.py collectstatic --noinput --verbosity 0
	@$(LOCAL) $(PYTHON) manage.py bootstrap
	@echo "Guide:          http://127.0.0.1:$(PORT)/"
	@echo "Editors' desk:  http://127.0.0.1:$(PORT)/admin/"
	@echo "Stop with Ctrl+C."
	@$(LOCAL) exec $(VENV)/bin/granian --interface wsgi --host 127.0.0.1 --port $(PORT) \
		--workers 1 --blocking-threads 4 --log-level warning config.wsgi:application

dev: setup
	@DEBUG=1 $(PYTHON) manage.py migrate --verbosity 0
	@DEBUG=1 $(PYTHON) manage.py bootstrap
	DEBUG=1 $(PYTHON) manage.py runserver $(PORT)

test: setup-dev
	@bash .ci/ensure-browser
	$(PYTHON) -m pytest $(or $(ARGS),$(WHOLE))

lint: setup-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint --lint --quiet templates
	DEBUG=1 $(PYTHON) manage.py makemigrations --check --dry-run
	SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

format: setup-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: setup-dev
	DEBUG=1 $(PYTHON) tests/bench.py

messages: setup-dev
	DEBUG=1 $(PYTHON) manage.py makemessages --all --no-location --extension html,svg,py --ignore $(VENV) --ignore tests

pictures: setup-dev
	@bash .ci/ensure-browser
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r docs/pictures/requirements.txt
	$(PYTHON) docs/pictures/make.py

setup: $(VENV)/.ready-run var/secret-key var/.messages

setup-dev: $(VENV)/.ready-dev var/secret-key var/.messages

$(VENV)/.ready-run: requirements.txt
	@bash .ci/ensure-venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements.txt requirements-dev.txt
	@bash .ci/ensure-venv $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/.ready-run $@

var/secret-key:
	@mkdir -p var
	@umask 077 && python3 -c 'import secrets; print(secrets.token_urlsafe(60))' > $@

var/.messages: $(wildcard locale/*/LC_MESSAGES/django.po)
	@mkdir -p var
	@DEBUG=1 $(PYTHON) manage.py compile_catalogues
	@touch $@

clean:
	rm -rf $(VENV) var
