# Thin: every recipe is plain commands. `make check` is for every day; `make test` and `make ready` are what CI runs.
.PHONY: setup system build play demo check test bench bench-gate second-opinion ready fuzz wasm-pack
.PHONY: style rust modules core regopy checkov

TARGET := wasm32-unknown-unknown
CARGO_FUZZ := 0.13.2
WASM_PACK := 0.15.1
# Read from the lock file, so that the crate and the tool cannot differ.
WASM_BINDGEN = $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
TOOLS := target/tools/bin
SECONDS_EACH ?= 300
REGOPY := 1.5.2
PYTHON := $(CURDIR)/target/regopy/bin/python
CHECKOV := 3.3.30
FUZZ_TARGETS := decide dpop header_shapes query_canonical rego_eval rego_text rfc9421 timestamps
# Its programs reach so much that to count how often takes libFuzzer three times as long as the target itself.
rego_eval_FLAGS := -use_counters=0 -entropic=0

setup: node_modules/.package-lock.json
	@rustup target list --installed | grep -qx $(TARGET) || rustup target add $(TARGET)
	@rustup component list --installed | grep -qx rust-src || rustup component add rust-src

node_modules/.package-lock.json: package-lock.json
	@echo "installing the development packages (npm ci)"
	npm ci
	@touch $@

# What npm has not: by apt where that is allowed. Tests that miss it are skipped, and say so. $(1) is a command, $(2) the
# packages that bring it, where they have another name.
define apt
	@command -v $(1) > /dev/null || test "$$(id -u)" != 0 || ! command -v apt-get > /dev/null || \
		{ echo "installing $(or $(2),$(1)) (apt)"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(or $(2),$(1)) > /dev/null; } || true
	@command -v $(1) > /dev/null || echo "$(1) is not here: the tests that need it are skipped (apt-get install $(or $(2),$(1)))"
endef

system:
	$(call apt,redis-server)
	$(call apt,chromium)
	$(call apt,zsh)
	$(call apt,go,golang-go golang-gopkg-yaml.v2-dev)

build: setup
	cargo xtask build

# The playground, at http://127.0.0.1:8088/ or another PORT.
play: build
	npx vite build www
	node www/build/serve.js www/dist

# What npm brings comes while the module is compiled.
demo:
	@$(MAKE) --no-print-directory -j2 setup core
	cargo xtask build core
	demo/run.sh

# Clippy with the compiler of the tests: `cargo clippy` would compile every dependency once more for itself. What only
# WebAssembly or a smaller module has is in no test.
style:
	cargo fmt --all --check
	npx biome ci .

rust:
	RUSTC_WORKSPACE_WRAPPER="$(CURDIR)/xtask/lint" cargo test --locked
	cargo clippy --locked --lib --no-default-features --features tools,unicode --target $(TARGET) -- -D warnings
	cargo clippy --locked --lib --no-default-features --target $(TARGET) -- -D warnings

# The cases go through a module that is not optimised, which is compiled in seconds.
check: setup style rust
	RUSTC_WORKSPACE_WRAPPER="$(CURDIR)/xtask/lint" cargo xtask build --dev core
	npx tsc -p www
	$(NODE_TEST) tests/js/cases.test.js

core:
	cargo xtask compile core

# Not by cargo, which would wait until the tests are compiled.
modules:
	$(or $(CARGO_TARGET_DIR),target)/debug/xtask build

