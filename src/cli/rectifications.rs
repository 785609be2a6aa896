//! `rectifications`: the ledger of findings to rectify, most urgent first.

use super::failure::Failure;
use super::folder::Opened;
use super::json;
use super::output::{Table, figure, name, word};
use super::projects::filter;
use super::words::{self, Word};
use crate::app::filter::{Index, Rows};
use crate::domain::value::days_between;

/// Prints the rectifications that match.
pub fn rectifications(opened: &mut Opened, text: &str) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    let index = Index::new(&data.plan);
    let filter = filter(text, Rows::Rectifications, data, &index)?;
    let place = |id: &str| data.facts.rectifications.iter().position(|(key, _)| key == id);
    let mut lines = json::rectification_lines(data);
    lines.retain(|line| place(line.id).is_some_and(|place| filter.rectification(data, &index, place)));
    if opened.options.json {
        return out.json(&json::rectifications(data, lines));
    }
    let year = data.plan.district.year;
    let mut table = Table::new(&[
        word("编号", "Id"),
        name("问题", "Finding"),
        word("项目", "Project").leaves(1),
        word("责任", "Unit").leaves(2),
        word("交办", "Issued").leaves(3),
        word("期限", "Due"),
        figure("剩余", "Left"),
        word("状态", "State"),
        word("灯", "Light"),
        word("销号", "Closed").leaves(4),
    ]);
    for r in &lines {
        let unit = data.plan.unit_ix(r.unit).map(|u| super::projects::unit(data, u, out.lang));
        let left = r.closed.is_none().then(|| days_between(data.day(), r.due));
        table.row([
            r.id.to_owned(),
            r.finding.to_owned(),
            words::text(r.project),
            unit.unwrap_or_else(|| r.unit.to_owned()),
            words::day(r.issued, year),
            words::day(r.due, year),
            words::count(left),
            r.state.word(out.lang),
            r.light.word(out.lang),
            words::opt_day(r.closed, year),
        ]);
    }
    if table.is_empty() {
        let none = out.say("没有符合的整改", "no rectification matches");
        if out.width.is_some() {
            return out.lines(&[none]);
        }
        // A pipe gets the header alone on stdout.
        super::folder::note(none);
    }
    out.text(&table.render(&out))
}
