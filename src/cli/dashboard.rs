//! 看板. Joins the threads: terminal, app and store meet here in channels.

mod destination;

use std::ffi::OsStr;
use std::io::Write;
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crossterm::event::Event as Input;
use ratatui::Frame;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::output::Color;
use super::remembered;
use super::{Options, Skin as SkinChoice};
use crate::app::App;
use crate::app::exporting;
use crate::app::look::{self, Look};
use crate::app::msg::{Effect, Msg};
use crate::app::palette::command::Report;
use crate::app::remembered::Remembered;
use crate::app::screen::Message;
use crate::domain::value::Lang;
use crate::store::{Reply, Request, worker};
use crate::text::Text;
use crate::tui::glyphs::Skin;
use crate::tui::run::{Control, Event, Inbox, Post, Program, Settings, run};
use crate::tui::theme::{Colours, Theme, colours_of};
use crate::tui::{keymap, terminal, view};

/// What the loop runs: the app, how it looks, and the way to the store.
struct Dashboard {
    app: App,
    /// What `--skin` says, until the person chooses another one.
    asked: Option<look::Skin>,
    /// What the terminal was measured to be.
    measured: Option<Skin>,
    /// What the plan says.
    district: Look,
    colours: Colours,
    options: Options,
    /// What other commands printed.
    reports: (Sender<Msg>, Receiver<Msg>),
    post: Post<Told>,
    /// Where the person's choices stand, and what stands there; none where nothing is to be remembered.
    file: Option<remembered::File>,
    kept: Remembered,
    store: Sender<Request>,
    /// The store's answers; the loop is only told that there is one, so that what it leaves can still be read.
    replies: Receiver<Reply>,
    /// Writes that are not answered yet.
    writing: usize,
    /// Where the other sessions know this one to be.
    place: Option<String>,
    control: Control,
    /// For the clipboard, with the next frame.
    copied: Option<String>,
    quiet: bool,
}

/// What becomes of what a command printed.
type Heard = Box<dyn FnOnce(String) -> Msg + Send>;

/// What the program's threads tell the loop.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// The store has answered.
    Store,
    /// Another command has ended.
    Report,
}

impl Dashboard {
    /// How it looks: `--skin`, what the person chose, the plan, the measurement.
    fn theme(&self) -> Theme {
        use crate::app::look;
        let Look { skin, theme, plain, .. } = self.app.look;
        let chosen = self.asked.or(skin).or(self.district.skin);
        let skin = fixed(chosen).or(self.measured).unwrap_or(Skin::Safe);
        let name = theme.or(self.district.theme).map_or("", look::Theme::name);
        Theme { plain, ..Theme::new(skin, name, self.colours) }
    }

    /// Runs another command of this program on the same folder and database, away from the loop.
    fn run(&self, words: Vec<String>, heard: Heard) {
        let (sender, post, lang, options) =
            (self.reports.0.clone(), self.post.clone(), self.app.lang, self.options.clone());
        let name = words.first().cloned().unwrap_or_default();
        let failed = move |e: &dyn std::fmt::Display| Text::ReportFailed.fill(lang, &[&name, &e]);
        let told = failed.clone();
        let started = std::thread::Builder::new().name("report".into()).spawn(move || {
            let text = printed(&words, lang, &options).unwrap_or_else(|e| told(&e));
            // Nobody waits for it once the loop has ended.
            let _ = sender.send(heard(text)).is_ok() && post.send(Told::Report);
        });
        if let Err(e) = started {
            self.app_said(failed(&e));
        }
    }

    /// A line for the message row, by the way of the reports.
    fn app_said(&self, text: String) {
        drop(self.reports.0.send(Msg::Exported(text)));
        self.post.send(Told::Report);
    }

    fn report(&self, report: Report) {
        self.run(vec![report.name().to_owned()], Box::new(move |text| Msg::Report(report, text)));
    }

    /// Runs an export. A file that is there already is only written over once the person has said so.
    fn export(&mut self, mut words: Vec<String>, replace: bool) {
        if let Some(why) = exporting::no_files(&self.app.actor) {
            self.app.message = Some(Message::loud(why.both(&[])));
            return;
        }
        match destination::settled(&mut words) {
            Err(why) => self.app.message = Some(Message::loud(why.both(&[]))),
            Ok(Some(free)) if !replace => self.take(Msg::FileThere { words, free }),
            Ok(_) => self.run(words, Box::new(Msg::Exported)),
        }
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
                        | Request::PlanLine(_)
                        | Request::Sources(_)
                        | Request::AsOf(_)
                        | Request::Here(_)
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
                Effect::Skin => self.asked = None,
                Effect::Report(report) if self.options.session.is_some() => {
                    self.app.message = Some(Message::loud(Text::ReportInSession.both(&[&report.name()])));
                }
                Effect::Report(report) => self.report(report),
                Effect::Export(words) => self.export(words, false),
                Effect::Replace(words) => self.export(words, true),
            }
        }
        self.tell_place();
    }
}

impl Dashboard {
    /// Tells the other sessions where this one is, when it has moved.
    fn tell_place(&mut self) {
        let place = self.app.whereabouts();
        if place != self.place {
            self.place.clone_from(&place);
            drop(self.store.send(Request::Here(place)));
        }
    }

    fn answered(&mut self, reply: Reply) {
        if matches!(reply, Reply::Saved { .. } | Reply::Refused { .. }) {
            self.writing = self.writing.saturating_sub(1);
        }
        self.take(Msg::Reply(reply));
    }

