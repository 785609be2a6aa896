//! 看板. Joins the threads: terminal, app and store meet here in channels.

use std::io::Write;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crossterm::event::Event as Input;
use ratatui::Frame;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::output::Color;
use super::{Options, Skin as SkinChoice};
use crate::app::App;
use crate::app::msg::{Effect, Msg};
use crate::app::screen::Message;
use crate::domain::value::Lang;
use crate::store::{Reply, Request, worker};
use crate::text::Text;
use crate::tui::glyphs::Skin;
use crate::tui::run::{Control, Event, Inbox, Program, Settings, run};
use crate::tui::theme::{Theme, colours_of};
use crate::tui::{keymap, terminal, view};

/// What the loop runs: the app, how it looks, and the way to the store.
struct Dashboard {
    app: App,
    theme: Theme,
    ui_theme: String,
    colour: Option<bool>,
    store: Sender<Request>,
    /// The store's answers; the loop is only told that there is one, so that what it leaves can still be read.
    replies: Receiver<Reply>,
    /// Writes that are not answered yet.
    writing: usize,
    control: Control,
    /// For the clipboard, with the next frame.
    copied: Option<String>,
    quiet: bool,
}

impl Dashboard {
    fn theme(skin: Skin, name: &str, colour: Option<bool>) -> Theme {
        let variable = |name| std::env::var(name).ok();
        Theme::new(skin, name, colours_of(variable("NO_COLOR").as_deref(), variable("TERM").as_deref(), colour))
    }

    fn take(&mut self, msg: Msg) {
        for effect in self.app.update(msg) {
            match effect {
                Effect::Send(request) => {
                    let writes = match &request {
                        Request::Save { .. }
                        | Request::Settle { .. }
                        | Request::Round { .. }
                        | Request::Undo
                        | Request::Redo => true,
                        Request::Load
                        | Request::Undoable
                        | Request::History(_)
                        | Request::Chain
                        | Request::Warnings
                        | Request::Recent { .. }
                        | Request::Sources(_)
                        | Request::Changed
                        | Request::Stop => false,
                    };
                    // The store thread ends only with the program; a request that nobody hears has no one to answer to.
                    if self.store.send(request).is_ok() && writes {
                        self.writing += 1;
                    }
                }
                Effect::Quit => self.control = Control::Quit(0),
                Effect::Suspend => self.control = Control::Suspend,
                Effect::Redraw => self.control = Control::Repaint,
                Effect::Copy(text) => self.copied = Some(text),
            }
        }
    }
}

impl Dashboard {
    fn answered(&mut self, reply: Reply) {
        if matches!(reply, Reply::Saved { .. } | Reply::Refused { .. }) {
            self.writing = self.writing.saturating_sub(1);
        }
        self.take(Msg::Reply(reply));
    }

    /// Waits until everything that was entered is on disk or refused, then ends the store thread.
    fn finish(&mut self, thread: JoinHandle<()>) {
        while self.writing > 0
            && let Ok(reply) = self.replies.recv()
        {
            self.answered(reply);
        }
        drop(self.store.send(Request::Stop));
        // A store thread that panicked has said so itself.
        drop(thread.join());
    }
}

impl Program for Dashboard {
    /// The store has answered.
    type Message = ();

    fn handle(&mut self, event: Event<()>) {
        let context = self.app.context();
        self.quiet = false;
        let msg = match event {
            Event::Key(key) => keymap::msg(&Input::Key(key), context),
            Event::Paste(text) => keymap::msg(&Input::Paste(text), context),
            Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
            Event::Message(()) => {
                if let Ok(reply) = self.replies.try_recv() {
                    self.quiet = matches!(reply, Reply::Data(_)) && context.takes_text();
                    self.answered(reply);
                }
                None
            }
            Event::Mouse(mouse) => {
                keymap::mouse_msgs(mouse, context, self.app.list).into_iter().for_each(|msg| self.take(msg));
                None
            }
            Event::NotSuspended => {
                self.app.message = Some(Message::plain(Text::NotSuspended.both(&[])));
                None
            }
            // Somebody may have saved meanwhile, and no bell was heard.
            Event::Resumed => {
                drop(self.store.send(Request::Changed));
                None
            }
        };
        if let Some(msg) = msg {
            self.take(msg);
        }
    }

