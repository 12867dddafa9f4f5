//! Retrying: what holds of every header, every clock and every attempt, and the lists that documents keep.

use std::collections::BTreeSet;

use countersign::retry::{
    Answer, BackoffOptions, Bound, BreakerState, Context, DelayOptions, LimiterOptions, MAX_MILLISECONDS, Quota,
    Quotas, Reason, RetryAfterZero, backoff, breaker, delay, limiter,
};
use countersign::{call, negotiation};

use crate::{disturb, files_below, random, root};

const NOW: i64 = 1_717_030_000;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Junk that is close to what a header may say.
fn value(next: &mut impl FnMut(usize) -> usize) -> String {
    let seeds = [
        "Thu, 30 May 2024 00:48:40 GMT",
        "Thursday, 30-May-24 00:48:40 GMT",
        "Thu May 30 00:48:40 2024",
        "Thu May  2 00:48:40 2024",
        "120",
        "1717030060",
        "1717030060000",
        "9223372036854775807",
        "18446744073709551616",
        "0",
        "-1",
        "5, 5",
    ];
    let mut bytes = seeds[next(seeds.len())].as_bytes().to_vec();
    for _ in 0..next(3) {
        if bytes.len() > 3 {
            disturb(&mut bytes, b"0123456789 ,:-+.eGMT\t", next);
        }
    }
    let text = String::from_utf8(bytes).unwrap();
    if next(20) == 0 { format!("{text}\u{ff15}\u{a0}") } else { text }
}

#[test]
fn a_delay_is_within_its_bounds() {
    let mut next = random();
    let mut reasons = BTreeSet::new();
    for _ in 0..200_000 {
        let names = ["Retry-After", "x-ratelimit-reset", "retry-after", "x-other"];
        let headers: Vec<_> = (0..next(4)).map(|_| pair(names[next(names.len())], &value(&mut next))).collect();
        let now = match next(8) {
            0 => i64::MIN,
            1 => i64::MAX,
            2 => i64::try_from(next(usize::MAX)).unwrap_or(-1),
            _ => NOW + i64::try_from(next(1_000)).unwrap() - 500,
        };
        let max_seconds = u32::try_from(next(10_000)).unwrap();
        let quota = Quota { max_seconds: u32::try_from(next(10_000)).unwrap() };
        let options = DelayOptions {
            now,
            max_seconds,
            context: Context { tenant_id: (next(2) == 0).then(|| "t".to_owned()), bot_id: None },
            quotas: Quotas { tenants: [("t".to_owned(), quota)].into(), ..Quotas::default() },
            ..DelayOptions::default()
        };
        let found = delay(&headers, &options);
        let most = options.context.tenant_id.as_ref().map_or(max_seconds, |_| max_seconds.min(quota.max_seconds));
        assert!(found.milliseconds <= u64::from(most) * 1000, "{headers:?} {options:?} {found:?}");
        assert!(found.retry);
        assert!(found.bounded.is_none() || found.milliseconds == u64::from(most) * 1000, "{options:?} {found:?}");
        reasons.insert(serde_json::to_string(&found.reason).unwrap());
    }
    // All but `backoff`: the junk reaches every branch.
    assert_eq!(reasons.len(), 15, "{reasons:?}");
}

/// A later reset never gives a shorter wait, whatever unit it is read in.
#[test]
fn seconds_and_milliseconds_agree() {
    let mut next = random();
    let wait = |reset: i64| {
        let options = DelayOptions { now: NOW, max_seconds: 100_000, ..DelayOptions::default() };
        delay(&[pair("x-ratelimit-reset", &reset.to_string())], &options).milliseconds
    };
    for _ in 0..1_000 {
        let reset = NOW - 500 + i64::try_from(next(2_000)).unwrap();
        assert_eq!(wait(reset), wait(reset * 1000));
        assert_eq!(wait(reset), u64::try_from((reset - NOW).max(0)).unwrap() * 1000);
    }
}

#[test]
fn a_backoff_is_between_half_its_ceiling_and_the_ceiling() {
    let options = |seed: usize| BackoffOptions::seeded(format!("delivery-{seed}"));
    let mut drawn = BTreeSet::new();
    for seed in 0..200 {
        for attempt in (0..70).chain([1 << 32, 1 << 53, u64::MAX]) {
            let found = backoff(attempt, &options(seed));
            let ceiling = if attempt < 7 { 500 << attempt } else { 60_000 };
            assert!((ceiling / 2..=ceiling).contains(&found.milliseconds), "{attempt} {found:?}");
            assert_eq!((found.retry, found.bounded), (true, (attempt > 6).then_some(Bound::Maximum)));
        }
        drawn.insert(backoff(20, &options(seed)).milliseconds);
    }
    assert!(drawn.len() > 190, "200 seeds draw {} waits", drawn.len());
    let widest =
        BackoffOptions { base_milliseconds: u32::MAX, max_milliseconds: u32::MAX, ..BackoffOptions::seeded("") };
    assert!(backoff(u64::MAX, &widest).milliseconds <= u64::from(u32::MAX));
}

