//! `cargo xtask build` makes `pkg/`, the npm package: the crate as WebAssembly, with all (`core`), without policies
//! (`slim`) and for checking alone (`edge`), bindgen's glue, the JavaScript of `js/`, the policies (the contracts as
//! modules, too) and the manifest. `cargo xtask build core` makes it with one module, and `cargo xtask build --dev core`
//! with one that is not optimised: it is compiled in seconds. `cargo xtask compile` only compiles: what else it takes may
//! still be on its way. `cargo xtask wasm-pack` builds `core` with wasm-pack.

use std::env;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use wasm_bindgen_cli_support::Bindgen;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const TRIPLE: &str = "wasm32-unknown-unknown";
const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

const USAGE: &str = "usage: cargo xtask build [--dev] [core|slim|edge]... | compile [core|slim|edge]... | wasm-pack";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["build", "--dev", names @ ..] => modules(names).and_then(|modules| build(&modules, Profile::Dev)),
        ["build", names @ ..] => modules(names).and_then(|modules| build(&modules, Profile::Release)),
        ["compile", names @ ..] => modules(names).and_then(|modules| compile_all(&modules)),
        ["wasm-pack"] => wasm_pack(),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The standard library is built along, small and without the texts of panics, which nobody reads in WebAssembly: a
/// tenth of the module. What that takes of the compiler is not stable, so the toolchain is pinned; its place on the
/// disk may show in the bytes.
const SMALL: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
/// What is marked so in the crate is compiled for speed, although the crate is compiled for size.
const SMALL_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none --cfg small";

