//! The text of a template, taken apart.

use crate::budget::Fault;
use crate::number::Number;
use crate::value::Value;

/// How deep blocks and parentheses may be nested.
const DEPTH: usize = 50;

pub(super) enum Node {
    Text(String),
    Show(Pipe),
    Block(Block),
}

/// `if`, `with` or `range`, to its `end`.
pub(super) struct Block {
    pub keyword: &'static str,
    /// The first of two variables of a range.
    pub key: Option<String>,
    pub pipe: Pipe,
    pub nodes: Vec<Node>,
    pub otherwise: Vec<Node>,
}

/// Commands, each with the value of the one before it; the last value may become a variable's.
#[derive(Clone)]
pub(super) struct Pipe {
    pub variable: Option<String>,
    /// With `:=`, not `=`.
    pub declares: bool,
    pub commands: Vec<Command>,
}

#[derive(Clone)]
pub(super) struct Command {
    pub operands: Vec<Operand>,
}

#[derive(Clone)]
pub(super) enum Operand {
    Value(Value),
    /// `.a.b`; `.` has no names.
    Field(Vec<String>),
    /// `$a.b`, with its dollar sign.
    Variable(String, Vec<String>),
    Function(String),
    Pipe(Pipe, Vec<String>),
}

/// A part of the text between two braces.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A name, a keyword or a path that begins with a name.
    Word(String),
    /// `.a.b` or `.`; right after something else it is a path of that.
    Field {
        names: Vec<String>,
        joined: bool,
    },
    Variable(String),
    Literal(Value),
    Sign(&'static str),
}

enum Piece {
    Text(String),
    Action(Vec<Token>),
}

pub(super) fn parse(template: &str) -> Result<Vec<Node>, Fault> {
    let mut pieces = pieces(template)?.into_iter();
    let (nodes, end) = nodes(&mut pieces, 0)?;
    match end {
        None => Ok(nodes),
        Some(_) => Err(Fault::from("unexpected {{end}} or {{else}} in the template")),
    }
}

fn pieces(template: &str) -> Result<Vec<Piece>, Fault> {
    let mut pieces = Vec::new();
    let mut rest = template;
    let mut trimmed = false;
    loop {
        let (mut text, action) = match rest.split_once("{{") {
            Some((text, action)) => (text, Some(action)),
            None => (rest, None),
        };
        if trimmed {
            text = text.trim_start();
        }
        let Some(action) = action else {
            pieces.push(Piece::Text(text.to_owned()));
            return Ok(pieces);
        };
        let (action, trims) = match action.strip_prefix('-').filter(|rest| rest.starts_with(char::is_whitespace)) {
            Some(rest) => (rest, true),
            None => (action, false),
        };
        pieces.push(Piece::Text(if trims { text.trim_end() } else { text }.to_owned()));
        let after;
        if let Some(comment) = action.trim_start().strip_prefix("/*") {
            after = comment.split_once("*/").ok_or("unclosed comment in the template")?.1.trim_start();
        } else {
            let (tokens, end) = tokens(action)?;
            pieces.push(Piece::Action(tokens));
            after = end;
        }
        (rest, trimmed) = match after.strip_prefix("-}}") {
            Some(rest) => (rest, true),
            None => (after.strip_prefix("}}").ok_or("unclosed action in the template")?, false),
        };
    }
}

