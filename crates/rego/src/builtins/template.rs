//! `strings.render_template`: Go's text/template, as far as policies need it: fields, variables, `if`, `with`, `range`,
//! pipelines, comparisons, and the functions that make text. What is not there shows as `<undefined>`.

mod parse;

use self::parse::{Block, Command, Node, Operand, Pipe};
use super::operands::{any, array, items, object, string};
use super::{Context, Fault, sprintf};
use crate::budget::Reached;
use crate::text::Text;
use crate::value::Value;

pub(super) fn render(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let template = string(arguments, 1)?;
    object(arguments, 2)?;
    context.work(template.len() as u64)?;
    context.budget.bytes(template.len() as u64 * 8)?;
    let nodes = parse::parse(template)?;
    let data = any(arguments, 2).clone();
    let text = Text::new(context.budget);
    let mut renderer = Renderer { context, text, variables: vec![("$".to_owned(), Some(data.clone()))] };
    renderer.nodes(&nodes, &Some(data))?;
    let text = renderer.text;
    Ok(Value::from(text.paid(context.budget)?))
}

/// A value, or what a path found nothing for.
type Found = Option<Value>;

struct Renderer<'a, 'b> {
    context: &'a mut Context<'b>,
    text: Text,
    /// The innermost last; `$` is the data.
    variables: Vec<(String, Found)>,
}

/// It recurses as deep as blocks and parentheses are nested, which the parser holds.
impl Renderer<'_, '_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Found) -> Result<(), Fault> {
        for node in nodes {
            self.context.work(1)?;
            match node {
                Node::Text(text) => self.text.push_str(text)?,
                Node::Show(pipe) => {
                    let value = self.pipe(pipe, dot)?;
                    if pipe.variable.is_none() {
                        self.context.work(value.as_ref().map_or(1, Value::weight))?;
                        show(value.as_ref(), &mut self.text)?;
                    }
                }
                Node::Block(block) => {
                    let variables = self.variables.len();
                    self.block(block, dot)?;
                    self.variables.truncate(variables);
                }
            }
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, dot: &Found) -> Result<(), Fault> {
        match block.keyword {
            "range" => self.range(block, dot),
            keyword => {
                let value = self.pipe(&block.pipe, dot)?;
                let (nodes, with) = match holds(value.as_ref()) {
                    true => (&block.nodes, keyword == "with"),
                    false => (&block.otherwise, false),
                };
                self.nodes(nodes, if with { &value } else { dot })
            }
        }
    }

    fn range(&mut self, block: &Block, dot: &Found) -> Result<(), Fault> {
        let variables = self.variables.len();
        let pipe = Pipe { variable: None, ..block.pipe.clone() };
        let value = self.pipe(&pipe, dot)?;
        let pairs: Vec<(Value, Value)> = match &value {
            Some(Value::Object(object)) => object.members().to_vec(),
            Some(other) => {
                let items = items(other).ok_or("range can't iterate over this")?;
                (0..).map(Value::from).zip(items.iter().cloned()).collect()
            }
            None => Vec::new(),
        };
        self.context.items(pairs.len())?;
        if pairs.is_empty() {
            return self.nodes(&block.otherwise, dot);
        }
        for (key, value) in pairs {
            let value = Some(value);
            match (&block.key, &block.pipe.variable) {
                (Some(key_name), Some(name)) => {
                    self.variables.push((key_name.clone(), Some(key)));
                    self.variables.push((name.clone(), value.clone()));
                }
                (None, Some(name)) => self.variables.push((name.clone(), value.clone())),
                _ => {}
            }
            self.nodes(&block.nodes, &value)?;
            self.variables.truncate(variables);
        }
        Ok(())
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Found) -> Result<Found, Fault> {
        let mut value = None;
        for (index, command) in pipe.commands.iter().enumerate() {
            value = self.command(command, dot, (index > 0).then_some(value))?;
        }
        if let Some(name) = &pipe.variable {
            match self.variables.iter_mut().rev().find(|(known, _)| known == name).filter(|_| !pipe.declares) {
                Some((_, known)) => *known = value.clone(),
                None if pipe.declares => self.variables.push((name.clone(), value.clone())),
                None => return Err(Fault::from("undefined variable in the template")),
            }
        }
        Ok(value)
    }

    /// A value, or a function of values; the last of them may come out of the command before.
    fn command(&mut self, command: &Command, dot: &Found, piped: Option<Found>) -> Result<Found, Fault> {
        self.context.work(1)?;
        let mut operands = command.operands.iter();
        let Some(first) = operands.next() else { return Err(Fault::from("missing value for command in the template")) };
        let Operand::Function(name) = first else {
            if operands.next().is_some() || piped.is_some() {
                return Err(Fault::from("can't give argument to non-function in the template"));
            }
            return self.operand(first, dot);
        };
        let mut arguments = Vec::new();
        for operand in operands {
            arguments.push(self.operand(operand, dot)?);
        }
        arguments.extend(piped);
        self.function(name, arguments)
    }

