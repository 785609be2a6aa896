//! Where the district folder and its database are, and the way every command goes in: open, load, take a snapshot.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::{Failure, FailureKind, system};
use super::output::Output;
use super::{Language, Options};
use crate::domain::district::{IdentitySource, LanguageChoice, Plan, ProjectIx, RoundIx};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
use crate::exchange::LARGEST;
use crate::plan::{self, Diagnostic, Texts};
use crate::store::{self, Actor, Store, access};
use crate::text::Text;

/// 区文件夹. Where the plan is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// A folder of four TOML files.
    Dir(PathBuf),
    /// The sample that is compiled in.
    Sample,
}

/// What can be read of `district.toml` even where it has errors: the keys that lead to the database.
#[derive(Clone, Debug, Default)]
struct Hints {
    id: Option<String>,
    database: Option<String>,
    language: LanguageChoice,
}

impl Folder {
    /// The folder that these options and the environment mean.
    #[must_use]
    pub fn find(options: &Options) -> Self {
        if let Some(dir) = options.district.as_ref().filter(|dir| !dir.as_os_str().is_empty()) {
            return Self::Dir(dir.clone());
        }
        let home = |var: &str, below: &str| {
            absolute(var).or_else(|| absolute("HOME").map(|home| home.join(below))).map(|dir| dir.join("dukao"))
        };
        // Where a session starts, and whose home that is, means nothing.
        let ones_own = if options.session.is_some() {
            [None, None]
        } else {
            [Some(PathBuf::from("config")), home("XDG_CONFIG_HOME", ".config")]
        };
        ones_own
            .into_iter()
            .chain([Some(PathBuf::from("/etc/dukao"))])
            .flatten()
            .find(|dir| dir.join("district.toml").is_file())
            .map_or(Self::Sample, Self::Dir)
    }

    /// The four texts.
    ///
    /// # Errors
    /// Files that are missing or unreadable.
    pub fn texts(&self) -> Result<Texts, Vec<Diagnostic>> {
        match self {
            Self::Dir(dir) => Texts::read(dir),
            Self::Sample => Ok(Texts::sample()),
        }
    }

