# Cibles courantes du banc. Sans rien d'autre que Python 3.11 et pip sur la machine : `make demo`.

PYTHON ?= python3
UV := .outils/uv/bin/uv
BANC := .venv/bin/banc
BASE_SYNC := .venv/.base
DEV_SYNC := .venv/.dev
export UV_PROJECT_ENVIRONMENT := .venv
# Une fois à l'installation plutôt qu'à chaque lancement.
export UV_COMPILE_BYTECODE := 1

.DEFAULT_GOAL := aide
.PHONY: aide setup setup-dev rapport-outil demo test lint types bench prove coverage profils clean

aide: ## montrer cette aide
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(BASE_SYNC) rapport-outil ## installer le banc et le générateur de rapport

setup-dev: $(DEV_SYNC) rapport-outil ## installer aussi les outils des développeurs

demo: setup ## faire passer la suite au produit de référence et ouvrir le rapport
	$(BANC) demo

test: setup-dev lint types ## tout vérifier : style, types, tests, preuve, couverture
	.venv/bin/pytest -q -n 2
	$(BANC) prove -n 2
	$(BANC) coverage --verifier

lint: $(DEV_SYNC) ## style et frontières entre paquets
	.venv/bin/ruff check .
	.venv/bin/lint-imports --no-cache

types: $(DEV_SYNC) ## types, en mode strict
	.venv/bin/mypy

bench: $(DEV_SYNC) ## mesurer le banc lui-même
	.venv/bin/python -m load.bench
	.venv/bin/python -m tests.mocks.dmp.deposits_bench

prove: $(DEV_SYNC) ## prouver chaque règle et chaque scénario par un défaut semé
	$(BANC) prove -n 2

coverage: $(DEV_SYNC) ## écrire docs/couverture.md
	$(BANC) coverage --ecrire

profils: $(DEV_SYNC) ## écrire docs/profils.md (avec les paquets officiels)
	.venv/bin/python -m tests.profiles.figures --ecrire

clean: ## effacer ce qui se reconstruit (garde .outils)
	rm -rf .venv .banc rapport allure-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

rapport-outil:
	$(PYTHON) reports/outil/installer.py

$(UV): .ci/uv.txt
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --require-hashes --upgrade --target .outils/uv -r $<
	touch $@

# La synchronisation de base n'enlève rien : après `setup-dev`, `make demo` garde les outils des développeurs.
$(BASE_SYNC): $(UV) pyproject.toml uv.lock
	$(UV) sync --locked --inexact --quiet
	touch $@

$(DEV_SYNC): $(UV) pyproject.toml uv.lock
	$(UV) sync --locked --group dev --extra postgres --extra load --quiet
	touch $@ $(BASE_SYNC)
