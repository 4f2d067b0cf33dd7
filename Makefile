# Everything there is to do with this repository; `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# One selection of packages and features for building, testing and the OpenAPI document: one build.
BUILD := --locked --workspace --bins --tests

# What `make prove-postgres` takes: how long a load lasts, and how many changes of prices are timed.
PROVE_SECONDS ?= 20
PROVE_CHANGES ?= 500
export PROVE_SECONDS PROVE_CHANGES

.PHONY: prove-postgres test-replica test-deploy help run build test ci lint guards bench bench-smoke openapi test-api test-s3 demo-data prerequisites

help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: prerequisites ## Builds the server and serves the example data on http://127.0.0.1:8080
	cargo run --release --locked --package tradebook -- demo

build: prerequisites ## Builds the server: target/release/tradebook
	cargo build --release --locked --package tradebook

test: ## Runs all tests, on SQLite and on a temporary PostgreSQL
	@scripts/install.sh build test
	cargo build $(BUILD)
	tests/with-postgres.sh cargo test --locked --workspace

test-api: ## Runs Schemathesis on the customers API: make test-api EXAMPLES=50 SEED=1
	@scripts/install.sh build test
	cargo build --locked --package tradebook
	$(if $(SEED),SEED=$(SEED)) tests/schemathesis/run.sh $(EXAMPLES)

test-s3: ## Runs the tests of images on S3-compatible storage, with a server built for it
	@scripts/install.sh build test
	tests/s3/run.sh

test-deploy: ## Checks the Dockerfile, compose.yaml, the balancer and the systemd unit, and builds as the Dockerfile does
	tests/deploy/check.sh --build

prove-postgres: ## Fails primaries, replicas and servers under load, and counts: make prove-postgres PROVE_SECONDS=60
	@scripts/install.sh build test deploy
	cargo build --release --locked --package tradebook
	tests/with-replica.sh cargo test --release --locked --package tradebook-tests --test cluster -- --test-threads=1 --nocapture

test-replica: ## Runs the test of a replica that is used, falls behind and comes back
	@scripts/install.sh build test
	cargo build $(BUILD)
	tests/with-replica.sh cargo test --locked --workspace --test cluster -- a_replica_answers_reads_and_hides_nothing

ci: lint guards test test-replica bench-smoke ## What every change must pass

lint: prerequisites ## Formatting, lints, documentation, licences, the OpenAPI document
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps
	scripts/deny.sh
	scripts/openapi.sh --check

guards: ## Proves which crate does not reach which
	@scripts/guards.sh

bench: ## Measures what BENCHMARKS.md reports, half an hour: make bench ONLY=lists,buying
	scripts/bench.sh $(if $(ONLY),--only $(ONLY))

bench-smoke: ## Runs all of it with tiny data, to show that it works
	@scripts/install.sh build
	cargo build $(BUILD)
	scripts/bench.sh --smoke $(if $(ONLY),--only $(ONLY))

openapi: prerequisites ## Writes openapi/tradebook.v1.json from the mounted routes
	@scripts/openapi.sh

demo-data: ## Cuts fixtures/demo from the source data again: make demo-data SOURCE=folder
	@test -n "$(SOURCE)" || { echo "usage: make demo-data SOURCE=folder (see fixtures/demo/README.md)" >&2; exit 2; }
	scripts/make-demo.py "$(SOURCE)"

prerequisites:
	@scripts/install.sh build