    /// Remembers what the person chose; where a cursor stands alone is not worth a file.
    fn remember(&mut self, rows_too: bool) {
        let Some(file) = &self.file else { return };
        let now = self.app.remembered();
        let news = if rows_too { now != self.kept } else { now.without_rows() != self.kept.without_rows() };
        if news {
            // Choices that cannot be kept hold for this session all the same.
            drop(file.write(&now));
            self.kept = now;
        }
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

/// The skin of a choice; none where the measurement decides.
fn fixed(choice: Option<look::Skin>) -> Option<Skin> {
    match choice? {
        look::Skin::Auto => None,
        look::Skin::Safe => Some(Skin::Safe),
        look::Skin::Line => Some(Skin::Line),
    }
}

/// What a command prints, to both of its outputs.
fn printed(words: &[String], lang: Lang, options: &Options) -> std::io::Result<String> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(words).args(["--color", "never", "--lang", lang.name()]);
    command.args(options.district.iter().flat_map(|dir| [OsStr::new("--district"), dir.as_os_str()]));
    command.args(options.database.iter().flat_map(|file| [OsStr::new("--database"), file.as_os_str()]));
    let output = command.stdin(Stdio::null()).output()?;
    let both = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&both).into_owned())
}

impl Program for Dashboard {
    type Message = Told;

    fn handle(&mut self, event: Event<Told>) {
        let context = self.app.context();
        self.quiet = false;
        let msg = match event {
            Event::Key(key) => keymap::msg(&Input::Key(key), context),
            Event::Paste(text) => keymap::msg(&Input::Paste(text), context),
            Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
            Event::Message(Told::Report) => self.reports.1.try_recv().ok(),
            Event::Message(Told::Store) => {
                if let Ok(reply) = self.replies.try_recv() {
                    self.quiet = matches!(reply, Reply::Data(_)) && context.takes_text();
                    self.answered(reply);
                }
                None
            }
            Event::Mouse(mouse) => {
                keymap::mouse_msgs(mouse, context, self.app.list, &self.app.tabs)
                    .into_iter()
                    .for_each(|msg| self.take(msg));
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
        if !self.app.context().takes_text() {
            self.remember(false);
        }
    }

    fn control(&mut self) -> Control {
        std::mem::take(&mut self.control)
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let theme = self.theme();
        view::view(frame, &mut self.app, &theme);
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
        self.measured = Some(skin);
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
    fixed(asked(options).or(of_district.and_then(look::Skin::named)))
}

/// What `--skin` says.
fn asked(options: &Options) -> Option<look::Skin> {
    options.skin.map(|skin| match skin {
        SkinChoice::Auto => look::Skin::Auto,
        SkinChoice::Safe => look::Skin::Safe,
        SkinChoice::Line => look::Skin::Line,
    })
}

/// Opens the dashboard on the terminal and runs it until the person quits.
///
/// # Errors
/// There is no terminal, or the folder or the database cannot be opened.
pub fn dashboard(options: &Options) -> Result<(), Failure> {
    terminal::check(std::env::var("TERM").ok().as_deref()).map_err(|e| terminal_failure(&e))?;
    let Opened { notice, store, actor, data, out, .. } = folder::open_on_screen(options)?;
    let plan_look = &data.plan.district.look;
    let district = Look {
        skin: plan_look.skin.as_deref().and_then(look::Skin::named),
        theme: plan_look.theme.as_deref().and_then(look::Theme::named),
        ..Look::default()
    };
    let asked = asked(options);
    let app = App::new(out.lang, actor.clone());
    let (login, database) = (actor.login.clone(), store.path().to_owned());
    let inbox = Inbox::new();
    let post = inbox.post();
    let (answers, replies) = mpsc::channel();
    let (requests, thread) = worker::spawn(
        move || Ok((store, actor)),
        options.as_of,
        move |reply| {
            let _ = answers.send(reply).is_ok() && post.send(Told::Store);
        },
    )?;
    let colour = match options.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    };
    let variable = |name: &str| std::env::var(name).ok();
    let mut dashboard = Dashboard {
        app,
        asked,
        measured: None,
        district,
        colours: colours_of(variable("NO_COLOR").as_deref(), variable("TERM").as_deref(), colour),
        options: options.clone(),
        reports: mpsc::channel(),
        post: inbox.post(),
        file: match options.session {
            Some(_) => remembered::File::beside(&database, &data.plan.district.id, &login),
            None => remembered::File::of(&data.plan.district.id, &login),
        },
        kept: Remembered::default(),
        store: requests,
        replies,
        writing: 0,
        place: None,
        control: Control::Go,
        copied: None,
        quiet: false,
    };
    dashboard.take(Msg::Reply(Reply::Data(data)));
    if let Some(file) = &dashboard.file {
        dashboard.kept = file.read();
        dashboard.app.restore(&dashboard.kept);
        // What the command line says holds for this session.
        if options.lang.is_some() {
            dashboard.app.lang = out.lang;
        }
    }
    dashboard.app.message = notice.map(Message::loud);
    // A skin that is chosen needs no measurement.
    let chosen = fixed(dashboard.asked.or(dashboard.app.look.skin).or(district.skin));
    let mut settings = Settings::from_env(chosen, variable);
    // Whoever stopped a session would have no shell to continue it from.
    settings.suspend &= options.session.is_none();
    let ended = run(&mut dashboard, &inbox, settings);
    dashboard.finish(thread);
    dashboard.remember(true);
    if let Some(line) = dashboard.app.farewell() {
        // Standard output may be gone together with the terminal: then nobody is there to read it.
        drop(writeln!(std::io::stdout(), "{}", line.in_lang(dashboard.app.lang)));
    }
    match ended.map_err(|e| terminal_failure(&e))? {
        0 => Ok(()),
        code => std::process::exit(code),
    }
}
