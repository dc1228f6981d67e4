# The commands of the house. `make run` and `make test` need nothing but Debian 12.

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock bench faults walk screenshots

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# A machine behind a company's proxy trusts certificates that only its own store knows.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif

# `$(call apt,packages)`: install Debian packages where that is possible at all.
apt = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	export DEBIAN_FRONTEND=noninteractive && apt-get -qq update && \
	apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends $(1) >/dev/null 2>&1

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/run.stamp ## start everything with demo data (DEMO=0: empty), on PORT (8000) and DATA_DIR (var/)
	@DEMO="$${DEMO:-1}" exec $(MANAGE) serve --prepare

test: $(VENV)/dev.stamp ## the whole suite: on SQLite, then on PostgreSQL and Redis
	@exec $(BIN)/python -m helpdesk.tests.suite

lint: $(VENV)/dev.stamp ## ruff, djlint, migrations, deployment check
	@exec $(BIN)/python -m helpdesk.tests.lint

format: $(VENV)/dev.stamp ## let ruff rewrite the code
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## speed beside a bare Django project, in one run
	@exec $(BIN)/python -m bench.run

faults: $(VENV)/dev.stamp ## 300 tickets with files while web and worker are killed, on both queues
	@exec $(BIN)/python -m bench.faults

walk: $(VENV)/run.stamp ## the customer's and the team's way over HTTP, at URL or at a desk of its own
	@exec $(BIN)/python -m bench.walk

screenshots: $(VENV)/dev.stamp ## the pictures of the README
	@exec $(BIN)/python -m bench.screenshots

COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
lock: $(VENV)/dev.stamp ## requirements*.in -> requirements*.txt (UPGRADE=--upgrade for newer releases)
	@$(COMPILE) $(UPGRADE) requirements.in -o requirements.txt
	@$(COMPILE) $(UPGRADE) requirements-dev.in -o requirements-dev.txt

$(BIN)/python:
	@command -v python3 >/dev/null || { $(call apt,python3 python3-venv); } || \
		{ echo "Falta Python 3.11: instala los paquetes python3 y python3-venv." >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Hace falta Python 3.11 o posterior, y aquí hay $$(python3 --version)." >&2; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || { $(call apt,python3-venv); } || \
		{ echo "Falta el paquete python3-venv: instálalo y vuelve a intentarlo." >&2; exit 1; }
	@python3 -m venv --clear $(VENV) || \
		{ echo "No se puede crear la carpeta $(VENV): mira el espacio y los permisos." >&2; exit 1; }

# uv is pinned by its own lines of the lock; without it pip does the same, more slowly.
$(BIN)/uv: | $(BIN)/python
	@sed -n '/^uv==/,/# via/p' requirements-dev.txt > $(VENV)/uv.txt
	@$(BIN)/pip --disable-pip-version-check install --quiet --require-hashes -r $(VENV)/uv.txt

define install
	@echo "$(2)"
	@$(MAKE) --silent $(BIN)/uv 2>/dev/null && \
		$(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -r $(1) 2>$(VENV)/install.log || \
		$(BIN)/pip --disable-pip-version-check install --quiet --require-hashes -r $(1) 2>>$(VENV)/install.log || \
		{ tail -n 3 $(VENV)/install.log >&2; \
		echo "No se pueden instalar las dependencias: mira la conexión a internet y el espacio en disco." >&2; \
		exit 1; }
	@touch $@
endef

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(call install,requirements.txt,Se instalan las dependencias (menos de un minuto)…)

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(call install,requirements-dev.txt,Se instalan las herramientas de prueba…)
