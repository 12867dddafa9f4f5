//! `time.*`: nanoseconds since 1970, as dates of the Gregorian calendar in a time zone, and as text in the layouts of Go.

mod civil;
mod duration;
mod format;
mod layout;
mod parse;
mod zone;

use civil::{Civil, Moment, days_before, days_in};
use layout::named;
use zone::Zone;

use super::operands::{any, big, error, integer, mistyped, string};
use super::{Builtin, Context, Fault, Types};
use crate::value::Value;

/// A number, or an array of a number, a zone and a layout.
const TIME_OPERAND: Types = Types::NUMBER.or(Types::ARRAY);
const ONE: &[Types] = &[TIME_OPERAND];

/// The functions of this folder.
pub const TIME: &[Builtin] = &[
    Builtin::new(
        "time.add_date",
        &[Types::NUMBER, Types::NUMBER, Types::NUMBER, Types::NUMBER],
        Types::NUMBER,
        add_date,
    ),
    Builtin::new("time.clock", ONE, Types::ARRAY, clock),
    Builtin::new("time.date", ONE, Types::ARRAY, date),
    Builtin::new("time.diff", &[TIME_OPERAND, TIME_OPERAND], Types::ARRAY, diff),
    Builtin::new("time.format", ONE, Types::STRING, format_time),
    Builtin::new("time.now_ns", &[], Types::NUMBER, now),
    Builtin::new("time.parse_duration_ns", &[Types::STRING], Types::NUMBER, parse_duration),
    Builtin::new("time.parse_ns", &[Types::STRING, Types::STRING], Types::NUMBER, parse_layout),
    Builtin::new("time.parse_rfc3339_ns", &[Types::STRING], Types::NUMBER, parse_rfc3339),
    Builtin::new("time.weekday", ONE, Types::STRING, weekday),
];

/// A time, its zone, and the layout it is to be written in.
struct Operand<'a> {
    nanoseconds: i64,
    zone: Zone,
    layout: Option<&'a str>,
}

impl<'a> Operand<'a> {
    fn read(context: &mut Context<'_>, operands: &'a [Value], position: usize) -> Result<Operand<'a>, Fault> {
        context.budget.steps(1)?;
        let value = any(operands, position);
        let items = match value {
            Value::Array(array) => array.items(),
            value => std::slice::from_ref(value),
        };
        let Some(number @ Value::Number(_)) = items.first() else {
            return Err(mistyped(1, value, &["either number (ns) or [number (ns), string (tz)]"]));
        };
        let text = |index| match items.get(index) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(&**text)),
            Some(other) => Err(mistyped(1, other, &["string"])),
        };
        let (name, layout) = (text(1)?, text(2)?);
        // A zone is searched for.
        context.budget.steps(if name.is_some() { 500 } else { 0 })?;
        let whole = match big(std::slice::from_ref(number), 1) {
            Ok(whole) => i64::try_from(whole).ok(),
            Err(Fault::Limit(limit)) => return Err(Fault::Limit(limit)),
            Err(_) => None,
        };
        let nanoseconds = whole.ok_or_else(|| error("timestamp too big"))?;
        Ok(Operand { nanoseconds, zone: Zone::named(name.unwrap_or_default()).map_err(error)?, layout })
    }

    fn moment(&self) -> Result<Moment, Fault> {
        self.zone.moment(self.nanoseconds).map_err(error)
    }

    fn civil(&self) -> Result<Civil, Fault> {
        Ok(self.moment()?.civil())
    }
}

fn now(context: &mut Context<'_>, _: &[Value]) -> Result<Value, Fault> {
    safe(context.now)
}

/// What 64 bits can hold.
fn safe(nanoseconds: i128) -> Result<Value, Fault> {
    i64::try_from(nanoseconds).map(Value::from).map_err(|_| error("time outside of valid range"))
}

fn date(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let Civil { year, month, day, .. } = Operand::read(context, operands, 1)?.civil()?;
    Ok(numbers(&[year, month, day]))
}

