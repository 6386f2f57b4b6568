# What people do with this repository. Everything that a target needs and that
# the system's package manager has is installed by it.

SHELL := /bin/bash
# WebP is encoded by the module's own code, never by a libwebp that the system may have.
TAGS := -tags nodynamic
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kabar
LINTER := $(CACHE)/golangci-lint-$(shell cksum < tools/golangci-lint/go.sum | cut -d ' ' -f 1)

NFPM := $(CACHE)/nfpm-$(shell cksum < tools/nfpm/go.sum | cut -d ' ' -f 1)
BROWSER := $(CACHE)/browser-$(shell cksum < tools/browser/package-lock.json | cut -d ' ' -f 1)

.PHONY: build release reproducible run demo test race fuzz bench memory faults browser lint fmt postgresql chromium nginx caddy npm pebble

build: ## the program, in bin/
	CGO_ENABLED=0 go build $(TAGS) -trimpath -buildvcs=auto -o bin/kabar ./cmd/kabar

release: $(NFPM) ## archives and Debian packages of this commit, in dist/
	tools/release/release $(NFPM) $(PLATFORMS)

reproducible: $(NFPM) ## builds this commit twice from nothing, and compares
	tools/release/reproducible $(NFPM)

run: postgresql build ## the blog of this folder, on http://localhost:8080
	KABAR_DATA_DIR=$${KABAR_DATA_DIR:-data} ./bin/kabar serve

demo: postgresql build ## the main job from end to end; KABAR_DEMO_EXIT=1 ends by itself
	@./bin/kabar demo

test: postgresql chromium nginx caddy pebble ## every test
	go test $(TAGS) -timeout=30m ./...

race: postgresql chromium nginx caddy pebble ## every test, watched for data races
	go test $(TAGS) -race -timeout=60m ./...

fuzz: ## every parser of foreign bytes, FUZZTIME each (10m)
	tools/fuzz/run $(or $(FUZZTIME),10m) $(FUZZ)

bench: postgresql nginx ## the figures, each beside the machine's own limit
	go test $(TAGS) -run='^$$' -bench=. -benchtime=1x -timeout=30m ./internal/bench/...

memory: postgresql ## what the program takes under everything at once, for KABAR_MIXED (ten minutes): flat, under 200 MB
	KABAR_MIXED=$${KABAR_MIXED:-10m} go test $(TAGS) -run='^$$' -bench=Mixed -benchtime=1x -timeout=2h ./internal/bench

faults: postgresql ## kills, starves and cuts off the program and its database; KABAR_FAULTS=short for a few minutes, KABAR_SEED=n to repeat
	KABAR_FAULTS=$${KABAR_FAULTS:-3} go test $(TAGS) -v -count=1 -parallel=3 -timeout=4h ./internal/faults

browser: postgresql chromium build $(BROWSER) ## every page in the browser: axe-core, Lighthouse, HTML, weight; SHOTS=folder for pictures
	tools/browser/run bin/kabar $(BROWSER) $(SHOTS)

lint: $(LINTER) ## what golangci-lint finds
	$(LINTER) run

fmt: $(LINTER) ## the form that lint asks for
	$(LINTER) fmt

# Outside the repository, and only once for each version.
$(LINTER):
	mkdir -p $(@D)
	cd tools/golangci-lint && go build -o $@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(NFPM):
	mkdir -p $(@D)
	cd tools/nfpm && go build -o $@ github.com/goreleaser/nfpm/v2/cmd/nfpm

$(BROWSER): | npm
	mkdir -p $@.new
	cp tools/browser/package.json tools/browser/package-lock.json $@.new/
	cd $@.new && npm ci --ignore-scripts --no-audit --no-fund
	mv $@.new $@

# install,PROGRAMS,PACKAGE OF APT,OF DNF,OF APK: nothing if one of the programs is there.
define install
	@if ! command -v $(1) >/dev/null; then \
		if command -v apt-get >/dev/null; then \
			$(SUDO) apt-get update -qq && \
			$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(2); \
		elif command -v dnf >/dev/null; then $(if $(3),$(SUDO) dnf install -y $(3),echo "no package of $(1) here"); \
		elif command -v apk >/dev/null; then $(if $(4),$(SUDO) apk add $(4),echo "no package of $(1) here"); \
		else echo "install $(2) first" >&2; exit 1; \
		fi; \
	fi
endef

postgresql:
	$(call install,/usr/lib/postgresql/*/bin/postgres /usr/libexec/postgresql*/postgres $$(command -v postgres),postgresql,postgresql-server,postgresql)

chromium:
	$(call install,chromium,chromium,chromium,chromium)

npm:
	$(call install,npm,npm,npm,npm)

nginx:
	$(call install,/usr/sbin/nginx,nginx-light,nginx,nginx)

# Tests of several nodes behind it are skipped without it.
caddy:
	$(call install,caddy,caddy,,caddy)

# An issuer of certificates; the test of ACME is skipped without it.
pebble:
	$(call install,pebble,pebble,,)