    /// Whether there is such a folder.
    ///
    /// # Errors
    /// There is none, or it is a file.
    pub fn exists(&self) -> Result<(), Failure> {
        let Self::Dir(dir) = self else { return Ok(()) };
        let shown = dir.display();
        match std::fs::metadata(dir) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(Failure::usage(format!("{shown} 不是文件夹"), format!("{shown} is not a folder"))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Err(Failure::usage(format!("没有文件夹 {shown}"), format!("there is no folder {shown}"))
                    .next("dukao init DIR 写一个样例文件夹", "dukao init DIR writes a sample folder"))
            }
            Err(e) => Err(unreadable(dir, &e)),
        }
    }

    /// Whether a place is that of a file of the plan, or of another rule set beside it.
    #[must_use]
    pub fn holds_plan(&self, place: &Path) -> bool {
        let Self::Dir(dir) = self else { return false };
        let Ok(dir) = dir.canonicalize() else { return false };
        let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let named = place.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        let file = |path: &Path| path.symlink_metadata().ok().map(|found| (found.dev(), found.ino()));
        let there = file(place);
        let plan = ["district.toml", "projects.toml", "scoring.toml", "targets.toml"];
        (named && folder.canonicalize().is_ok_and(|folder| folder.starts_with(&dir)))
            || (there.is_some() && plan.iter().any(|name| file(&dir.join(name)) == there))
    }

    /// What to call it.
    #[must_use]
    pub fn called(&self) -> String {
        match self {
            Self::Dir(dir) => dir.display().to_string(),
            Self::Sample => "(sample)".to_owned(),
        }
    }

    /// Id of the district, as far as it can be read.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.hints().id
    }

    fn hints(&self) -> Hints {
        let text = match self {
            Self::Dir(dir) => std::fs::read_to_string(dir.join("district.toml")).unwrap_or_default(),
            Self::Sample => Texts::sample().district,
        };
        let head: Vec<&str> = text.lines().take_while(|line| !line.trim_start().starts_with('[')).collect();
        let value = |key: &str| {
            head.iter().find_map(|line| line.parse::<toml::Table>().ok()?.get(key)?.as_str().map(str::to_owned))
        };
        Hints {
            id: value("id"),
            database: value("database"),
            language: match value("language").as_deref() {
                Some("zh") => LanguageChoice::Zh,
                Some("en") => LanguageChoice::En,
                _ => LanguageChoice::Auto,
            },
        }
    }

    /// The database file of this folder.
    ///
    /// # Errors
    /// The folder names none and neither `XDG_DATA_HOME` nor `HOME` says where it belongs.
    pub fn database(&self, options: &Options) -> Result<PathBuf, Failure> {
        if let Some(file) = options.database.as_ref().filter(|file| !file.as_os_str().is_empty()) {
            return Ok(file.clone());
        }
        let hints = self.hints();
        if let (Self::Dir(dir), Some(file)) = (self, &hints.database) {
            return Ok(dir.join(file));
        }
        let plain = |id: &String| !id.is_empty() && !id.contains(['/', '\0']) && id != "." && id != "..";
        let Some(id) = hints.id.filter(plain) else {
            return Err(Failure::new(
                FailureKind::Invalid,
                format!("{} 里的 district.toml 读不出 id", self.called()),
                format!("district.toml of {} has no readable id", self.called()),
            )
            .next("dukao check 逐条列出错误", "dukao check lists every error"));
        };
        let data = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
        data.map(|data| data.join("dukao").join(format!("{id}.db"))).ok_or_else(|| {
            Failure::new(FailureKind::Database, "不知道数据库放在哪里：没有 HOME", "no HOME to keep the database in")
                .next("用 --database 指定", "name it with --database")
        })
    }

    /// Files that `bootstrap` of the plan names, folders with all their CSV files: name and bytes.
    fn bootstrap(&self, plan: &Plan) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let Self::Dir(dir) = self else { return Ok(Texts::sample_records()) };
        let mut files = Vec::new();
        for entry in &plan.district.bootstrap {
            let path = dir.join(entry);
            if path.is_dir() {
                files.extend(super::import::csv_files(&path)?);
            } else {
                files.push(read(&path)?);
            }
        }
        Ok(files)
    }
}

/// A file's name and bytes, of one that is too large as many as show it.
pub fn read(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
    read.map(|_| (name, bytes)).map_err(|e| unreadable(path, &e))
}

/// Largest template that is read: of text, and of Word with the pictures of its head.
const TEMPLATE: u64 = 1024 * 1024;
const LETTER: u64 = 8 * 1024 * 1024;

/// The office's own template of this name in `templates/` of the district folder, with the name to tell it by.
///
/// # Errors
/// There is one, and it cannot be read or is no template.
pub fn template(options: &Options, name: &str) -> Result<Option<(String, String)>, Failure> {
    let Some((name, bytes)) = template_of(options, name, TEMPLATE)? else { return Ok(None) };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((name, text))),
        Err(_) => Err(Failure::new(
            FailureKind::Invalid,
            format!("{name} 不是 UTF-8 文字"),
            format!("{name} is no text in UTF-8"),
        )
        .next("另存为 UTF-8 再试", "save it as UTF-8 and try again")),
    }
}

/// The office's own letter of this name, as [`template`].
///
/// # Errors
/// There is one, and it cannot be read or is too large.
pub fn letter(options: &Options, name: &str) -> Result<Option<(String, Vec<u8>)>, Failure> {
    template_of(options, name, LETTER)
}

fn template_of(options: &Options, name: &str, most: u64) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let Folder::Dir(dir) = Folder::find(options) else { return Ok(None) };
    let (path, name) = (dir.join("templates").join(name), format!("templates/{name}"));
    let size = match std::fs::metadata(&path) {
        Ok(found) => found.len(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(&path, &e)),
    };
    if size > most {
        let most = most >> 20;
        return Err(Failure::new(
            FailureKind::Invalid,
            format!("{name} 大于 {most} MB"),
            format!("{name} is larger than {most} MB"),
        ));
    }
    let bytes = std::fs::read(&path).map_err(|e| unreadable(&path, &e))?;
    Ok(Some((name, bytes)))
}

