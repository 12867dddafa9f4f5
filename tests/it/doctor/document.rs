//! The tables of `docs/doctor.md`, which are those that the suite makes.

use std::sync::Mutex;

use super::Found;
use super::faults::{FAULTS, LOST};
use super::sender::SCHEMES;

/// The table of that name in the document is this one. `UPDATE_DOCS=1` writes it there.
pub fn holds(name: &str, table: &str) {
    // The tests run side by side, and may write the same file.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap();
    println!("{table}");
    let path = crate::root().join("docs/doctor.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (written, after) = rest.split_once(&end).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
    } else {
        assert!(written == table, "docs/doctor.md is not what the suite prints: UPDATE_DOCS=1 writes it, then read it");
    }
}

/// By scheme, and then every fault.
pub fn faults(columns: &[Vec<Option<Found>>]) -> String {
    let mut table = String::from(
        "| scheme | kinds of fault | proved | of these as the one cause | lost, and suspected | unexplained | wrong |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let row = |name: &str, column: &[Option<Found>]| {
        let count = |wanted: &[Found]| column.iter().flatten().filter(|found| wanted.contains(found)).count();
        format!(
            "| {name} | {} | {} | {} | {} | {} | {} |\n",
            column.iter().flatten().count(),
            count(&[Found::Alone, Found::First]),
            count(&[Found::Alone]),
            count(&[Found::Suspect]),
            count(&[Found::Nothing]),
            count(&[Found::Wrong]),
        )
    };
    for (scheme, column) in SCHEMES.iter().zip(columns) {
        table.push_str(&row(&format!("`{scheme}`"), column));
    }
    table.push_str(&row("all", &columns.concat()));
    table.push_str("\n| fault |");
    (1..=SCHEMES.len()).for_each(|number| table.push_str(&format!(" {number} |")));
    table.push_str(&format!("\n|---|{}\n", "---|".repeat(SCHEMES.len())));
    for (index, fault) in FAULTS.iter().chain(&LOST).enumerate() {
        let cells: Vec<Option<Found>> = columns.iter().map(|column| column[index]).collect();
        assert!(cells.iter().any(Option::is_some), "{} was never tried", fault.name);
        table.push_str(&format!("| {} |", fault.name));
        for cell in cells {
            table.push_str(match cell {
                None => " – |",
                Some(Found::Alone) => " ✓ |",
                Some(Found::First) => " + |",
                Some(Found::Suspect) => " s |",
                Some(Found::Nothing) => " ? |",
                Some(Found::Wrong) => " ✗ |",
            });
        }
        table.push('\n');
    }
    table
}

/// Trials by kind of scheme, and the causes that were claimed.
pub fn tampering(trials: &[(usize, usize)]) -> String {
    let mut table =
        String::from("| scheme | requests tampered with, or under a wrong key | causes claimed |\n|---|---|---|\n");
    for (scheme, (tried, claimed)) in SCHEMES.iter().zip(trials) {
        table.push_str(&format!("| `{scheme}` | {tried} | {claimed} |\n"));
    }
    let sum = |of: fn(&(usize, usize)) -> usize| trials.iter().map(of).sum::<usize>();
    table.push_str(&format!("| all | {} | {} |\n", sum(|trial| trial.0), sum(|trial| trial.1)));
    table
}
