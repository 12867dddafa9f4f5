//! The METADATA comments above rules, as far as findings need them: a small subset of YAML, read line by line.

/// The METADATA above one rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Annotation {
    /// `custom.id`: the id of the finding that this is about.
    pub id: Option<String>,
    /// `custom.remedy`: how to fix it.
    pub remedy: Option<String>,
    /// `custom.severity`, used if a finding names none.
    pub severity: Option<String>,
    /// `custom.subject`: `set` for a rule that judges the documents together.
    pub subject: Option<String>,
    /// The line of the rule below, counted from 1.
    pub next_line: u32,
}

/// The METADATA of a module, in the order of the text.
pub(super) fn annotations(text: &str) -> Vec<Annotation> {
    let mut found = Vec::new();
    let mut block: Option<Block> = None;
    for (line, number) in text.lines().zip(1..) {
        match (&mut block, line.strip_prefix('#')) {
            (_, Some(comment)) if comment.trim() == "METADATA" => block = Some(Block::default()),
            (Some(block), Some(comment)) => block.line(comment.strip_prefix(' ').unwrap_or(comment)),
            (Some(_), None) if line.trim().is_empty() => {}
            (Some(_), None) => {
                found.extend(block.take().map(|block| Annotation { next_line: number, ..block.annotation }));
            }
            (None, _) => {}
        }
    }
    found
}

#[derive(Default)]
struct Block {
    annotation: Annotation,
    in_custom: bool,
    /// The member that lines without a key of their own continue, and its indentation.
    going_on: Option<(&'static str, usize)>,
}

impl Block {
    fn line(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        if let Some((member, at)) = self.going_on
            && indent > at
        {
            self.append(member, text);
            return;
        }
        self.going_on = None;
        let Some((key, value)) = text.split_once(':') else { return };
        if indent == 0 {
            self.in_custom = key == "custom";
            return;
        }
        let member = match key {
            "id" => "id",
            "remedy" => "remedy",
            "severity" => "severity",
            "subject" => "subject",
            _ => return,
        };
        if self.in_custom {
            self.going_on = Some((member, indent));
            self.append(member, value.trim());
        }
    }

    fn append(&mut self, member: &str, text: &str) {
        let slot = match member {
            "id" => &mut self.annotation.id,
            "remedy" => &mut self.annotation.remedy,
            "severity" => &mut self.annotation.severity,
            _ => &mut self.annotation.subject,
        };
        let text = match text {
            ">" | ">-" | "|" | "|-" => "",
            text => text.trim_matches(['"', '\'']),
        };
        let whole = slot.get_or_insert_default();
        if !whole.is_empty() && !text.is_empty() {
            whole.push(' ');
        }
        whole.push_str(text);
    }
}
