//! `strings.render_template`.

use super::{Context, Fault};
use crate::value::Value;

pub(super) fn render(_context: &mut Context<'_>, _arguments: &[Value]) -> Result<Value, Fault> {
    Err(Fault::from("templates are not supported yet"))
}
