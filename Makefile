# Thin: every recipe is plain commands. `make test` and `make ready` are what CI runs.
.PHONY: setup build demo test bench ready wasm-pack

TARGET := wasm32-unknown-unknown
WASM_PACK := 0.15.1
# Read from the lock file, so that the crate and the tool cannot differ.
WASM_BINDGEN = $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
TOOLS := target/tools/bin

setup: node_modules/.package-lock.json
	@rustup target list --installed | grep -qx $(TARGET) || rustup target add $(TARGET)

node_modules/.package-lock.json: package-lock.json
	@echo "installing the development packages (npm ci)"
	npm ci
	@touch $@

build: setup
	cargo xtask build

demo: build
	demo/run.sh

test: setup
	cargo fmt --all --check
	@echo "clippy and the Rust tests (minutes when cold)"
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo test --locked
	cargo xtask build
	node --test tests/js/*.test.js
	node --test tests/packaging/*.test.js

ready: test

bench: build
	node benches/bench.js

# Needs the registries when cold: two tools are compiled into target/tools (about five minutes each).
wasm-pack: build
	@test -x $(TOOLS)/wasm-bindgen || echo "compiling wasm-bindgen-cli $(WASM_BINDGEN) (minutes)"
	@test -x $(TOOLS)/wasm-bindgen || cargo install --locked --root target/tools wasm-bindgen-cli --version $(WASM_BINDGEN)
	@test -x $(TOOLS)/wasm-pack || echo "compiling wasm-pack $(WASM_PACK) (minutes)"
	@test -x $(TOOLS)/wasm-pack || cargo install --locked --root target/tools wasm-pack --version $(WASM_PACK)
	cargo xtask wasm-pack
	node tests/packaging/same-wasm.js target/wasm-pack/core_bg.wasm pkg/core_bg.wasm
