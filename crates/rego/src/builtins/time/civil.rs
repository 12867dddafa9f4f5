//! Dates of the Gregorian calendar, which goes on before its beginning as if it always had been.

/// The nanoseconds of a day.
pub(super) const DAY: i128 = 86_400_000_000_000;

pub(super) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A time in a zone.
pub(super) struct Moment {
    /// Nanoseconds since 1970, as the clocks of the zone show it.
    pub local: i128,
    /// Seconds east of UTC.
    pub offset: i64,
    /// What the zone is called at that time.
    pub abbreviation: &'static str,
}

/// A date and a time of day.
pub(super) struct Civil {
    pub year: i64,
    /// From 1.
    pub month: i64,
    /// From 1.
    pub day: i64,
    /// Of the day.
    pub nanosecond: i64,
    /// Since 1970.
    days: i64,
}

impl Moment {
    pub fn civil(&self) -> Civil {
        let days = i64::try_from(self.local.div_euclid(DAY)).unwrap_or(i64::MAX);
        let nanosecond = i64::try_from(self.local.rem_euclid(DAY)).unwrap_or_default();
        // Years that begin in March have their leap day at the end, and 400 of them are always equally long.
        let from_march = days + 719_468;
        let (era, day) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        Civil { year, month, day, nanosecond, days }
    }
}

impl Civil {
    pub fn hour(&self) -> i64 {
        self.nanosecond / 3_600_000_000_000
    }

    pub fn minute(&self) -> i64 {
        self.nanosecond / 60_000_000_000 % 60
    }

    pub fn second(&self) -> i64 {
        self.nanosecond / 1_000_000_000 % 60
    }

    pub fn weekday(&self) -> &'static str {
        let index = usize::try_from((self.days + 4).rem_euclid(7)).unwrap_or_default();
        DAYS.get(index).copied().unwrap_or_default()
    }

    pub fn month_name(&self) -> &'static str {
        usize::try_from(self.month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
    }

    /// From 1.
    pub fn day_of_year(&self) -> i64 {
        self.days - days_before(self.year, 1) + 1
    }
}

/// The days from 1970 to the first of a month.
pub(super) fn days_before(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 - 719_468
}

/// The days of a month.
pub(super) fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
