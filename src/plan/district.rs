//! `district.toml`: units, people, judges, rounds.

use std::collections::{HashMap, HashSet};

use super::Lines;
use super::reader::{Cell, Row, Seen};
use super::text::{is_code, is_login, nearest};
use crate::domain::district::{
    District, IdentitySource, Judge, LanguageChoice, Letterhead, Look, Person, ProjectIx, Role, RoundIx, RoundKind,
    RoundPlan, Unit, UnitIx, UnitKind,
};
use crate::domain::project::Project;
use crate::domain::value::Bilingual;

/// Units with their look-up by code.
#[derive(Clone)]
pub struct Units {
    /// In plan order.
    pub list: Vec<Unit>,
    by_code: HashMap<String, UnitIx>,
    /// Whether some may be missing because the parser refused a part of the file.
    partial: bool,
}

impl Units {
    /// The unit a value names by its code; another one is refused, with the nearest.
    pub fn named(&self, cell: &Cell<'_>) -> Option<UnitIx> {
        self.of_kinds(cell, &[])
    }

    /// As [`Units::named`], of one of some kinds; no kinds means any.
    pub fn of_kinds(&self, cell: &Cell<'_>, kinds: &[UnitKind]) -> Option<UnitIx> {
        let code = cell.text()?;
        self.code(cell, &code, kinds)
    }

    /// The unit with this code, which stands at that value.
    pub fn code(&self, cell: &Cell<'_>, code: &str, kinds: &[UnitKind]) -> Option<UnitIx> {
        let right = |u: &Unit| kinds.is_empty() || kinds.contains(&u.kind);
        match self.by_code.get(code) {
            Some(ix) if right(&self.list[ix.at()]) => return Some(*ix),
            Some(ix) => {
                let name = &self.list[ix.at()].name;
                let (zh, en) = match kinds {
                    [UnitKind::Headquarters] => ("指挥部", "a headquarters"),
                    [UnitKind::Town] => ("镇", "a town"),
                    _ => ("参加排名的单位", "of the right kind"),
                };
                cell.refuse(format!("{code}（{name}）不是{zh}"), format!("{code} ({name}) is not {en}"));
            }
            None if self.partial => {}
            None => {
                let named =
                    self.list.iter().find(|u| u.name == code || u.short == code || u.aliases.iter().any(|a| a == code));
                if let Some(u) = named {
                    cell.refuse_with(
                        format!("此处写单位代码，不写名称：{code}"),
                        format!("the code of the unit is expected, not its name: {code}"),
                        Bilingual::new(format!("写作 {}", u.code), format!("write {}", u.code)),
                    );
                } else {
                    let near = nearest(code, self.list.iter().map(|u| u.code.as_str()));
                    let fits: Vec<&str> = match near {
                        Some(near) => vec![near],
                        None => self.list.iter().filter(|u| right(u)).map(|u| u.code.as_str()).collect(),
                    };
                    cell.unknown(code, "单位代码", "unit code", fits);
                }
            }
        }
        None
    }

    /// A list of units.
    pub fn list_of(&self, cell: Option<Cell<'_>>) -> Vec<UnitIx> {
        let cells = cell.map_or_else(Vec::new, |c| c.list());
        let mut units = Vec::new();
        for c in cells {
            if let Some(u) = self.named(&c) {
                if units.contains(&u) {
                    c.refuse("单位重复", "the unit is named twice");
                }
                units.push(u);
            }
        }
        units
    }
}

