//! The door of the outer layer: a message comes in as bytes in one buffer, and what was found goes out as bytes in
//! another. Nothing is copied twice, and no JSON is read.
//!
//! The buffer holds the head and then the body. The head is UTF-8: method, URL, and every header's name and value, each
//! behind a NUL but the first. A head whose own text has a NUL has too many parts, and must come in another way.

use crate::characters;
use crate::check::Check;
use crate::gate::{Gate, Judgement, Passed};
use crate::request::Request;
use crate::verdict::Outcome;

/// The most bytes that a buffer keeps for the next message.
const KEPT: usize = 1 << 20;

/// The two buffers, which are used again for every message that is not large.
#[derive(Debug, Default)]
pub struct Door {
    input: Vec<u8>,
    output: Vec<u8>,
    wide: Vec<u16>,
    headers: Vec<(String, String)>,
    skew: Option<i64>,
}

/// How the input is divided: bytes of the head, headers in it, bytes of the body.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The length of the head, in bytes.
    pub head: usize,
    /// How many headers the head has.
    pub headers: usize,
    /// The length of the body, in bytes.
    pub body: usize,
}

/// What came out, beside the output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// The head has a NUL of its own.
    Unreadable,
    /// A decision. The output is what an accept hands on, as the members of a JSON object without its braces.
    Decided(Outcome, u16),
    /// An accept. The output is a JSON array: see [`Door::check`].
    Accept,
    /// Anything else. The output is the verdict's canonical text.
    Verdict,
}

impl Door {
    /// Room for so many bytes. The caller writes the message there. Above 1 MiB it is for one message: it is given back
    /// when the message has been judged.
    pub fn room(&mut self, bytes: usize) -> &mut [u8] {
        if self.input.len() < bytes {
            // Nothing of the last message needs to be kept.
            self.input = Vec::new();
            self.input = vec![0; if bytes > KEPT { bytes } else { bytes.next_power_of_two() }];
        }
        &mut self.input
    }

    /// Judges the message in the room, and gives back what is large.
    fn through(&mut self, work: impl FnOnce(&mut Door) -> Option<Answer>) -> Answer {
        self.output.clear();
        self.output.shrink_to(KEPT);
        let answer = work(self).unwrap_or(Answer::Unreadable);
        if self.input.len() > KEPT {
            self.input = Vec::new();
        }
        answer
    }

    /// What came out of the last message.
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// What came out of the last message, in UTF-16. Empty if it is ASCII, whose bytes are its text.
    pub fn widen(&mut self) -> &[u16] {
        self.wide.clear();
        self.wide.shrink_to(KEPT);
        if let Ok(text) = std::str::from_utf8(&self.output)
            && !text.is_ascii()
        {
            utf16(text, &mut self.wide);
        }
        &self.wide
    }

    /// What [`Door::widen`] made.
    pub fn wide(&self) -> &[u16] {
        &self.wide
    }

    /// The age of the last message that was checked, in seconds, if it is known.
    pub fn skew(&self) -> Option<i64> {
        self.skew
    }

    /// For a message that came in another way.
    pub fn note_skew(&mut self, skew: Option<i64>) {
        self.skew = skew;
    }

    /// The decision. Whatever is not in the layout has its default in `check`.
    #[cfg_attr(small, optimize(speed))]
    pub fn decide(&mut self, gate: &Gate, layout: Layout, check: &Check) -> Answer {
        self.through(|Door { input, output, headers, .. }| {
            let request = read(input, headers, layout)?;
            let (outcome, status) = gate.decided(&request, check, &mut |passed| match passed {
                Passed::New(admitted) => admitted.write(output),
                Passed::Seen(known) => known.write(output),
            });
            Some(Answer::Decided(outcome, status.unwrap_or_default()))
        })
    }

    /// The verdict. Of an accept only what differs from one message to the next goes out:
    /// `[STAGES, VERSION, KEY, { answer?, event?, message?, replay? }]`. `STAGES` has a bit for each stage that
    /// was judged; the others were skipped. Behind it may be the bits of those that warn, and the findings.
    pub fn check(&mut self, gate: &Gate, layout: Layout, check: &Check) -> Answer {
        self.through(|Door { input, output, headers, skew, .. }| {
            let request = read(input, headers, layout)?;
            Some(match gate.judged(&request, check, output) {
                Judgement::Accept(age) => {
                    *skew = age;
                    Answer::Accept
                }
                Judgement::Verdict(verdict) => {
                    *skew = verdict.skew_seconds;
                    verdict.write(output);
                    Answer::Verdict
                }
            })
        })
    }
}

#[cfg_attr(small, optimize(speed))]
fn read<'d>(input: &'d [u8], headers: &'d mut Vec<(String, String)>, layout: Layout) -> Option<Request<'d>> {
    let (head, rest) = input.split_at_checked(layout.head)?;
    let mut rest_of_head = Some(std::str::from_utf8(head).ok()?);
    let (method, url) = (part(&mut rest_of_head)?, part(&mut rest_of_head)?);
    headers.resize_with(layout.headers, Default::default);
    for (name, value) in headers.iter_mut() {
        put(name, part(&mut rest_of_head)?);
        put(value, part(&mut rest_of_head)?);
    }
    if rest_of_head.is_some() {
        return None;
    }
    Some(Request::new(method, url, headers, rest.get(..layout.body)?))
}

/// Appends a text in UTF-16.
#[cfg_attr(small, optimize(speed))]
fn utf16(text: &str, out: &mut Vec<u16>) {
    out.resize(text.len(), 0);
    let mut units = 0;
    for (place, unit) in out.iter_mut().zip(text.encode_utf16()) {
        *place = unit;
        units += 1;
    }
    out.truncate(units);
}

/// What comes before the next NUL, or all that is left.
#[cfg_attr(small, optimize(speed))]
fn part<'d>(rest: &mut Option<&'d str>) -> Option<&'d str> {
    let text = rest.take()?;
    let Some(end) = characters::first_below(text.as_bytes(), 1) else { return Some(text) };
    *rest = text.get(end + 1..);
    text.get(..end)
}

#[cfg_attr(small, optimize(speed))]
fn put(place: &mut String, text: &str) {
    place.clear();
    place.push_str(text);
}