    fn control(&mut self) -> Control {
        std::mem::take(&mut self.control)
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        view::view(frame, &mut self.app, &self.theme);
    }

    fn caret_shown(&self) -> bool {
        self.app.context().takes_text()
    }

    /// While a field is open only one's own keys and the answer to one's own save cause a frame.
    fn wants_frame(&mut self) -> bool {
        !self.quiet
    }

    fn copied(&mut self) -> Option<String> {
        self.copied.take()
    }

    fn title(&self) -> String {
        let name = view::tab_name(self.app.tab, Lang::En, view::WIDE);
        format!("dukao - {}", name.to_lowercase())
    }

    fn wants_mouse(&self) -> bool {
        self.app.mouse
    }

    fn measured(&mut self, skin: Skin) {
        self.theme = Self::theme(skin, &self.ui_theme, self.colour);
    }
}

fn terminal_failure(error: &terminal::Error) -> Failure {
    if let terminal::Error::NotUtf8 = error {
        // Such a terminal shows neither our Chinese nor our punctuation: bytes in its own encoding.
        drop(std::io::stdout().write_all(&terminal::gbk_advice()));
        return Failure::silent(FailureKind::Failed);
    }
    let kind = if matches!(error, terminal::Error::NotATerminal) { FailureKind::Usage } else { FailureKind::Failed };
    Failure::of(kind, error.text())
}

/// The skin that somebody chose: on the command line, or for the district; none is to be measured.
#[must_use]
pub fn chosen_skin(options: &Options, of_district: Option<&str>) -> Option<Skin> {
    match options.skin {
        Some(SkinChoice::Safe) => Some(Skin::Safe),
        Some(SkinChoice::Line) => Some(Skin::Line),
        Some(SkinChoice::Auto) => None,
        None => of_district.and_then(Skin::named),
    }
}

/// Opens the dashboard on the terminal and runs it until the person quits.
///
/// # Errors
/// There is no terminal, or the folder or the database cannot be opened.
pub fn dashboard(options: &Options) -> Result<(), Failure> {
    terminal::check(std::env::var("TERM").ok().as_deref()).map_err(|e| terminal_failure(&e))?;
    let Opened { notice, store, actor, data, out, .. } = folder::open(options)?;
    let look = &data.plan.district.look;
    let chosen = chosen_skin(options, look.skin.as_deref());
    let lang = out.lang;
    let app = App::new(lang, actor.clone());
    let ui_theme = look.theme.clone().unwrap_or_else(|| "default".into());
    let inbox = Inbox::new();
    let post = inbox.post();
    let (answers, replies) = mpsc::channel();
    let (requests, thread) = worker::spawn(
        move || Ok((store, actor)),
        options.as_of,
        move |reply| {
            let _ = answers.send(reply).is_ok() && post.send(());
        },
    )?;
    let colour = match options.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    };
    let mut dashboard = Dashboard {
        app,
        theme: Dashboard::theme(chosen.unwrap_or(Skin::Safe), &ui_theme, colour),
        ui_theme,
        colour,
        store: requests,
        replies,
        writing: 0,
        control: Control::Go,
        copied: None,
        quiet: false,
    };
    dashboard.take(Msg::Reply(Reply::Data(data)));
    dashboard.app.message = notice.map(Message::loud);
    let settings = Settings::from_env(chosen, |name| std::env::var(name).ok());
    let ended = run(&mut dashboard, &inbox, settings);
    dashboard.finish(thread);
    if let Some(line) = dashboard.app.farewell() {
        // Standard output may be gone together with the terminal: then nobody is there to read it.
        drop(writeln!(std::io::stdout(), "{}", line.in_lang(lang)));
    }
    match ended.map_err(|e| terminal_failure(&e))? {
        0 => Ok(()),
        code => std::process::exit(code),
    }
}