/// The units, which everything else refers to.
pub fn units(root: &Row<'_>, lines: &mut Lines) -> Units {
    let mut list = Vec::new();
    let mut by_code = HashMap::new();
    let mut seen = Seen::default();
    let mut names: HashMap<String, usize> = HashMap::new();
    for (place, row) in root.rows("unit").iter().enumerate() {
        let code = row
            .required("code")
            .and_then(|c| c.formed(is_code, Bilingual::new("1–8 个大写字母或数字", "1 to 8 capital letters or digits")))
            .unwrap_or_default();
        seen.note(row, "code", &code);
        lines.note(row, "unit", &code);
        let kind = row.word(
            "kind",
            &[
                ("headquarters", UnitKind::Headquarters),
                ("town", UnitKind::Town),
                ("bureau", UnitKind::Bureau),
                ("office", UnitKind::Office),
                ("area", UnitKind::Area),
            ],
        );
        let name = row.name("name");
        let short = row.optional("short").and_then(|c| c.name()).unwrap_or_else(|| name.clone());
        let mut unique = |cell: &Cell<'_>, text: &str| {
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            if !plain.is_empty() && *names.entry(plain).or_insert(place) != place {
                cell.refuse(format!("名称已属另一单位：{text}"), format!("the name belongs to another unit: {text}"));
            }
        };
        for key in ["code", "name", "short"] {
            if let Some(c) = row.optional(key)
                && let Some(text) = c.as_text()
            {
                unique(&c, text);
            }
        }
        let mut aliases = Vec::new();
        for c in row.optional("aliases").map_or_else(Vec::new, |c| c.list()) {
            if let Some(alias) = c.name() {
                unique(&c, &alias);
                aliases.push(alias);
            }
        }
        let rankable = matches!(kind, Some(UnitKind::Headquarters | UnitKind::Town));
        let ranked = row.optional("ranked").and_then(|c| {
            let ranked = c.flag()?;
            if ranked && kind.is_some() && !rankable {
                c.refuse("只有指挥部和镇参加排名", "only headquarters and towns are ranked");
            }
            Some(ranked)
        });
        let name_en = row.optional("name_en").and_then(|c| c.name());
        row.finish();
        by_code.entry(code.clone()).or_insert(UnitIx(u16::try_from(place).unwrap_or(u16::MAX)));
        list.push(Unit {
            code,
            kind: kind.unwrap_or(UnitKind::Office),
            name,
            short,
            name_en,
            aliases,
            ranked: ranked.unwrap_or(rankable),
        });
    }
    by_code.remove("");
    Units { list, by_code, partial: root.source.is_broken() }
}

/// Projects that rounds may visit.
pub struct Sites<'p> {
    by_id: HashMap<&'p str, ProjectIx>,
    partial: bool,
}

impl<'p> Sites<'p> {
    /// Of these projects; `partial` where the parser refused a part of their file.
    pub fn new(projects: &'p [Project], partial: bool) -> Self {
        Self { by_id: (0_u32..).zip(projects).map(|(i, p)| (p.id.as_str(), ProjectIx(i))).collect(), partial }
    }
}

fn words(row: &Row<'_>, key: &'static str, choices: &[(&'static str, &'static str)]) -> Option<String> {
    row.optional(key).and_then(|c| c.word(choices)).map(str::to_owned)
}

