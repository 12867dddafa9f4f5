//! What `print` prints.

use super::{Failure, Machine};
use crate::term;
use crate::text::Text;
use crate::value::Value;

impl Machine {
    /// Prints a line for each combination of the values; what has none is `<undefined>`.
    pub(super) fn print(&mut self, list: u32, count: u32) -> Result<(), Box<Failure>> {
        let mut lines = vec![String::new()];
        for (number, of) in self.values(list, count).iter().enumerate() {
            let values = match of {
                Value::Set(set) => set.elements(),
                _ => &[],
            };
            let mut texts = Vec::new();
            for value in values {
                self.charge(value.weight())?;
                texts.push(self.printed_text(value)?);
            }
            if texts.is_empty() {
                texts.push("<undefined>".to_owned());
            }
            let space = if number > 0 { " " } else { "" };
            let longer = |line: &String| texts.iter().map(|text| format!("{line}{space}{text}")).collect::<Vec<_>>();
            self.charge(lines.len() as u64 * texts.len() as u64)?;
            self.charge_bytes(
                lines.len() * texts.len() * 32 + total(&lines) * texts.len() + total(&texts) * lines.len(),
            )?;
            lines = lines.iter().flat_map(longer).collect();
        }
        self.printed.append(&mut lines);
        Ok(())
    }

    fn printed_text(&self, value: &Value) -> Result<String, Box<Failure>> {
        if let Value::String(text) = value {
            return Ok(text.to_string());
        }
        let mut text = Text::new(&self.budget);
        term::write(value, &mut text).map_err(|reached| self.reached(reached))?;
        Ok(text.as_str().to_owned())
    }
}

fn total(texts: &[String]) -> usize {
    texts.iter().map(String::len).sum()
}