/// A file or folder that cannot be read.
pub fn unreadable(path: &Path, e: &std::io::Error) -> Failure {
    let path = path.display();
    if e.kind() == std::io::ErrorKind::PermissionDenied {
        return Failure::new(
            FailureKind::Invalid,
            format!("没有权限读 {path}"),
            format!("no permission to read {path}"),
        )
        .next("请文件所有者给你读的权限：chmod u+r", "ask its owner for permission to read it: chmod u+r");
    }
    if e.kind() == std::io::ErrorKind::NotFound {
        return Failure::new(FailureKind::Invalid, format!("没有文件 {path}"), format!("there is no file {path}"));
    }
    Failure::new(FailureKind::Invalid, format!("{path} 读不出来：{}", system(e)), format!("{path} cannot be read: {e}"))
}

/// A variable that holds an absolute path, as the XDG convention asks.
pub fn absolute(var: &str) -> Option<PathBuf> {
    std::env::var_os(var).map(PathBuf::from).filter(|p| p.is_absolute())
}

/// The language to speak: `--lang`, the district's choice, the locale; Chinese where nothing says otherwise.
#[must_use]
pub fn language(options: &Options) -> Lang {
    match (options.lang, Folder::find(options).hints().language) {
        (Some(Language::Zh), _) | (None, LanguageChoice::Zh) => Lang::Zh,
        (Some(Language::En), _) | (None, LanguageChoice::En) => Lang::En,
        (None, LanguageChoice::Auto) => {
            let set = |var| std::env::var(var).ok().filter(|v| !v.is_empty());
            let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
            let neutral = ["", "C", "POSIX"].contains(&locale.split('.').next().unwrap_or_default());
            if neutral || locale.starts_with("zh") { Lang::Zh } else { Lang::En }
        }
    }
}

/// A district that is open: everything a command needs.
pub struct Opened {
    /// As asked.
    pub options: Options,
    /// What to print with.
    pub out: Output,
    /// What the folder says now; the errors where it is broken.
    pub texts: Result<Texts, Vec<Diagnostic>>,
    /// That the folder is broken, or differs from the plan in force, if it is so.
    pub notice: Option<Bilingual>,
    /// The database.
    pub store: Store,
    /// On whose behalf.
    pub actor: Actor,
    /// Everything there is to show.
    pub data: Arc<Snapshot>,
}

impl Opened {
    /// Whether the person may see the points and ranks of a round.
    ///
    /// # Errors
    /// Not permitted.
    pub fn may_see_round(&self, round: RoundIx) -> Result<(), Failure> {
        Ok(access::sees_round(&self.data, &self.actor, round)?)
    }

    /// Whether the person may see a project's points in a round.
    #[must_use]
    pub fn may_see_score(&self, round: RoundIx, project: ProjectIx) -> bool {
        access::sees_project(&self.data, &self.actor, round, project).is_ok()
    }

    /// Whether the person may see the single ballots for a site of a round.
    #[must_use]
    pub fn may_see_ballots(&self, round: RoundIx, project: ProjectIx) -> bool {
        access::sees_ballots(&self.data, &self.actor, round, project).is_ok()
    }

    /// The newest round that the person may see; of two of one day the assessment.
    #[must_use]
    pub fn newest_round(&self) -> Option<RoundIx> {
        access::newest_seen(&self.data, &self.actor)
    }
}

/// Says something on stderr that is no failure.
pub fn warn(message: &Bilingual, lang: Lang) {
    // A warning that nobody can read must not stop the command.
    let _ = writeln!(std::io::stderr().lock(), "warning: {}", super::output::safe(message.in_lang(lang)));
}

/// Says on stderr that there is nothing to show: no failure, and no line for the reader of stdout.
pub fn note(text: &str) {
    // As with a warning: nobody to read it is no reason to stop.
    let _ = writeln!(std::io::stderr().lock(), "{}", super::output::safe(text));
}

