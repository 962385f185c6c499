# The commands of this repository. "make" alone lists them.
# The recipes are scripts in internal/ci, which CI and people run alike.

.DEFAULT_GOAL := help
.PHONY: help test race test-web lint fuzz bench bench-go release-check demo

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run all tests of all modules on SQLite, PostgreSQL and MariaDB (installs the servers where it may)
	@bash internal/ci/test.sh

race: ## run all tests under the race detector, at a tenth of the size (installs a C compiler where it may)
	@bash internal/ci/race.sh

test-web: ## start the demo, lint its OpenAPI document, compile a typed client of it and load its pages in headless Chromium
	@bash internal/ci/web.sh

lint: ## check go vet, staticcheck, gofmt and go mod tidy in all modules
	@bash internal/ci/lint.sh

fuzz: ## fuzz every target for JOINERY_FUZZ (default 60s) each
	@bash internal/ci/fuzz.sh

bench: ## measure against handlers written by hand and other toolkits at BENCH_SIZE=10k, 100k or 1m (default) notes
	@bash internal/ci/bench.sh

bench-go: ## run the benchmarks of all packages and print times and allocations
	@bash internal/ci/bench.sh go

release-check: ## what must hold before a release: full sizes, long fuzzing, known vulnerabilities (hours)
	@bash internal/ci/release.sh

demo: ## start the demo server
	@go run ./cmd/demo