# Linking a module keeps one core busy and the other free, so the Rust tests run beside it. The playground's types and its
# build come before its tests.
# The reporter that says what failed once more at the end.
NODE_TEST = node --test --test-concurrency=2 --test-reporter=spec
test: setup system style
	cargo build --locked --bin xtask
	@$(MAKE) --no-print-directory -j2 -Oline modules rust
	$(NODE_TEST) tests/js/*.test.js
	npx tsc -p www
	npx vite build www
	$(NODE_TEST) tests/www/*.test.js
	$(NODE_TEST) tests/edge/*.test.js
	$(NODE_TEST) tests/packaging/*.test.js

ready: test

# All of it in one run, so that bench.json holds figures of one machine in one state.
BENCHES := bench providers start workerd edge growth memory sizes instructions
bench: build
	$(call apt,valgrind)
	@rm -f bench.json
	@for part in $(BENCHES); do node benches/$$part.js || exit 1; done

# Beside other engines, each where it can be had.
PEER = cargo build --locked --release --manifest-path benches/peer/Cargo.toml --target-dir target/peer
bench-gate: build regopy checkov
	@$(PEER) --bin countersign-peer || echo "SKIPPED: regorus cannot be had natively"
	@$(PEER) --lib --target $(TARGET) || echo "SKIPPED: regorus cannot be had in WebAssembly"
	node benches/gate.js
	node benches/command.js
	node benches/checkov.js

# What rego-cpp says of every sample and every case of OPA (COUNTERSIGN_DATA), asked anew and kept beside the tests.
second-opinion: regopy
	@! $(PYTHON) -c 'import regopy' 2> /dev/null || \
		{ export COUNTERSIGN_REGOPY=$(PYTHON); cargo test --locked -p countersign-rego --test opa regopy -- --nocapture && \
		cargo test --locked --test it policy_second_opinion -- --nocapture; }

regopy:
	$(call apt,python3,python3 python3-venv)
	@$(PYTHON) -c 'import regopy' 2> /dev/null || \
		{ python3 -m venv target/regopy && $(PYTHON) -m pip install --quiet --disable-pip-version-check regopy==$(REGOPY); } || \
		echo "SKIPPED: regopy cannot be had (PyPI; apt-get install python3-venv)"

# Only to be measured against.
checkov:
	$(call apt,python3,python3 python3-venv)
	@test -x target/checkov/bin/checkov || \
		{ python3 -m venv target/checkov && target/checkov/bin/python -m pip install --quiet --disable-pip-version-check checkov==$(CHECKOV); } || \
		echo "SKIPPED: checkov cannot be had (PyPI; apt-get install python3-venv)"

# What libFuzzer needs of the compiler is not stable; RUSTC_BOOTSTRAP lets the pinned toolchain do it. What a
# run learns goes to target/, so that the corpus in the tree stays small.
fuzz: export RUSTC_BOOTSTRAP = 1
fuzz:
	@test -x $(TOOLS)/cargo-fuzz || echo "compiling cargo-fuzz $(CARGO_FUZZ) (a minute)"
	@test -x $(TOOLS)/cargo-fuzz || cargo install --locked --root target/tools cargo-fuzz --version $(CARGO_FUZZ)
	@$(foreach name,$(FUZZ_TARGETS),\
		echo "fuzzing $(name) for $(SECONDS_EACH) s"; \
		mkdir -p target/fuzz-corpus/$(name); \
		$(TOOLS)/cargo-fuzz run --target-dir target/fuzz $(name) target/fuzz-corpus/$(name) fuzz/corpus/$(name) -- \
			-dict=fuzz/dictionaries/$(name).dict -max_total_time=$(SECONDS_EACH) -max_len=4096 -timeout=10 \
			-print_final_stats=1 $($(name)_FLAGS) || exit 1;)

# Needs the registries when cold: two tools are compiled into target/tools (about five minutes each).
wasm-pack: build
	@test -x $(TOOLS)/wasm-bindgen || echo "compiling wasm-bindgen-cli $(WASM_BINDGEN) (minutes)"
	@test -x $(TOOLS)/wasm-bindgen || cargo install --locked --root target/tools wasm-bindgen-cli --version $(WASM_BINDGEN)
	@test -x $(TOOLS)/wasm-pack || echo "compiling wasm-pack $(WASM_PACK) (minutes)"
	@test -x $(TOOLS)/wasm-pack || cargo install --locked --root target/tools wasm-pack --version $(WASM_PACK)
	cargo xtask wasm-pack
	node --test tests/packaging/wasm-pack.js