/// The rest of the district. The cells of the judges' groups come along: the rule set decides on them.
pub fn read<'s>(
    root: &Row<'s>,
    units: Units,
    sites: &Sites<'_>,
    lines: &mut Lines,
) -> (District, Vec<(usize, Cell<'s>)>) {
    if let Some(c) = root.required("schema") {
        c.whole::<u8>(1..=1);
    }
    let id = root.id("id").unwrap_or_default();
    let name = root.name("name");
    let name_en = root.optional("name_en").and_then(|c| c.name());
    let year = root.required("year").and_then(|c| c.whole(1900..=2200)).unwrap_or_default();
    let sample = root.optional("sample").and_then(|c| c.flag()).unwrap_or_default();
    let today = root.optional("today").and_then(|c| c.date());
    let database = root.text("database");
    let language = root.optional("language").and_then(|c| {
        c.word(&[("auto", LanguageChoice::Auto), ("zh", LanguageChoice::Zh), ("en", LanguageChoice::En)])
    });
    let identity = root.optional("identity").and_then(|c| {
        c.word(&[("local", IdentitySource::Local), ("ssh", IdentitySource::Ssh), ("sudo", IdentitySource::Sudo)])
    });
    let bootstrap =
        root.optional("bootstrap").map_or_else(Vec::new, |c| c.list().iter().filter_map(Cell::name).collect());
    let look = root.optional("ui").and_then(|c| c.row()).map_or_else(Look::default, |row| {
        let look = Look {
            skin: words(&row, "skin", &[("auto", "auto"), ("safe", "safe"), ("line", "line")]),
            theme: words(&row, "theme", &[("default", "default"), ("light", "light"), ("mono", "mono")]),
            grid_enter: words(&row, "grid_enter", &[("down", "down"), ("right", "right")]),
        };
        row.finish();
        look
    });
    let bulletin =
        root.optional("bulletin").and_then(|c| c.row()).map_or_else(Letterhead::default, |row| letterhead(&row));
    let persons = persons(root, &units, lines);
    let (judges, groups) = judges(root, &units, lines);
    let rounds = rounds(root, sites, lines);
    root.finish();
    let district = District {
        id,
        name,
        name_en,
        year,
        sample,
        today,
        database,
        language: language.unwrap_or_default(),
        identity: identity.unwrap_or_default(),
        bootstrap,
        look,
        bulletin,
        units: units.list,
        persons,
        judges,
        rounds,
    };
    (district, groups)
}

/// What stands above and below a bulletin.
fn letterhead(row: &Row<'_>) -> Letterhead {
    let one = |key| row.optional(key).and_then(|c| c.name());
    let several = |key| row.optional(key).map_or_else(Vec::new, |c| c.list().iter().filter_map(Cell::name).collect());
    let head = Letterhead {
        masthead: one("masthead"),
        issuer: one("issuer"),
        number: one("number"),
        to: several("to"),
        copies: several("copies"),
    };
    row.finish();
    head
}

fn persons(root: &Row<'_>, units: &Units, lines: &mut Lines) -> Vec<Person> {
    let mut seen = Seen::default();
    let mut uids = HashSet::new();
    let mut persons = Vec::new();
    for row in root.rows("person") {
        let login = row
            .required("login")
            .and_then(|c| {
                c.formed(
                    is_login,
                    Bilingual::new(
                        "小写字母开头，其后小写字母、数字、_ 或 -，最多 32 个",
                        "a small letter, then small letters, digits, _ or -, at most 32",
                    ),
                )
            })
            .unwrap_or_default();
        seen.note(&row, "login", &login);
        lines.note(&row, "person", &login);
        let name = row.name("name");
        let mut roles = Vec::new();
        for c in row.required("roles").map_or_else(Vec::new, |c| c.list()) {
            let role = c.word(&[
                ("viewer", Role::Viewer),
                ("scorer", Role::Scorer),
                ("clerk", Role::Clerk),
                ("chief", Role::Chief),
                ("auditor", Role::Auditor),
            ]);
            if let Some(role) = role {
                if roles.contains(&role) {
                    c.refuse("角色重复", "the role is named twice");
                }
                roles.push(role);
            }
        }
        let scope = units.list_of(row.optional("units"));
        let home_unit = row.optional("home_unit").and_then(|c| units.named(&c));
        let uid = row.optional("uid").and_then(|c| {
            let uid: u32 = c.whole(0..=i64::from(u32::MAX) - 1)?;
            if !uids.insert(uid) {
                c.refuse(format!("两人同用 uid {uid}"), format!("two persons with uid {uid}"));
            }
            Some(uid)
        });
        row.finish();
        persons.push(Person { login, name, roles, units: scope, home_unit, uid });
    }
    persons
}

fn judges<'s>(root: &Row<'s>, units: &Units, lines: &mut Lines) -> (Vec<Judge>, Vec<(usize, Cell<'s>)>) {
    let mut seen = Seen::default();
    let (mut judges, mut groups) = (Vec::new(), Vec::new());
    for row in root.rows("judge") {
        let id = row.id("id").unwrap_or_default();
        seen.note(&row, "id", &id);
        lines.note(&row, "judge", &id);
        let label = row.name("label");
        let group_cell = row.optional("group");
        let group = group_cell.as_ref().and_then(Cell::name);
        // A judge without group is told off at his id.
        if let Some(cell) = group_cell.or_else(|| row.optional("id")) {
            groups.push((judges.len(), cell));
        }
        let home_unit = row.optional("home_unit").and_then(|c| units.named(&c));
        row.finish();
        judges.push(Judge { id, label, group, home_unit });
    }
    (judges, groups)
}

fn rounds(root: &Row<'_>, sites: &Sites<'_>, lines: &mut Lines) -> Vec<RoundPlan> {
    let rows = root.rows("round");
    let mut seen = Seen::default();
    let kinds = [("assessment", RoundKind::Assessment), ("observation", RoundKind::Observation)];
    let heads: Vec<(String, Option<RoundKind>)> =
        rows.iter().map(|r| (r.id("id").unwrap_or_default(), r.word("kind", &kinds))).collect();
    let named = |cell: Cell<'_>| {
        let id = cell.text()?;
        let found = heads.iter().position(|h| h.0 == id);
        if found.is_none() && !root.source.is_broken() {
            cell.unknown(&id, "轮次", "round", heads.iter().map(|h| h.0.as_str()));
        }
        found.and_then(|i| u16::try_from(i).ok()).map(RoundIx)
    };
    let mut rounds: Vec<RoundPlan> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let (id, kind) = heads[place].clone();
        seen.note(row, "id", &id);
        lines.note(row, "round", &id);
        let name = row.name("name");
        let name_en = row.optional("name_en").and_then(|c| c.name());
        let (from, to, as_of) = (row.date("from"), row.date("to"), row.date("as_of"));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            row.refuse(format!("{from} 至 {to}：起晚于止"), format!("from {from} is after to {to}"));
        }
        if let (Some(from), Some(as_of)) = (from, as_of)
            && from > as_of
        {
            row.refuse(format!("as_of {as_of} 早于 from {from}"), format!("as_of {as_of} is before from {from}"));
        }
        let pair = row.optional("pair").and_then(|c| {
            let pair = named(c.clone())?;
            let other = heads[pair.at()].1;
            if kind.is_some() && other == kind {
                c.refuse("配对轮次须为另一类（考核配观摩）", "a pair is one assessment and one observation");
            }
            Some(pair)
        });
        let previous = row.optional("previous").and_then(|c| {
            let previous = named(c.clone())?;
            if previous.at() == place {
                c.refuse("上一轮不能是本轮", "a round is not its own previous one");
            }
            Some(previous)
        });
        let cell = row.optional("projects");
        let mut visited: Vec<ProjectIx> = Vec::new();
        match (&cell, kind) {
            (Some(c), Some(RoundKind::Assessment)) => {
                c.refuse("只有观摩轮次有现场", "only an observation has sites");
            }
            (None, Some(RoundKind::Observation)) if !root.source.is_broken() => {
                row.refuse("观摩轮次缺 projects（现场）", "an observation needs projects, its sites");
            }
            _ => {}
        }
        if let Some(c) = cell {
            let cells = c.list();
            if cells.is_empty() && kind == Some(RoundKind::Observation) {
                c.refuse("观摩轮次至少一个现场", "an observation has at least one site");
            }
            for c in cells {
                let Some(id) = c.text() else { continue };
                match sites.by_id.get(id.as_str()) {
                    Some(ix) if visited.contains(ix) => {
                        c.refuse(format!("现场重复：{id}"), format!("the site is named twice: {id}"));
                    }
                    Some(ix) => visited.push(*ix),
                    None if sites.partial => {}
                    None => c.unknown(&id, "项目", "project", sites.by_id.keys().copied()),
                }
            }
        }
        row.finish();
        rounds.push(RoundPlan {
            id,
            kind: kind.unwrap_or(RoundKind::Assessment),
            name,
            name_en,
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
            as_of: as_of.unwrap_or_default(),
            pair,
            previous,
            sites: visited,
        });
    }
    for (place, row) in rows.iter().enumerate() {
        let Some(pair) = rounds[place].pair else { continue };
        let back = rounds.get(pair.at()).and_then(|r| r.pair);
        if back.is_some_and(|b| b.at() != place)
            && let Some(c) = row.optional("pair")
        {
            let other = &rounds[pair.at()].id;
            c.refuse(format!("{other} 与另一轮次配对"), format!("{other} is paired with another round"));
        }
    }
    rounds
}