/// Opens the district that the options mean; a new database applies the plan and loads its first records.
///
/// # Errors
/// The folder has errors and there is no database yet; or the database cannot be opened.
pub fn open(options: &Options) -> Result<Opened, Failure> {
    open_for(options, Store::open, |store| identified(options, store))
}

/// As [`open`], and a database whose end is damaged for reading alone.
///
/// # Errors
/// As [`open`].
pub fn open_on_screen(options: &Options) -> Result<Opened, Failure> {
    open_for(options, Store::open_to_read, |store| identified(options, store))
}

fn identified(options: &Options, store: &Store) -> Result<Actor, store::Error> {
    match &options.session {
        Some(session) => crate::session::ssh(store.plan(), session),
        None => crate::session::local(store),
    }
}

/// As [`open`], also for whoever keeps the database of a district that identifies nobody locally.
///
/// # Errors
/// As [`open`].
pub fn open_to_check(options: &Options) -> Result<Opened, Failure> {
    if options.session.is_some() { open(options) } else { open_for(options, Store::open, crate::session::caretaker) }
}

fn open_for(
    options: &Options,
    store: fn(&Path, Option<&str>) -> Result<Store, store::Error>,
    who: impl Fn(&Store) -> Result<Actor, store::Error>,
) -> Result<Opened, Failure> {
    let out = super::output(options);
    let folder = Folder::find(options);
    folder.exists()?;
    let path = folder.database(options)?;
    let texts = folder.texts();
    let mut notice = None;
    let mut store = if path.exists() {
        let store = store(&path, folder.hints().id.as_deref()).map_err(|e| of_database(&path, e))?;
        notice = match &texts {
            Err(errors) => Some(stale(errors, out.lang)),
            Ok(texts) if !is_applied(&store, texts)? => Some(match plan::load(texts) {
                Err(errors) => stale(&errors, out.lang),
                Ok(_) => {
                    let differs = Bilingual::new(
                        "计划有改动未应用：dukao plan 查看，dukao plan --apply 应用",
                        "the folder differs from the applied plan: dukao plan shows, dukao plan --apply applies",
                    );
                    warn(&differs, out.lang);
                    differs
                }
            }),
            Ok(_) => None,
        };
        store
    } else {
        let texts = texts.as_ref().map_err(|errors| invalid(errors, out.lang, options.json))?;
        let plan = plan::load(texts).map_err(|errors| invalid(&errors, out.lang, options.json))?;
        may_create(options, &plan)?;
        let records = folder.bootstrap(&plan)?;
        create(&path, texts, &plan, &records)?
    };
    let actor = who(&store)?;
    let data = store.snapshot_for(&actor, options.as_of);
    Ok(Opened { options: options.clone(), out, texts, notice, store, actor, data })
}

/// A session makes no database: one that is missing was lost, or its disk is not there. The server's own line may name a
/// new one for a district that is tried out.
fn may_create(options: &Options, plan: &Plan) -> Result<(), Failure> {
    let session = options.session.as_ref();
    if session.is_none_or(|session| session.own_database && plan.district.identity != IdentitySource::Ssh) {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Database, "数据库不在", "the database is not there").next(
        "请告诉服务器管理员：运行 dukao doctor；新的区先在服务器上运行 dukao verify 建库",
        "tell whoever keeps the server: dukao doctor looks at it; for a new district, dukao verify there makes it",
    ))
}

/// Makes the database of a plan and loads its first records, all or nothing.
///
/// # Errors
/// A record that does not fit, or the store cannot make it.
pub fn create(path: &Path, texts: &Texts, plan: &Plan, files: &[(String, Vec<u8>)]) -> Result<Store, Failure> {
    let today = plan.district.today.unwrap_or_else(|| store::Ambient::default().day());
    let records = super::import::first_records(plan, today, files);
    let mut refused = None;
    let made = store::create(path, named(texts), plan, |step| super::import::bootstrap(step, &records, &mut refused));
    match made {
        // Somebody else made it in the meantime.
        Err(_) if refused.is_none() && path.exists() => Ok(Store::open(path, Some(&plan.district.id))?),
        Err(error) => Err(refused.unwrap_or_else(|| of_database(path, error))),
        Ok(store) => Ok(store),
    }
}