    fn operand(&mut self, operand: &Operand, dot: &Found) -> Result<Found, Fault> {
        let (mut found, path) = match operand {
            Operand::Value(value) => return Ok(Some(value.clone())),
            Operand::Field(path) => (dot.clone(), path),
            Operand::Variable(name, path) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                (known.ok_or("undefined variable in the template")?.1.clone(), path)
            }
            Operand::Pipe(pipe, path) => (self.pipe(pipe, dot)?, path),
            Operand::Function(name) => return self.function(name, Vec::new()),
        };
        for name in path {
            self.context.work(1)?;
            found = match &found {
                None => None,
                Some(Value::Object(object)) => object.member(name).cloned(),
                Some(_) => return Err(Fault::from("can't evaluate a field of what is no object in the template")),
            };
        }
        Ok(found)
    }

    fn function(&mut self, name: &str, arguments: Vec<Found>) -> Result<Found, Fault> {
        let wrong = || Fault::Error(format!("wrong arguments for {name} in the template"));
        for argument in arguments.iter().flatten() {
            self.context.work(argument.weight())?;
        }
        Ok(Some(match (name, arguments.as_slice()) {
            ("and", [first, rest @ ..]) => {
                let all = rest.iter().fold(first, |result, next| if holds(result.as_ref()) { next } else { result });
                return Ok(all.clone());
            }
            ("or", [first, rest @ ..]) => {
                let any = rest.iter().fold(first, |result, next| if holds(result.as_ref()) { result } else { next });
                return Ok(any.clone());
            }
            ("not", [value]) => Value::from(!holds(value.as_ref())),
            ("len", [Some(value)]) => Value::from(match value {
                Value::String(text) => text.len() as i64,
                Value::Object(object) => object.members().len() as i64,
                other => items(other).ok_or_else(wrong)?.len() as i64,
            }),
            ("index", [first, keys @ ..]) => {
                let mut found = first.clone();
                for key in keys {
                    let (Some(container), Some(key)) = (&found, key) else { return Err(wrong()) };
                    found = container.get(key).cloned();
                }
                return Ok(found);
            }
            ("eq", [Some(first), rest @ ..]) if !rest.is_empty() => {
                Value::from(rest.iter().any(|value| value.as_ref() == Some(first)))
            }
            ("ne", [left, right]) => Value::from(left != right),
            ("lt", [Some(left), Some(right)]) => Value::from(left < right),
            ("le", [Some(left), Some(right)]) => Value::from(left <= right),
            ("gt", [Some(left), Some(right)]) => Value::from(left > right),
            ("ge", [Some(left), Some(right)]) => Value::from(left >= right),
            ("print" | "println", values) => {
                let mut text = self.text.like();
                for (index, value) in values.iter().enumerate() {
                    // `print` puts a space between two that are no strings, `println` always.
                    let is_string = |value: Option<&Found>| matches!(value, Some(Some(Value::String(_))));
                    let before = index.checked_sub(1).and_then(|before| values.get(before));
                    if index > 0 && (name == "println" || !(is_string(before) || is_string(Some(value)))) {
                        text.push(' ')?;
                    }
                    show(value.as_ref(), &mut text)?;
                }
                if name == "println" {
                    text.push('\n')?;
                }
                Value::from(text.paid(self.context.budget)?)
            }
            ("printf", [Some(format), values @ ..]) => {
                let values = values.iter().map(|value| value.clone().unwrap_or_else(|| Value::from("<no value>")));
                let arguments = [format.clone(), Value::array(values.collect())];
                array(&arguments, 2)?;
                sprintf::sprintf(self.context, &arguments)?
            }
            ("and" | "or" | "not" | "len" | "index" | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "printf", _) => {
                return Err(wrong());
            }
            _ => return Err(Fault::Error(format!("function {name:?} not defined in the template"))),
        }))
    }
}

/// What is neither missing nor empty nor 0.
fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Boolean(truth)) => *truth,
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Object(object)) => !object.members().is_empty(),
        Some(other) => items(other).is_some_and(|items| !items.is_empty()),
    }
}

/// As Go prints it: `[1 a]`, `map[a:1]`. It recurses as deep as the value is nested: `Limits::depth`.
fn show(value: Option<&Value>, text: &mut Text) -> Result<(), Reached> {
    match value {
        None => text.push_str("<undefined>"),
        Some(Value::Null) => text.push_str("<nil>"),
        Some(Value::Boolean(truth)) => text.push_str(if *truth { "true" } else { "false" }),
        Some(Value::Number(number)) => text.push_str(&number.text()),
        Some(Value::String(string)) => text.push_str(string),
        Some(Value::Object(object)) => {
            text.push_str("map[")?;
            for (index, (key, member)) in object.members().iter().enumerate() {
                if index > 0 {
                    text.push(' ')?;
                }
                show(Some(key), text)?;
                text.push(':')?;
                show(Some(member), text)?;
            }
            text.push(']')
        }
        Some(other) => {
            text.push('[')?;
            for (index, item) in items(other).unwrap_or_default().iter().enumerate() {
                if index > 0 {
                    text.push(' ')?;
                }
                show(Some(item), text)?;
            }
            text.push(']')
        }
    }
}