fn clock(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let civil = Operand::read(context, operands, 1)?.civil()?;
    Ok(numbers(&[civil.hour(), civil.minute(), civil.second()]))
}

fn weekday(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    Ok(Value::from(Operand::read(context, operands, 1)?.civil()?.weekday()))
}

fn format_time(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let operand = Operand::read(context, operands, 1)?;
    let layout = named(operand.layout.filter(|layout| !layout.is_empty()).unwrap_or("RFC3339Nano"));
    context.scan(layout.len() * 8)?;
    if layout.len() > context.budget.limits().builtin_bytes / 16 {
        return Err(Fault::Limit("builtin-bytes"));
    }
    context.budget.bytes(layout.len() as u64 * 2)?;
    Ok(Value::from(format::write(&operand.moment()?, layout)))
}

fn parse_layout(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (layout, text) = (named(string(operands, 1)?), string(operands, 2)?);
    context.scan((layout.len() + text.len()) * 8)?;
    safe(parse::read(layout, text).map_err(error)?)
}

fn parse_rfc3339(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len() * 8)?;
    safe(parse::read(layout::RFC3339, text).map_err(error)?)
}

fn parse_duration(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let text = string(operands, 1)?;
    context.scan(text.len())?;
    duration::read(text).map(Value::from).ok_or_else(|| error("time: invalid duration"))
}

fn add_date(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let operand = Operand::read(context, operands, 1)?;
    let [years, months, days] = [integer(operands, 2)?, integer(operands, 3)?, integer(operands, 4)?];
    let civil = operand.civil()?;
    // Further than that is outside of the valid range, whatever the other two are.
    let small = |number: i64| i128::from(number.clamp(-1_000_000_000, 1_000_000_000));
    let months = i128::from(civil.month) - 1 + small(months) + (i128::from(civil.year) + small(years)) * 12;
    let year = i64::try_from(months.div_euclid(12)).unwrap_or(i64::MAX);
    let month = i64::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
    let day = i128::from(days_before(year, month)) + i128::from(civil.day) - 1 + small(days);
    safe(operand.zone.instant(day * civil::DAY + i128::from(civil.nanosecond)).map_err(error)?)
}

/// Years, months, days, hours, minutes and seconds between two times, by the calendar of the first one's zone.
fn diff(context: &mut Context<'_>, operands: &[Value]) -> Result<Value, Fault> {
    let (first, second) = (Operand::read(context, operands, 1)?, Operand::read(context, operands, 2)?);
    let (early, late) = (first.nanoseconds.min(second.nanoseconds), first.nanoseconds.max(second.nanoseconds));
    let civil = |nanoseconds| first.zone.moment(nanoseconds).map_err(error).map(|moment| moment.civil());
    let (early, late) = (civil(early)?, civil(late)?);
    let mut parts = [
        late.year - early.year,
        late.month - early.month,
        late.day - early.day,
        late.hour() - early.hour(),
        late.minute() - early.minute(),
        late.second() - early.second(),
    ];
    let [year, month, day, hour, minute, second] = &mut parts;
    borrow(second, minute, 60);
    borrow(minute, hour, 60);
    borrow(hour, day, 24);
    borrow(day, month, days_in(early.year, early.month));
    borrow(month, year, 12);
    Ok(numbers(&parts))
}

fn borrow(small: &mut i64, large: &mut i64, size: i64) {
    if *small < 0 {
        *small += size;
        *large -= 1;
    }
}

fn numbers(numbers: &[i64]) -> Value {
    Value::array(numbers.iter().copied().map(Value::from).collect())
}

/// The seconds since 1970 of a time as RFC 3339 writes it.
pub(super) fn unix_seconds(text: &str) -> Option<i64> {
    let nanoseconds = parse::read(layout::RFC3339, text).ok()?;
    i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()
}

/// A time of UTC as ISO 8601 writes it without signs: `20060102T150405Z`.
pub(super) fn compact(nanoseconds: i64) -> String {
    format::write(&Moment { local: nanoseconds.into(), offset: 0, abbreviation: "UTC" }, "20060102T150405Z")
}
