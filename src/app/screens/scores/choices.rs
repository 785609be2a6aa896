//! The menu of a cell of the score grid.

use super::{Cells, Scores};
use crate::app::action::Action;
use crate::app::grid::Sheet;
use crate::app::menu::{Choice, Menu};
use crate::app::screen::Wish;
use crate::domain::value::Bilingual;
use crate::text::Text;

/// A choice, the key that does it without the menu, and why it cannot be done now.
fn item(label: Bilingual, key: &str, then: Wish, can: Result<(), Bilingual>) -> Choice {
    Choice { refused: can.err(), ..Choice::new(label, vec![then]).noted(Bilingual::new(key, key)) }
}

impl Scores {
    /// 本格菜单: the states of the cell under the cursor, or of the range. What cannot be done stays listed, so that
    /// every number always means the same.
    pub(super) fn menu(&self, cells: &Cells<'_>) -> Option<Menu> {
        let cell = self.cell()?;
        let selected = self.grid.selected();
        let derived: Vec<String> = selected.iter().filter_map(|c| cells.derived(*c)).collect();
        let has = |found: bool, or: Text| if found { Ok(()) } else { Err(or.both(&[])) };
        let may = cells.may(cell);
        let and = |more: Result<(), Bilingual>| may.clone().and(more);
        let entered = |c: &super::Cell| self.grid.seen(*c, cells).value.is_some();
        let adopt = match &derived[..] {
            [one] => Text::MenuAdoptValue.both(&[one]),
            _ => Text::MenuAdopt.both(&[]),
        };
        let act = |label: Text, key, action, can| item(label.both(&[]), key, Wish::Do(action), can);
        Some(Menu::new(
            cells.name(cell),
            Vec::new(),
            vec![
                item(adopt, "+", Wish::Do(Action::Adopt), and(has(!derived.is_empty(), Text::NothingToAdopt))),
                act(Text::MenuNotApplicable, "", Action::NotApplicable, may.clone()),
                act(
                    Text::MenuClear,
                    "Del",
                    Action::Clear,
                    and(has(selected.iter().any(entered), Text::NothingToClear)),
                ),
                act(Text::MenuNote, "#", Action::Note, and(has(entered(&cell), Text::NoteNeedsEntry))),
                item(Text::MenuExplain.both(&[]), "=", Wish::Explain, Ok(())),
                act(Text::MenuRow, "", Action::RowNotApplicable, may.clone()),
            ],
        ))
    }
}
