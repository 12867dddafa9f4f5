//! `regex.globs_match`: whether a text of at least one letter fits two patterns of letters, `.`, sets, `*` and `+`.

use crate::budget::Fault;
use crate::builtins::Context;
use crate::builtins::operands::string;
use crate::value::Value;

/// Some letters, any number of times or once.
struct Token {
    /// Ranges with both ends; all letters if there are none.
    letters: Vec<(char, char)>,
    repeated: bool,
}

impl Token {
    fn overlaps(&self, other: &Token) -> bool {
        if self.letters.is_empty() || other.letters.is_empty() {
            return true;
        }
        let within = |(low, high): &(char, char)| other.letters.iter().any(|(start, end)| low <= end && start <= high);
        self.letters.iter().any(within)
    }
}

pub(super) fn intersect(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (left, right) = (string(arguments, 1)?, string(arguments, 2)?);
    context.work((left.len() + right.len()) as u64)?;
    let (left, right) = (tokens(left)?, tokens(right)?);
    let ranges = |tokens: &[Token]| tokens.iter().map(|token| 1 + token.letters.len() as u64).sum::<u64>();
    context.work(ranges(&left).saturating_mul(ranges(&right)) / 4)?;
    let width = right.len() + 1;
    let states = (left.len() + 1) * width;
    context.budget.bytes(states as u64 * 2)?;
    // For every pair of places whether it was reached, without and with a letter so far.
    let mut reached = vec![[false; 2]; states];
    let mut open = vec![(0, 0, false)];
    while let Some((first, second, some)) = open.pop() {
        let Some(seen) = reached.get_mut(first * width + second).and_then(|seen| seen.get_mut(usize::from(some)))
        else {
            continue;
        };
        if std::mem::replace(seen, true) {
            continue;
        }
        let (token, other) = (left.get(first), right.get(second));
        if token.is_none() && other.is_none() && some {
            return Ok(Value::from(true));
        }
        if token.is_some_and(|token| token.repeated) {
            open.push((first + 1, second, some));
        }
        if other.is_some_and(|other| other.repeated) {
            open.push((first, second + 1, some));
        }
        if let (Some(token), Some(other)) = (token, other)
            && token.overlaps(other)
        {
            open.push((first + usize::from(!token.repeated), second + usize::from(!other.repeated), true));
        }
    }
    Ok(Value::from(false))
}

fn tokens(pattern: &str) -> Result<Vec<Token>, Fault> {
    let letters: Vec<char> = pattern.chars().collect();
    let invalid = |at: usize, what: &str| {
        Fault::Error(format!("input:{pattern}, pos:{at}, {what}: the input provided is invalid"))
    };
    // The letter at a place, whether it is escaped, and the place after it.
    let letter = |at: usize| match letters.get(at) {
        Some('\\') => match letters.get(at + 1) {
            Some(letter) => Ok(Some((*letter, true, at + 2))),
            None => Err(invalid(at, "input ends with a \\ (escape) character")),
        },
        Some(letter) => Ok(Some((*letter, false, at + 1))),
        None => Ok(None),
    };
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some((first, escaped, mut next)) = letter(at)? {
        let mut set = Vec::new();
        match first {
            ']' if !escaped => return Err(invalid(next, "set-close ']' with no preceding '['")),
            '+' | '*' if !escaped => {
                return Err(invalid(next, &format!("flag '{first}' must be preceded by a non-flag")));
            }
            '.' if !escaped => {}
            '[' if !escaped => {
                let mut before = None;
                loop {
                    let Some((member, escaped, after)) = letter(next)? else {
                        return Err(invalid(next, "found [ without matching ]"));
                    };
                    next = after;
                    match member {
                        ']' if !escaped => break,
                        '-' if !escaped => {
                            let low = before.take().ok_or_else(|| {
                                invalid(next, "range character '-' must be preceded by a Unicode character")
                            })?;
                            let Some((high, escaped, after)) = letter(next)? else {
                                return Err(invalid(
                                    next,
                                    "range character '-' must be followed by a Unicode character",
                                ));
                            };
                            if !escaped && matches!(high, ']' | '-') {
                                return Err(invalid(
                                    next,
                                    "range character '-' cannot be followed by a special symbol",
                                ));
                            }
                            if high < low {
                                return Err(invalid(next, "range is out of order"));
                            }
                            next = after;
                            set.push((low, high));
                        }
                        _ => {
                            set.push((member, member));
                            before = Some(member);
                        }
                    }
                }
            }
            _ => set.push((first, first)),
        }
        at = next;
        let flag = letters.get(at).copied().filter(|flag| matches!(flag, '+' | '*'));
        at += usize::from(flag.is_some());
        if flag == Some('+') {
            tokens.push(Token { letters: set.clone(), repeated: false });
        }
        tokens.push(Token { letters: set, repeated: flag.is_some() });
    }
    Ok(tokens)
}
