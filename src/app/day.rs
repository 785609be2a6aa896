//! 日期. A day as people type it.

use crate::domain::value::{Date, folded};

/// `08-01`, `8.1`, `0801`, `8月1日` within the year, a whole date, or `今天`, `昨天`.
#[must_use]
pub fn read(text: &str, year: i16, today: Date) -> Option<Date> {
    let text = folded(text);
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    match text.to_lowercase().as_str() {
        "今天" | "今日" | "today" => return Some(today),
        "昨天" | "昨日" | "yesterday" => return today.yesterday().ok(),
        _ => {}
    }
    let (year, month, day) = numbers(&text, year)?;
    Date::new(year, month, day).ok()
}

/// Year, month and day as they are meant, of a day that may not be there.
fn numbers(text: &str, year: i16) -> Option<(i16, i8, i8)> {
    let parts: Vec<&str> = text.split(['-', '.', '/', '年', '月']).map(|p| p.trim().trim_end_matches('日')).collect();
    let number = |t: &str| t.parse::<i8>().ok();
    match parts[..] {
        [of, month, day] if of.len() == 4 => Some((of.parse().ok()?, number(month)?, number(day)?)),
        [month, day] => Some((year, number(month)?, number(day)?)),
        [both] if both.len() == 4 => Some((year, number(both.get(..2)?)?, number(both.get(2..)?)?)),
        [all] if all.len() == 8 => Some((all.get(..4)?.parse().ok()?, number(all.get(4..6)?)?, number(all.get(6..)?)?)),
        _ => None,
    }
}

/// What was typed as records state a day, though there may be no such day; as it was typed where it means none.
#[must_use]
pub fn written(typed: &str, year: i16, today: Date) -> String {
    let text = folded(typed);
    match (read(typed, year, today), numbers(&text, year)) {
        (Some(day), _) => day.to_string(),
        (None, Some((year, month, day))) => format!("{year:04}-{month:02}-{day:02}"),
        (None, None) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_typed_as_people_write_it() {
        let today = "2014-07-12".parse().expect("a day");
        let of = |text| read(text, 2014, today).map(|d| d.to_string());
        for text in [
            "08-01",
            "8-1",
            "8.1",
            "8/1",
            "0801",
            "2014-08-01",
            "8月1日",
            " ０８－０１ ",
            "20140801",
            "2014.8.1",
            "2014年8月1日",
            "８。１",
        ] {
            assert_eq!(of(text).as_deref(), Some("2014-08-01"), "{text}");
        }
        assert_eq!(of("今天").as_deref(), Some("2014-07-12"));
        assert_eq!(of("昨天").as_deref(), Some("2014-07-11"));
        for text in ["", "8", "13-01", "02-30", "明天", "8-1-1", "学-校", "2014"] {
            assert_eq!(of(text), None, "{text}");
        }
        let written = |text| written(text, 2014, today);
        assert_eq!([written("0231"), written("7-15"), written("２-３０")], ["2014-02-31", "2014-07-15", "2014-02-30"]);
        assert_eq!([written("学校"), written("6G")], ["学校", "6G"], "as it was typed");
    }
}
