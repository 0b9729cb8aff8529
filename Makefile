# The commands of a clone. `make` alone lists them; each is `python3 -m scripts.clone <name>`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /opt/homebrew/bin/python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done || echo python3)
CLONE = $(PYTHON) -m scripts.clone

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check fix messages shape vendor lock bench drill

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: ## Bring what all commands need (virtual environment, libraries, browser)
	@$(CLONE) setup

demo: ## Set up, load the demo content and run everything (PORT=8000)
	@$(CLONE) demo

run: ## Run web, workers and beat on an existing set-up
	@$(CLONE) run

test: ## Set up and run all tests (ARGS="-k words")
	@$(CLONE) test -- $(ARGS)

check: ## Run every static check
	@$(CLONE) check

fix: ## Let the tools put format and simple faults right
	@$(CLONE) fix

messages: ## Collect the texts for translation
	@$(CLONE) messages

shape: ## Print the sizes of functions, files, views and templates
	@$(CLONE) shape

vendor: ## Fetch the vendored CSS, JavaScript and fonts anew (needs Node)
	@$(CLONE) vendor

lock: ## Pin the requirements anew (needs uv)
	@$(CLONE) lock

bench: ## Measure against the references (ARGS="name …")
	@$(CLONE) bench -- $(ARGS)

drill: ## Run the long fault tests (ARGS="T5 …")
	@$(CLONE) drill -- $(ARGS)
