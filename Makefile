# Two commands do everything: `make run` and `make test`. `make help` lists the rest.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
# Debug and release builds live apart: switching between them must not rebuild the world.
DEBUG_PATH := .build-debug
RELEASE_PATH := .build
RELEASE_BINARY := $(RELEASE_PATH)/release/stet
LAUNCHER := $(RELEASE_PATH)/release/stet-launcher
STRICT := --explicit-target-dependency-import-check error
# Each function is a section of its own, so that the linker can drop it. Generic types are made by the accessors that the
# compiler knows, not by their names: a name makes the runtime look through ten thousand conformances at its first use.
CODE_FLAGS := $(foreach flag,-function-sections -disable-concrete-type-metadata-mangled-name-accessors,-Xswiftc -Xfrontend -Xswiftc $(flag))
# libdispatch's timer sleeps when the program does: see Sources/CPlatform/dispatch_monitor.c.
CALM_FLAGS := -Xcc -DSTET_CALM_DISPATCH -Xlinker --wrap=_dispatch_workq_worker_register -Xlinker --wrap=_dispatch_workq_worker_unregister -Xlinker --wrap=dispatch_source_set_timer -Xlinker --wrap=dispatch_semaphore_wait
# Static Swift, no PIE, stripped, unused sections and exported names dropped: a third of the size, half of the start-up time.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -Xclang-linker -Xswiftc -no-pie $(CODE_FLAGS) -Xlinker -s -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker --no-export-dynamic $(CALM_FLAGS)

# Design pages, conformance checks and benches that lie beside the project.
SHARED ?= $(realpath ../shared)

TEST = STET_BINARY=$(CURDIR)/$(DEBUG_PATH)/debug/stet Scripts/test.sh $(SWIFT) test --scratch-path $(DEBUG_PATH) --skip-build

export SWIFT_BACKTRACE := enable=no
# Tests at a time: two thousand at once, of which each waits for all others, meet limits that no user meets.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 12

.PHONY: help run build test lint format install uninstall setup setup-tests conformance test-codex test-mcp requirements
.PHONY: fuzz bench clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 14

run: build ## install what is missing, build, open the interface here
	@exec $(RELEASE_BINARY)

build: setup ## build the release binary
	$(SWIFT) build $(STRICT) --scratch-path $(RELEASE_PATH) $(RELEASE_FLAGS) --product stet
	$(SWIFT) build $(STRICT) --scratch-path $(RELEASE_PATH) $(RELEASE_FLAGS) --product stet-launcher

test: setup-tests ## install what is missing and run every test
	$(SWIFT) build $(STRICT) --scratch-path $(DEBUG_PATH) --build-tests
ifdef FILTER
	$(TEST) --filter $(FILTER)
else
	$(TEST) --skip JourneyTests
# By themselves: what makes a user wait is a fault there, and the other tests keep every processor busy.
	$(TEST) --filter JourneyTests
endif

test-codex: setup-tests ## the interface on the real Codex, which is fetched from PyPI
	$(SWIFT) build $(STRICT) --scratch-path $(DEBUG_PATH) --build-tests
	Scripts/test-codex.sh $(SWIFT) test --scratch-path $(DEBUG_PATH) --skip-build --filter CodexServerJourneys

test-mcp: setup-tests ## MCP servers from PyPI, over stdio and HTTP
	$(SWIFT) build $(STRICT) --scratch-path $(DEBUG_PATH) --build-tests
	$(TEST) --filter RealMCPTests

lint: build ## formatting, file sizes, the binary's size and what it links
	@Scripts/lint.sh $(RELEASE_BINARY)

format: ## format every source file
	$(SWIFT) format -i -r -p Sources Tests Package.swift

install: build ## put the binary, themes, manual and completions under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/stet/themes $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $(RELEASE_BINARY) $(DESTDIR)$(PREFIX)/bin/stet
	install -d $(DESTDIR)$(PREFIX)/libexec/stet
	install -m 755 $(LAUNCHER) $(DESTDIR)$(PREFIX)/libexec/stet/stet-launcher
	install -m 644 themes/*.toml $(DESTDIR)$(PREFIX)/share/stet/themes/
	install -m 644 Documentation/stet.1 $(DESTDIR)$(PREFIX)/share/man/man1/stet.1
	$(RELEASE_BINARY) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/stet
	$(RELEASE_BINARY) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_stet
	$(RELEASE_BINARY) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/stet.fish

uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/stet $(DESTDIR)$(PREFIX)/share/man/man1/stet.1
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/stet $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_stet
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/stet.fish
	rm -rf $(DESTDIR)$(PREFIX)/share/stet $(DESTDIR)$(PREFIX)/libexec/stet

setup: ## install the libraries that a build needs
	@Scripts/setup.sh

setup-tests: ## install the libraries and programs that the tests need
	@Scripts/setup.sh tests
	@Scripts/setup-pyte.sh
	@Scripts/setup-mcp.sh

conformance: build ## check the app-server with clients that others wrote
	@SHARED=$(SHARED) Scripts/conformance.sh $(RELEASE_BINARY) $(ONLY)

requirements: ## list the numbered requirements without a test (LETTERS=AR, NUMBERS="X1 X9")
	@STET_SHARED=$(SHARED) Scripts/requirements.sh "$(LETTERS)" $(NUMBERS)

fuzz: ## feed random bytes to what reads other programs' bytes, a minute in all
	@SWIFT="$(SWIFT)" Scripts/fuzz.sh $(SECONDS_EACH)

bench: build ## measure the program beside the floor and Codex (PROGRAMS="stet codex floor", PARTS="tui exec")
	@SHARED=$(SHARED) PARTS="$(PARTS)" Scripts/bench.sh $(CURDIR)/$(RELEASE_BINARY) $(PROGRAMS)
	@Scripts/bench-snapshots.sh $(CURDIR)/$(RELEASE_BINARY)
	@Scripts/bench-sandbox.sh $(CURDIR)/$(RELEASE_BINARY)
	@Scripts/bench-review.py $(CURDIR)/$(RELEASE_BINARY)

clean: ## remove all build products
	rm -rf $(DEBUG_PATH) $(RELEASE_PATH) .build-fuzz