/// The modules of the package: its name there, and what cargo is told beside the rest.
const MODULES: [Module; 3] = [
    ("core", &[]),
    ("slim", &["--no-default-features", "--features", "tools,unicode"]),
    ("edge", &["--no-default-features"]),
];
type Module = (&'static str, &'static [&'static str]);

/// Those named, or all.
fn modules(names: &[&str]) -> Outcome<Vec<Module>> {
    if let Some(name) = names.iter().find(|name| MODULES.iter().all(|(known, _)| known != *name)) {
        return Err(format!("there is no module `{name}`\n{USAGE}").into());
    }
    Ok(MODULES.into_iter().filter(|(name, _)| names.is_empty() || names.contains(name)).collect())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// As it is published.
    Release,
    /// For a try: with the standard library as it comes, and nothing optimised but the dependencies.
    Dev,
}

fn build(modules: &[Module], profile: Profile) -> Outcome {
    let root = root()?;
    // Everything is laid out aside and renamed at the end: there is never half a package.
    let (aside, package) = (root.join("pkg.tmp"), root.join("pkg"));
    remove(&aside)?;
    fs::create_dir(&aside)?;
    for &(name, features) in modules {
        // Each build leaves its module in one place, so it is fetched before the next.
        bind(&compile(&root, name, features, profile)?, &aside, name)?;
    }
    lay_out(&root, &aside)?;
    run(Command::new("node").arg("xtask/contracts.js").arg(&aside), &root, "")?;
    remove(&package)?;
    fs::rename(&aside, &package)?;
    eprintln!("xtask: pkg/ is ready");
    for (name, _) in modules {
        let file = format!("{name}_bg.wasm");
        let module = fs::read(package.join(&file))?;
        let zipped = gzip(&module).map_or_else(|| "gzip not found".into(), |bytes| format!("{} KB gzip", bytes / 1000));
        eprintln!("xtask: {file} {} KB, {zipped}", module.len() / 1000);
    }
    Ok(())
}

fn compile_all(modules: &[Module]) -> Outcome {
    let root = root()?;
    modules.iter().try_for_each(|(name, features)| compile(&root, name, features, Profile::Release).map(drop))
}

/// Compiles one module, and gives the place of it.
fn compile(root: &Path, name: &str, features: &[&str], profile: Profile) -> Outcome<PathBuf> {
    let (how, folder) = match profile {
        Profile::Release => ("release, one codegen unit, fat LTO: minutes when cold", "release"),
        Profile::Dev => ("not optimised", "debug"),
    };
    eprintln!("xtask: compiling {name} to WebAssembly ({how})");
    let started = Instant::now();
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // As a module alone: what an rlib beside it must keep for others to call makes it slower by half.
    cargo.args(["rustc", "--locked", "--lib", "--crate-type", "cdylib", "--package", "countersign"]);
    cargo.args(["--target", TRIPLE]).args(features);
    match profile {
        Profile::Release => {
            // Cargo keeps one state of a package's cdylib, whatever its features: each build would undo the other's. With
            // this it tells them apart, as the builders of the standard library have it do.
            cargo.env("__CARGO_DEFAULT_LIB_METADATA", "countersign");
            run(cargo.arg("--release").args(SMALL), root, SMALL_FLAGS)?;
        }
        // Nobody reads debug info in WebAssembly.
        Profile::Dev => run(cargo.args(["--config", "profile.dev.package.countersign.debug=false"]), root, "")?,
    }
    eprintln!("xtask: compiled in {:.1} s", started.elapsed().as_secs_f64());
    Ok(target(root).join(TRIPLE).join(folder).join("countersign.wasm"))
}

fn bind(module: &Path, into: &Path, name: &str) -> Outcome {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(false)
        // Which file holds the module is the entry's business; a bundler must not follow a guess.
        .omit_default_module_path(true)
        // A module that trapped is never used again: the entry swaps the instance.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen.generate(into).map_err(|error| format!("bindgen: {error:#}").into())
}

fn lay_out(root: &Path, into: &Path) -> Outcome {
    copy_tree(&root.join("js"), into)?;
    let policies = root.join("policies");
    if policies.is_dir() {
        copy_tree(&policies, &into.join("policies"))?;
    }
    // What the contracts' READMEs speak of.
    copy_tree(&root.join("docs"), &into.join("docs"))?;
    fs::create_dir(into.join("examples"))?;
    fs::copy(root.join("examples/receive.js"), into.join("examples/receive.js"))?;
    fs::copy(root.join("pkg.json"), into.join("package.json"))?;
    for name in DOCUMENTS {
        let document = root.join(name);
        if document.is_file() {
            fs::copy(document, into.join(name))?;
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.starts_with('.') || text.ends_with("_test.rego") || text == "cases" || text == "tests" {
            continue; // tests stay at home
        }
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &to.join(&name))?;
        } else {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}

/// The crate as anyone else would build it, by wasm-pack and with nothing unstable: `tests/packaging/wasm-pack.js` replays the cases.
fn wasm_pack() -> Outcome {
    let root = root()?;
    let tools = target(&root).join("tools/bin");
    let path = env::join_paths([tools].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())))?;
    let pack = |arguments: &str| {
        eprintln!("xtask: wasm-pack {arguments}");
        let arguments = arguments.split(' ').chain(["--", "--locked"]);
        run(Command::new("wasm-pack").args(arguments).env("PATH", &path), &root, "")
    };
    pack("build --target web --mode no-install --out-dir target/wasm-pack --out-name core")?;
    pack("test --node --mode no-install")
}

/// `flags` are for rustc, and where there are some they are not stable.
fn run(command: &mut Command, root: &Path, flags: &str) -> Outcome {
    // Where panics are told, they name source files: without the home folder of whoever built it.
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).ok_or("no home folder")?;
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let all = format!("{} {} {flags}", remap(&home, "cargo"), remap(root, "."));
    if !flags.is_empty() {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    let status = command
        .current_dir(root)
        // It would silently replace the flags of .cargo/config.toml; these are added to them.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", all.trim_end())
        .status()
        .map_err(|error| format!("cannot start {:?}: {error}", command.get_program()))?;
    if status.success() { Ok(()) } else { Err(format!("{:?} failed ({status})", command.get_program()).into()) }
}

fn gzip(bytes: &[u8]) -> Option<usize> {
    let child = Command::new("gzip").arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.ok()?;
    let mut input = child.stdin.take()?;
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    Some(output.stdout.len())
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn root() -> Outcome<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().ok_or("xtask has no parent folder")?.to_path_buf())
}

fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}