/// A failure of the database that names its file, which a plain error of reading or writing does not.
fn of_database(path: &Path, error: store::Error) -> Failure {
    let plain = matches!(error, store::Error::Failed(_));
    let failure = Failure::from(error);
    if !plain {
        return failure;
    }
    let (shown, Bilingual { zh, en }) = (path.display(), failure.message);
    Failure { message: Bilingual::new(format!("{shown}：{zh}"), format!("{shown}: {en}")), ..failure }
}

/// Whether the texts are those of the plan in force.
pub fn is_applied(store: &Store, texts: &Texts) -> Result<bool, Failure> {
    let [district, projects, scoring, targets] = store.plan_texts()?;
    Ok(Texts { district, projects, scoring, targets } == *texts)
}

/// The texts by the names that the store keeps them under.
pub fn named(texts: &Texts) -> [(&str, &str); 4] {
    [
        ("district", &texts.district),
        ("projects", &texts.projects),
        ("scoring", &texts.scoring),
        ("targets", &texts.targets),
    ]
}

/// What the folder's warnings are about: its plan with the records of the database where that plan is in force, else
/// with its first records, as a new database would hold them. The district's own database is never made here.
///
/// # Errors
/// The first records do not fit the plan.
pub fn judged(folder: &Folder, options: &Options, texts: &Texts, plan: &Plan) -> Result<Arc<Snapshot>, Failure> {
    let path = folder.database(options).ok().filter(|path| path.exists());
    let stored = path.and_then(|path| Store::open(&path, Some(&plan.district.id)).ok());
    if let Some(mut store) = stored.filter(|store| is_applied(store, texts).unwrap_or(false)) {
        return Ok(store.snapshot(options.as_of));
    }
    let scratch = tempfile::TempDir::new()?;
    let records = folder.bootstrap(plan)?;
    let mut store = create(&scratch.path().join("year.db"), texts, plan, &records)?;
    Ok(store.snapshot(options.as_of))
}

/// Warns that the folder is broken and the last good plan stays in force; the same in few words.
fn stale(errors: &[Diagnostic], lang: Lang) -> Bilingual {
    let first = errors.first();
    let (file, line) = first.map_or(("", 0), |e| (e.file.as_ref(), e.line));
    let n = errors.len();
    warn(
        &Bilingual::new(
            format!("{file} 第 {line} 行有错（共 {n} 处），仍用上次应用的计划；dukao check 逐条列出"),
            format!(
                "{file} line {line} is wrong ({n} errors); the last applied plan stays in force; dukao check lists them"
            ),
        ),
        lang,
    );
    Text::PlanBroken.both(&[&file, &line])
}

/// All errors of a folder on stderr, and exit 5; with `--json` stderr gets the one object of the failure alone.
pub fn invalid(errors: &[Diagnostic], lang: Lang, as_json: bool) -> Failure {
    let failure = broken(errors, lang, as_json);
    if as_json {
        failure
    } else {
        failure.next("改好后再试；dukao check 只检查不保存", "correct them; dukao check checks without saving")
    }
}

/// As [`invalid`], without what to do next.
pub fn broken(errors: &[Diagnostic], lang: Lang, as_json: bool) -> Failure {
    let n = errors.len();
    if as_json {
        let all = |lang| errors.iter().map(|e| place(e, lang)).collect::<Vec<_>>().join("\n");
        return Failure::new(FailureKind::Invalid, all(Lang::Zh), all(Lang::En));
    }
    // Without a stderr the exit code still says it.
    let _ = std::io::stderr().lock().write_all(super::output::safe(&plan::render_all(errors, lang)).as_bytes());
    Failure::new(FailureKind::Invalid, format!("计划有 {n} 处错误"), format!("the plan has {n} errors"))
}

fn place(e: &Diagnostic, lang: Lang) -> String {
    format!("{}:{}:{}: {}", e.file, e.line, e.column, e.message.in_lang(lang))
}
