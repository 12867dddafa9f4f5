//! The functions without a gate, by name: one JSON text in and one out, as JavaScript passes them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::grammar::parse;
use crate::negotiation::negotiation;
use crate::retry::{
    Answer, BackoffOptions, Breaker, BreakerState, DelayOptions, Limiter, LimiterOptions, backoff, breaker, delay,
    limiter,
};

/// A mistake of the caller, to read. In JavaScript it is a `TypeError`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Misuse {
    /// Where the mistake is, and what is expected there.
    pub misuse: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DelayInput {
    headers: Vec<(String, String)>,
    options: DelayOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackoffInput {
    attempt: u64,
    options: BackoffOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerInput {
    #[serde(default)]
    state: Option<Breaker>,
    #[serde(default)]
    answer: Option<Answer>,
    options: BreakerOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerOptions {
    now: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimiterInput {
    #[serde(default)]
    state: Option<Limiter>,
    options: LimiterOptions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NegotiationInput {
    response: Answer,
}

/// Calls `retryDelay` (`{ headers, options }`), `backoff` (`{ attempt, options }`), `breaker`
/// (`{ state, answer, options }`), `limiter` (`{ state, options }`) or `negotiation` (`{ response }`).
///
/// # Errors
///
/// Fails if the input is not in that form: an unknown member, a wrong type, or a number out of bounds.
pub fn call(name: &str, input: &str) -> Result<String, Misuse> {
    match name {
        "retryDelay" => read(input, |DelayInput { headers, options }| delay(&headers, &options)),
        "backoff" => read(input, |BackoffInput { attempt, options }| backoff(attempt, &options)),
        "breaker" => {
            let BreakerInput { state, answer, options } = parsed(input)?;
            if let Some(state) = &state {
                check_state(state)?;
            }
            Ok(written(&breaker(state.as_ref(), answer.as_ref(), options.now)))
        }
        "limiter" => read(input, |LimiterInput { state, options }| limiter(state.as_ref(), &options)),
        "negotiation" => read(input, |NegotiationInput { response }| negotiation(response.status)),
        _ => Err(Misuse { misuse: format!("there is no function `{name}`") }),
    }
}

fn read<I: DeserializeOwned, O: Serialize>(input: &str, work: impl Fn(I) -> O) -> Result<String, Misuse> {
    parsed(input).map(|input| written(&work(input)))
}

pub(crate) fn parsed<I: DeserializeOwned>(input: &str) -> Result<I, Misuse> {
    parse(input).map_err(|error| {
        let at = error.at.strip_prefix("/options").unwrap_or(&error.at);
        let at = at.trim_start_matches('/').replace('/', ".");
        let place = if at.is_empty() { String::new() } else { format!("{at}: ") };
        let help = error.help.map(|help| format!("; {help}")).unwrap_or_default();
        Misuse { misuse: format!("{place}{}{help}", error.message) }
    })
}

/// A breaker that is not closed knows when to probe, and what opened it.
fn check_state(held: &Breaker) -> Result<(), Misuse> {
    let closed = held.state == BreakerState::Closed;
    if held.probe_at.is_none() == closed && held.reason.is_none() == closed {
        return Ok(());
    }
    let misuse = "state: `probeAt` and `reason` stand in an open or half-open breaker, and in no other".into();
    Err(Misuse { misuse })
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
