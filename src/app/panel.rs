//! 面板按键. What a key does while a panel lies over the screen.

use super::*;

impl App {
    pub(super) fn act_modal(&mut self, action: Action) -> Vec<Effect> {
        match (&self.modal, action) {
            (Some(Modal::Explain(_)), action) => return self.act_explain(action),
            (Some(Modal::Palette(_)), action) => return self.act_palette(action),
            (Some(Modal::Menu(_)), action) => return self.act_menu(action),
            (Some(Modal::Prompt(_)), action) => return self.act_prompt(action),
            (Some(Modal::Confirm(_)), action) => return self.act_confirm(action),
            (Some(Modal::Form(_)), action) => return self.act_form(action),
            (Some(Modal::Dossier(dossier)), Action::Explain) => return self.explain_project(dossier.project),
            (Some(Modal::Dossier(dossier)), Action::Related) => return self.related_to(dossier.project),
            (Some(_), Action::New | Action::Edit | Action::Withdraw) => return self.record_in_panel(action),
            (Some(Modal::Attractions(_)), Action::MoneyUnit) => self.targets.money = self.targets.money.next(),
            (Some(Modal::Entry(entry)), Action::Related) => return self.show_subject(entry.entry.clone()),
            _ => {}
        }
        if let Some(Modal::Arrange(dialog)) = &mut self.modal {
            let (closed, now) = (dialog.take(action), dialog.now.clone());
            if closed {
                self.modal = None;
            }
            return self.decide(|screen, sight| {
                if let Some(arrangement) = screen.arrangement() {
                    *arrangement = now;
                    screen.refresh(sight);
                }
                Vec::new()
            });
        }
        match (&mut self.modal, action) {
            (Some(Modal::Entry(entry)), Action::Expand | Action::Collapse) => entry.raw = action == Action::Expand,
            (Some(Modal::Help(help)), Action::Close) => self.modal = help.under.take().map(|m| *m),
            (_, Action::Close) => self.modal = None,
            (Some(Modal::Help(help)), action) => {
                let rows: Vec<usize> = (0..help.actions.len()).collect();
                let page = isize::try_from(help.cursor.height).unwrap_or(1);
                match action {
                    Action::ItemPrev => help.cursor.step(&rows, -1),
                    Action::ItemNext => help.cursor.step(&rows, 1),
                    Action::PageUp => help.cursor.step(&rows, -page),
                    Action::PageDown => help.cursor.step(&rows, page),
                    Action::Help => self.modal = help.under.take().map(|m| *m),
                    Action::BlockNext => {
                        let here = help.cursor.place();
                        let next = help.blocks.iter().find(|b| **b > here).or_else(|| help.blocks.first());
                        help.cursor.go(&rows, next.copied().unwrap_or(0));
                    }
                    Action::Run => {
                        let chosen = help.actions.get(help.cursor.place()).copied();
                        self.modal = help.under.take().map(|m| *m);
                        // A row that stands for many keys (views, digits) has none to run.
                        return match chosen {
                            None => Vec::new(),
                            Some(Action::View(_) | Action::Overwrite(_) | Action::Pick(Some(_))) => {
                                self.message = Some(Message::plain(Text::ManyKeys.both(&[])));
                                Vec::new()
                            }
                            Some(action) => self.act(action),
                        };
                    }
                    _ => {}
                }
            }
            (
                Some(
                    Modal::Dossier(Dossier { scroll, .. })
                    | Modal::Entry(Entry { scroll, .. })
                    | Modal::Attractions(Attractions { scroll, .. }),
                ),
                action,
            ) => {
                scroll.take(action);
            }
            (Some(Modal::Sheet(sheet)), action) => {
                let page = isize::try_from(sheet.height).unwrap_or(1);
                match action {
                    Action::RowPrev => sheet.scroll(-1),
                    Action::RowNext => sheet.scroll(1),
                    Action::PageUp => sheet.scroll(-page),
                    Action::PageDown => sheet.scroll(page),
                    _ => {}
                }
            }
            (
                None
                | Some(
                    Modal::Explain(_)
                    | Modal::Arrange(_)
                    | Modal::Palette(_)
                    | Modal::Menu(_)
                    | Modal::Prompt(_)
                    | Modal::Confirm(_)
                    | Modal::Form(_),
                ),
                _,
            ) => {}
        }
        Vec::new()
    }
}
