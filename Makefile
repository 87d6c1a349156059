# fnrun: `make demo` shows it at work, `make test` checks everything. Both set up a fresh Debian or Ubuntu machine.

SWIFT ?= swift
RELEASE = --configuration release --static-swift-stdlib

.DEFAULT_GOAL := help
.PHONY: help setup setup-build build release demo bench bench-instructions bench-schedule test crash-test check lint format \
	manual screens install uninstall clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the system packages that are missing
	@scripts/setup

setup-build:
	@scripts/setup build

build: setup ## Build for development
	$(SWIFT) build --build-tests

release: setup-build ## Build .build/release/fnrun
	$(SWIFT) build $(RELEASE) --product fnrun

demo: release ## Run an example against the embedded sandbox: no account, no network
	@scripts/demo

bench: setup release ## Measure fnrun beside load generators and the scripts that it replaces
	@Benchmarks/bench

bench-instructions: setup ## Count the instructions that a row costs; fail if they grew
	$(SWIFT) build $(RELEASE) --product HotPathBenchmark
	@Benchmarks/instructions

bench-schedule: setup release ## Measure how schedules are kept: lateness, load, idling, planning
	@Benchmarks/schedule

test: setup check ## Set up, check and test everything

KILLS ?= 240
SEED ?= 1

crash-test: setup ## Kill runs at random instants, KILLS times from SEED on, and cut result files at every byte
	FNRUN_CRASH_KILLS=$(KILLS) FNRUN_CRASH_SEED=$(SEED) $(SWIFT) test --filter CrashTests

# These drive the built binary and wait for it: not beside tests that keep every core busy.
DRIVING_TESTS = ^(CLITests|ExampleTests|CrashTests)\.
# And these keep every core busy themselves.
CROWDS = ^CLITests\.CrowdTests
# So many at a time, where the toolchain can say so: of all at once, each waits long for its turns.
A_DOZEN = $(shell $(SWIFT) test --help-hidden 2>/dev/null | \
    grep -q maximum-parallelization-width && echo --experimental-maximum-parallelization-width 12)

check: lint ## Lint, build, run all tests
	$(SWIFT) build --build-tests
	scripts/test-gates
	$(SWIFT) test --skip-build --skip '$(DRIVING_TESTS)' $(A_DOZEN)
	$(SWIFT) test --skip-build --filter '$(CROWDS)'
	$(SWIFT) test --skip-build --filter '$(DRIVING_TESTS)' --skip '$(CROWDS)' $(A_DOZEN)

lint: ## Check format, imports and tests' declarations
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks
	scripts/lint-imports
	scripts/lint-tests

format: ## Format the sources in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks

manual: ## Write share/man/man1 from the help texts
	$(SWIFT) build --product fnrun
	scripts/manual .build/debug/fnrun

screens: ## Record the screens of Tests/CLITests/Fixtures/Golden/screens in a terminal
	$(SWIFT) build --product fnrun
	scripts/record-screens .build/debug/fnrun

PREFIX ?= /usr/local
DESTDIR ?=
BINARY ?= .build/release/fnrun
INSTALL_SHARE = $(DESTDIR)$(PREFIX)/share

.build/release/fnrun:
	@$(MAKE) --no-print-directory release

install: $(BINARY) ## Install binary, manual pages and completions below PREFIX (/usr/local)
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/fnrun
	install -d $(INSTALL_SHARE)/man/man1
	install -m 644 share/man/man1/*.1 $(INSTALL_SHARE)/man/man1
	install -d $(INSTALL_SHARE)/bash-completion/completions $(INSTALL_SHARE)/zsh/site-functions \
	    $(INSTALL_SHARE)/fish/vendor_completions.d
	$(BINARY) completions bash > $(INSTALL_SHARE)/bash-completion/completions/fnrun
	$(BINARY) completions zsh > $(INSTALL_SHARE)/zsh/site-functions/_fnrun
	$(BINARY) completions fish > $(INSTALL_SHARE)/fish/vendor_completions.d/fnrun.fish

uninstall: ## Remove what install has put below PREFIX
	rm -f $(DESTDIR)$(PREFIX)/bin/fnrun $(INSTALL_SHARE)/bash-completion/completions/fnrun \
	    $(INSTALL_SHARE)/zsh/site-functions/_fnrun $(INSTALL_SHARE)/fish/vendor_completions.d/fnrun.fish \
	    $(addprefix $(INSTALL_SHARE)/man/man1/,$(notdir $(wildcard share/man/man1/*.1)))

clean: ## Remove what was built
	rm -rf .build