/// The tokens of an action, and the text from its end on.
fn tokens(action: &str) -> Result<(Vec<Token>, &str), Fault> {
    let mut tokens = Vec::new();
    let mut rest = action;
    loop {
        let spaced = rest.trim_start();
        let joined = spaced.len() == rest.len() && !tokens.is_empty();
        rest = spaced;
        if rest.starts_with("}}") || (rest.starts_with("-}}") && !joined) {
            return Ok((tokens, rest));
        }
        let word =
            |text: &str| text.find(|letter: char| letter != '_' && !letter.is_alphanumeric()).unwrap_or(text.len());
        let (token, length) = match rest.chars().next().ok_or("unclosed action in the template")? {
            '(' => (Token::Sign("("), 1),
            ')' => (Token::Sign(")"), 1),
            '|' => (Token::Sign("|"), 1),
            ',' => (Token::Sign(","), 1),
            '=' => (Token::Sign("="), 1),
            ':' if rest.starts_with(":=") => (Token::Sign(":="), 2),
            '$' => {
                let length = 1 + word(rest.get(1..).unwrap_or_default());
                (Token::Variable(rest.get(..length).unwrap_or_default().to_owned()), length)
            }
            '.' => {
                let mut names = Vec::new();
                let mut length = 1;
                loop {
                    let tail = rest.get(length..).unwrap_or_default();
                    let end = word(tail);
                    if end == 0 {
                        break;
                    }
                    names.push(tail.get(..end).unwrap_or_default().to_owned());
                    length += end;
                    if !rest.get(length..).unwrap_or_default().starts_with('.') {
                        break;
                    }
                    length += 1;
                }
                (Token::Field { names, joined }, length)
            }
            '`' => {
                let (text, _) =
                    rest.get(1..).and_then(|rest| rest.split_once('`')).ok_or("unclosed string in the template")?;
                (Token::Literal(Value::from(text)), text.len() + 2)
            }
            '"' => quoted(rest)?,
            '0'..='9' | '-' | '+' => {
                let signed = rest.strip_prefix('+').unwrap_or(rest);
                let more = |letter: char| !matches!(letter, '0'..='9' | '.' | 'e' | 'E' | '-' | '+');
                let text = signed.get(..signed.find(more).unwrap_or(signed.len())).unwrap_or_default();
                let number = Number::parse(text).ok_or("bad number in the template")?;
                (Token::Literal(Value::Number(number)), rest.len() - signed.len() + text.len())
            }
            letter if letter == '_' || letter.is_alphabetic() => {
                let length = word(rest);
                let text = rest.get(..length).unwrap_or_default();
                (
                    match text {
                        "true" => Token::Literal(Value::from(true)),
                        "false" => Token::Literal(Value::from(false)),
                        "nil" => Token::Literal(Value::Null),
                        _ => Token::Word(text.to_owned()),
                    },
                    length,
                )
            }
            _ => return Err(Fault::from("unexpected character in the template")),
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// A quoted string, and how long it is with its quotes.
fn quoted(text: &str) -> Result<(Token, usize), Fault> {
    let mut string = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((Token::Literal(Value::from(string)), at + 1)),
            '\\' => string.push(match letters.next() {
                Some((_, 'n')) => '\n',
                Some((_, 't')) => '\t',
                Some((_, 'r')) => '\r',
                Some((_, letter @ ('"' | '\\' | '\''))) => letter,
                _ => return Err(Fault::from("unknown escape in a string of the template")),
            }),
            _ => string.push(letter),
        }
    }
    Err(Fault::from("unclosed string in the template"))
}

/// Nodes up to an `end` or `else`, whose tokens come with them.
fn nodes(pieces: &mut std::vec::IntoIter<Piece>, depth: usize) -> Result<(Vec<Node>, Option<Vec<Token>>), Fault> {
    let mut nodes = Vec::new();
    while let Some(piece) = pieces.next() {
        let tokens = match piece {
            Piece::Text(text) => {
                nodes.push(Node::Text(text));
                continue;
            }
            Piece::Action(tokens) => tokens,
        };
        match tokens.first() {
            Some(Token::Word(word)) if matches!(word.as_str(), "end" | "else") => return Ok((nodes, Some(tokens))),
            Some(Token::Word(word))
                if matches!(word.as_str(), "define" | "template" | "block" | "break" | "continue") =>
            {
                return Err(Fault::Error(format!("{word} is not supported in a template")));
            }
            _ => nodes.push(match block(&tokens, pieces, depth)? {
                Some(block) => Node::Block(block),
                None => Node::Show(pipe_of(&tokens)?.1),
            }),
        }
    }
    Ok((nodes, None))
}

/// A block, if the tokens begin one.
fn block(tokens: &[Token], pieces: &mut std::vec::IntoIter<Piece>, depth: usize) -> Result<Option<Block>, Fault> {
    let Some((Token::Word(word), rest)) = tokens.split_first() else { return Ok(None) };
    let Some(keyword) = ["if", "with", "range"].into_iter().find(|keyword| keyword == word) else { return Ok(None) };
    if depth >= DEPTH {
        return Err(Fault::from("the template is nested too deep"));
    }
    let (key, pipe) = pipe_of(rest)?;
    let (then, end) = nodes(pieces, depth + 1)?;
    let end = end.ok_or("missing {{end}} in the template")?;
    let mut otherwise = Vec::new();
    match end.as_slice() {
        [Token::Word(word)] if word == "end" => {}
        [_, rest @ ..] if matches!(end.first(), Some(Token::Word(word)) if word == "else") => {
            if rest.is_empty() {
                let (nodes, end) = nodes(pieces, depth + 1)?;
                if !matches!(end.as_deref(), Some([Token::Word(word)]) if word == "end") {
                    return Err(Fault::from("missing {{end}} in the template"));
                }
                otherwise = nodes;
            } else {
                let inner = block(rest, pieces, depth + 1)?;
                otherwise.push(Node::Block(inner.ok_or("unexpected words after else in the template")?));
            }
        }
        _ => return Err(Fault::from("unexpected words after end in the template")),
    }
    Ok(Some(Block { keyword, key, pipe, nodes: then, otherwise }))
}

/// A whole action as a pipe, with the first of two variables.
fn pipe_of(tokens: &[Token]) -> Result<(Option<String>, Pipe), Fault> {
    let (key, variable, declares, rest) = match tokens {
        [
            Token::Variable(key),
            Token::Sign(","),
            Token::Variable(name),
            Token::Sign(sign @ (":=" | "=")),
            rest @ ..,
        ] => (Some(key.clone()), Some(name.clone()), *sign == ":=", rest),
        [Token::Variable(name), Token::Sign(sign @ (":=" | "=")), rest @ ..] => {
            (None, Some(name.clone()), *sign == ":=", rest)
        }
        _ => (None, None, false, tokens),
    };
    let mut rest = rest;
    let commands = commands(&mut rest, 0)?;
    if !rest.is_empty() {
        return Err(Fault::from("unexpected words in the template"));
    }
    Ok((key, Pipe { variable, declares, commands }))
}

fn commands(tokens: &mut &[Token], depth: usize) -> Result<Vec<Command>, Fault> {
    if depth >= DEPTH {
        return Err(Fault::from("the template is nested too deep"));
    }
    let mut commands = vec![Command { operands: Vec::new() }];
    while let Some((token, rest)) = tokens.split_first() {
        if *token == Token::Sign(")") {
            break;
        }
        *tokens = rest;
        if *token == Token::Sign("|") {
            commands.push(Command { operands: Vec::new() });
            continue;
        }
        let path = |tokens: &mut &[Token]| match tokens.split_first() {
            Some((Token::Field { names, joined: true }, rest)) => {
                *tokens = rest;
                names.clone()
            }
            _ => Vec::new(),
        };
        let operand = match token {
            Token::Word(name) => Operand::Function(name.clone()),
            Token::Field { names, .. } => Operand::Field(names.clone()),
            Token::Variable(name) => Operand::Variable(name.clone(), path(tokens)),
            Token::Literal(value) => Operand::Value(value.clone()),
            Token::Sign("(") => {
                let commands = self::commands(tokens, depth + 1)?;
                let Some((Token::Sign(")"), rest)) = tokens.split_first() else {
                    return Err(Fault::from("unclosed parenthesis in the template"));
                };
                *tokens = rest;
                Operand::Pipe(Pipe { variable: None, declares: false, commands }, path(tokens))
            }
            Token::Sign(_) => return Err(Fault::from("unexpected sign in the template")),
        };
        if let Some(command) = commands.last_mut() {
            command.operands.push(operand);
        }
    }
    Ok(commands)
}
