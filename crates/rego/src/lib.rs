//! Rego, as OPA 1.21 means it.
//!
//! A module's text becomes an [`ast::Module`] (`lex`, `parse`), modules are checked together (`check`), become one
//! program (`plan`), and a machine runs that (`machine`). Every module imports from those above it alone:
//!
//! | module | what it is |
//! |---|---|
//! | [`source`] | files and spans |
//! | [`problem`] | what is refused at load, with its place and what to do |
//! | [`budget`] | steps, bytes and their limits |
//! | [`number`], `float`, [`value`] | numbers of any size; values, their order and their weight |
//! | [`json`], `term`, `text` | values from and to JSON, as Rego writes them, and text within a limit |
//! | [`builtins`] | the functions of Rego that need nothing but values |
//! | [`ast`], `lex`, `parse` | the front end |
//! | [`resolved`] | modules after their names are resolved and their bodies put in order |
//! | [`check`] | names, arities, safety, recursion, kinds, types |
//! | `plan`, `machine` | the program, and what runs it |

#![cfg_attr(small, feature(optimize_attribute))]

pub mod ast;
pub mod budget;
pub mod builtins;
pub mod check;
mod float;
pub mod json;
mod lex;
pub mod machine;
mod nearest;
pub mod number;
pub mod parse;
pub mod plan;
pub mod problem;
pub mod resolved;
pub mod source;
mod term;
mod text;
pub mod value;
pub mod yaml;
