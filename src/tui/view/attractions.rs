//! 招商项目. The attractions of a quota row: which count, and why the others do not.

use ratatui::layout::Rect;

use super::targets::plan_name;
use super::{Panes, Pen, Window, day, name, number, table, text, unit_name};
use crate::app::attractions::Attractions;
use crate::app::screen::Sight;
use crate::domain::quota::Counted;
use crate::domain::value::MoneyUnit;
use crate::text::Text;
use crate::tui::theme::Role;

/// Draws the attractions.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Attractions, money: MoneyUnit, sight: &Sight<'_>) {
    let (data, lang) = (sight.data, pen.lang);
    let Some(plan) = data.plan.targets.quota_plans.get(state.plan) else { return };
    let row = state.row.filter(|r| *r < plan.quotas.len());
    let unit = row.map_or_else(
        || Text::District.in_lang(lang).to_owned(),
        |r| {
            data.quota_plans()[state.plan].rows[r]
                .unit
                .map_or_else(|| plan.quotas[r].label.clone(), |u| unit_name(data, u, lang))
        },
    );
    let all = data.attractions_of(state.plan, row);
    let mut panes = Panes::default();
    let title = Text::AttractionsOf.fill(lang, &[&unit, &plan_name(data, plan)]);
    let inside = panes.add(area, title, Text::EscCloses.in_lang(lang));
    panes.draw(pen);
    if all.is_empty() {
        pen.put(inside.x, inside.y, inside.width, pen.say(Text::NoAttractions), Role::Dim);
        return;
    }
    let columns = [
        text(Text::Id.in_lang(lang), 8, 3),
        name(Text::Project.in_lang(lang), 20, 20),
        number(Text::Amount.in_lang(lang), 10, 0),
        number(Text::Received.in_lang(lang), 10, 1),
        text(Text::Signed.in_lang(lang), 6, 2),
        text(Text::CreditedTo.in_lang(lang), 14, 4),
        text(Text::Recognised.in_lang(lang), 14, 0),
    ];
    let top = state.scroll.drawn(all.len(), usize::from(inside.height.saturating_sub(1)));
    let window = Window { len: all.len(), top, selected: None, focused: false };
    table(pen, inside, &columns, window, |i| {
        let (id, a, counted) = all[i];
        let (verdict, role) = match counted {
            Counted::Tier(tier) => (plan.tiers[tier].label.clone(), Role::Good),
            Counted::Excluded => {
                let why = a.excluded.as_deref().unwrap_or_default();
                (Text::ExcludedBecause.fill(lang, &[&why]), Role::Dim)
            }
            Counted::OutsidePeriod => (Text::OutsidePeriod.in_lang(lang).to_owned(), Role::Dim),
            Counted::NotReceived => (Text::NotReceived.in_lang(lang).to_owned(), Role::Dim),
            Counted::TooSmall => (Text::TooSmall.in_lang(lang).to_owned(), Role::Dim),
        };
        let units: Vec<String> = (a.credits.iter())
            .map(|code| data.plan.unit_ix(code).map_or_else(|| code.clone(), |u| unit_name(data, u, lang)))
            .collect();
        vec![
            (id.to_owned(), Role::Dim),
            (a.name.strip_prefix("【样例】").unwrap_or(&a.name).to_owned(), Role::Text),
            (a.amount.text_in(money), Role::Text),
            (a.received.map_or_else(|| "--".to_owned(), |m| m.text_in(money)), Role::Text),
            (day(a.signed, data.plan.district.year), Role::Text),
            (if units.is_empty() { "--".to_owned() } else { units.join(" ") }, Role::Text),
            (verdict, role),
        ]
    });
    super::lines_seen(pen, area, top, inside.height.saturating_sub(1), all.len());
}