/// Whatever is asked and told, when it is not closed at most one request goes in 30 s, and a success ends it.
#[test]
fn one_probe_in_thirty_seconds() {
    let mut next = random();
    let answer = |status| Answer { status, headers: Vec::new() };
    for _ in 0..200 {
        let (mut now, mut state, mut probed) = (NOW, breaker(None, None, NOW), i64::MIN / 2);
        for _ in 0..500 {
            now += i64::try_from(next(20)).unwrap();
            state = breaker(Some(&state), None, now);
            match state.state {
                BreakerState::Closed => assert!(state.allow && state.probe_at.is_none()),
                BreakerState::Open => assert!(!state.allow),
                BreakerState::HalfOpen if state.allow => {
                    assert!(now - probed >= 30, "two probes in {} s", now - probed);
                    probed = now;
                }
                BreakerState::HalfOpen => {}
            }
            assert!(state.probe_at.is_none_or(|at| at > now && at <= now + 30));
            if state.allow && next(4) > 0 {
                let status = [200, 204, 404, 429, 500, 503, 0][next(7)];
                let before = state.state;
                state = breaker(Some(&state), Some(&answer(status)), now);
                let good = !matches!(status, 0 | 429 | 500..);
                assert!(!good || state.state == BreakerState::Closed);
                assert!(good || before == BreakerState::Closed || state.state == BreakerState::Open);
            }
        }
    }
    let end = breaker(None, Some(&answer(429)), i64::MAX);
    assert!(breaker(Some(&end), None, i64::MAX).allow, "the last second of all is no trap");
}

/// Whatever the clock does, no window has more than the limit, and a wait that was asked for is long enough.
#[test]
fn no_window_has_more_than_the_limit() {
    let mut next = random();
    for _ in 0..300 {
        let limit = 1 + u32::try_from(next(5)).unwrap();
        let longest = [10, 100, 1_000][next(3)];
        let window_seconds = 1 + u32::try_from(next(longest)).unwrap();
        let (mut now, mut state, mut allowed) = (NOW, None, Vec::new());
        for _ in 0..300 {
            now += i64::try_from(next(1 + window_seconds as usize / 2)).unwrap();
            let options = LimiterOptions { now, limit, window_seconds };
            let asked = limiter(state.as_ref(), &options);
            if asked.allow {
                allowed.push(now);
                let since = now - i64::from(window_seconds);
                let count = allowed.iter().filter(|at| **at > since).count();
                assert!(count <= limit as usize, "{count} in {window_seconds} s, and {limit} may go");
            } else {
                let wait = i64::try_from(asked.wait_milliseconds / 1000).unwrap();
                let slice = i64::from(window_seconds.div_ceil(60));
                assert!((1..=i64::from(window_seconds) + slice).contains(&wait), "{wait} of {window_seconds}");
                assert!(limiter(Some(&asked), &LimiterOptions { now: now + wait, ..options }).allow);
                assert!(!limiter(Some(&asked), &LimiterOptions { now: now + wait - 1, ..options }).allow);
            }
            assert!(asked.sent.len() <= 61);
            state = Some(asked);
        }
    }
}

/// Every reason has a case, a row in the document and a member in the types, and there are no others.
#[test]
fn the_reasons_are_one_list() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).unwrap();
    let cases = files_below(&root().join("tests/cases/retry")).into_iter().filter(|path| path.ends_with("result.json"));
    let results: String = cases.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let types = read("js/retry.d.ts");
    let union = types.split("export type DelayReason").nth(1).unwrap().split(';').next().unwrap();
    let typed: BTreeSet<&str> = union.split('\'').skip(1).step_by(2).collect();
    let document = read("docs/retry.md");
    let source = read("src/retry/delay.rs");
    let variants = source.split("pub enum Reason {").nth(1).unwrap().split("\n}").next().unwrap();
    assert_eq!(variants.lines().filter(|line| line.ends_with(',')).count(), typed.len());
    for reason in typed {
        assert!(results.contains(&format!("\"reason\":\"{reason}\"")), "`{reason}` has no case");
        assert!(document.contains(&format!("| `{reason}` |")), "`{reason}` has no row in docs/retry.md");
    }
}

#[test]
fn a_call_that_is_none_is_misuse() {
    let misuse = |name: &str, input: &str| call(name, input).unwrap_err().misuse;
    assert_eq!(misuse("retrydelay", "{}"), "there is no function `retrydelay`");
    assert_eq!(misuse("retryDelay", r#"{"headers":[],"options":{}}"#), "missing member `now`");
    assert_eq!(misuse("backoff", r#"{"attempt":0,"options":{}}"#), "missing member `seed`");
    assert_eq!(
        misuse("negotiation", r#"{"response":5}"#),
        "response: an object such as { status, headers } is meant here, and not integer `5`"
    );
    for text in ["", "[]", "null", "{", r#"{"headers":[],"options":{"now":1}} x"#] {
        assert!(!misuse("retryDelay", text).is_empty());
    }
}

#[test]
fn the_typed_functions_are_those_of_the_calls() {
    let stop = DelayOptions { now: NOW, retry_after_zero: RetryAfterZero::Stop, ..DelayOptions::default() };
    let found = delay(&[pair("retry-after", "0")], &stop);
    assert_eq!((found.milliseconds, found.reason, found.retry), (0, Reason::RetryAfterZero, false));
    for status in 0..=u16::MAX {
        let failure = negotiation::negotiation(status);
        assert_eq!(failure.is_some(), status == 406 || status == 415);
    }
    assert_eq!(u64::from(MAX_MILLISECONDS), (1 << 31) - 1);
}
