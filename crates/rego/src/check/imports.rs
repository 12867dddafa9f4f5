//! Imports: what a module's names mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::tree::{self, Tree};
use super::{Global, Names, Place};
use crate::ast::{Import, Module, Version};
use crate::problem::{Problem, ProblemCode};

/// What the names of a module mean.
pub fn names(module: &Module, tree: &Tree, problems: &mut Vec<Problem>) -> Names {
    let package = tree::package(module);
    let mut globals = exports(tree, &package);
    let v1 = is_v1(module);
    add(&mut globals, &module.imports, v1, problems);
    Names { package, globals, v1, future: module.future, query: false }
}

/// What the names of a query mean.
pub fn query(place: &Place, tree: &Tree, problems: &mut Vec<Problem>) -> Names {
    let package = place.package.clone().unwrap_or_default();
    let mut globals = if place.package.is_some() { exports(tree, &package) } else { BTreeMap::new() };
    add(&mut globals, &place.imports, true, problems);
    Names { package, globals, v1: true, future: place.future, query: true }
}

/// Whether a module is of version 1, or asks for its meaning.
pub fn is_v1(module: &Module) -> bool {
    module.version == Version::V1
        || module.imports.iter().any(|import| import.path.iter().map(|part| &*part.text).eq(["rego", "v1"]))
}

fn exports(tree: &Tree, package: &[Arc<str>]) -> BTreeMap<Arc<str>, Global> {
    let global = |name: &Arc<str>| {
        let path = package.iter().chain([name]).cloned().collect();
        (name.clone(), Global { input: false, path })
    };
    tree.names(package).map(global).collect()
}

fn add(globals: &mut BTreeMap<Arc<str>, Global>, imports: &[Import], v1: bool, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<Arc<str>, &Import> = BTreeMap::new();
    for import in imports {
        let Some((root, path)) = import.path.split_first() else { continue };
        if root.text.as_ref() != "data" && root.text.as_ref() != "input" {
            continue;
        }
        let name =
            import.alias.as_ref().or(import.path.last()).map_or_else(|| root.text.clone(), |name| name.text.clone());
        if v1 && seen.insert(name.clone(), import).is_some() {
            let message = format!("import must not shadow import {}", written(import));
            let problem = Problem::new(ProblemCode::Compile, import.span, message);
            problems.push(
                problem.help(format!("take one of the two away, or give it a name of its own: `as other_{name}`")),
            );
            continue;
        }
        if path.is_empty() && import.alias.is_none() {
            continue;
        }
        let path = path.iter().map(|part| part.text.clone()).collect();
        globals.insert(name, Global { input: root.text.as_ref() == "input", path });
    }
}

fn written(import: &Import) -> String {
    import.path.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".")
}
