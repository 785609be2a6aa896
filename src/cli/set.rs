//! `set`: any record that has no command of its own, field by field.

use clap::Args;

use super::failure::Failure;
use super::folder::Opened;
use super::score::print_saved;
use crate::domain::change::{Change, Draft, Kind, Subject};
use crate::domain::value::Bilingual;
use crate::exchange::{self, BadRow, Sheet};
use crate::store::{Action, Error, Matter, may};

/// Any other record, created or changed.
#[derive(Debug, Args)]
pub struct Set {
    /// milestone, progress, incident, rectification, attraction, indicator or goal
    kind: String,
    /// Its key: PROJECT/MILESTONE, PROJECT/DATE, ID, INDICATOR/PERIOD or GOAL/DATE
    key: String,
    /// Fields as the columns of its CSV file; an empty value clears one, the others stay as they are
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Takes the record back as a whole; needs a reason
    #[arg(long, conflicts_with = "fields")]
    withdraw: bool,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
    /// Refuse unless this is the record's newest entry; 0 = none yet
    #[arg(long, value_name = "SEQ")]
    base: Option<u64>,
}

fn sheet(args: &Set) -> Result<Sheet, Failure> {
    let kinds = Sheet::EDITED.map(|s| s.kind().name());
    // Its kind, or what its sheet is called in Chinese.
    let chinese = Sheet::of_tab(&args.kind).filter(|_| !args.kind.is_ascii());
    let named = |s: &Sheet| s.kind().name() == args.kind || chinese == Some(*s);
    if let Some(sheet) = Sheet::EDITED.into_iter().find(named) {
        return Ok(sheet);
    }
    if let Some((_, zh, en)) = [
        (Kind::Score, "评分用 dukao score set", "scores: dukao score set"),
        (Kind::Ballot, "打分票用 dukao ballot set", "ballots: dukao ballot set"),
        (Kind::Round, "轮次用 dukao round", "rounds: dukao round"),
        (Kind::Resolution, "名称认定用 dukao resolve", "names: dukao resolve"),
        (Kind::Plan, "计划用 dukao plan --apply", "the plan: dukao plan --apply"),
        (Kind::Restore, "恢复用 dukao restore", "a restore: dukao restore"),
    ]
    .into_iter()
    .find(|(kind, ..)| kind.name() == args.kind)
    {
        return Err(Failure::usage(zh, en));
    }
    let list = kinds.join(" ");
    let list = (&*format!("有：{list}"), &*format!("there are {list}"));
    Err(Failure::unknown("记录类别", "kind of record", &args.kind, kinds, list))
}

/// The fields that were given, each known and named once.
fn fields(sheet: Sheet, args: &Set) -> Result<Vec<(String, String)>, Failure> {
    let known = sheet.fields();
    let list = known.join(" ");
    let mut given: Vec<(String, String)> = Vec::new();
    for field in &args.fields {
        let Some((name, value)) = field.split_once('=') else {
            return Err(Failure::usage(format!("「{field}」要写成 字段=值"), format!("{field:?} is not FIELD=VALUE"))
                .next(format!("字段：{list}"), format!("fields: {list}")));
        };
        let name = sheet.field_named(name).unwrap_or(name.trim());
        if sheet == Sheet::Rectifications && ["state", "closed"].contains(&name) {
            return Err(Failure::usage("状态和销号日由步骤改变", "state and closing day change by steps")
                .next("用 dukao rectify", "use dukao rectify"));
        }
        if !known.contains(&name) {
            let list = (&*format!("字段：{list}"), &*format!("fields: {list}"));
            return Err(Failure::unknown("字段", "field", name, known, list));
        }
        if given.iter().any(|(other, _)| other == name) {
            return Err(Failure::usage(format!("字段 {name} 写了两次"), format!("the field {name} is there twice")));
        }
        given.push((name.to_owned(), value.to_owned()));
    }
    if given.is_empty() && !args.withdraw {
        return Err(Failure::usage("没有写要改的字段", "no field to set").next(
            format!("字段：{list}；或 --withdraw 撤回整条"),
            format!("fields: {list}; or --withdraw to take the record back"),
        ));
    }
    Ok(given)
}

/// Every field that does not fit, one a line.
fn misfits(bad: &[BadRow]) -> Bilingual {
    // The field is named as it is typed, too.
    let both = |field: &str| match exchange::chinese(field) {
        same if same == field => field.to_owned(),
        zh => format!("{zh}（{field}）"),
    };
    let line = |b: &BadRow, column: &str, reason: &str| format!("{column}「{}」 {reason}", b.value);
    let zh: Vec<String> = bad.iter().map(|b| line(b, &both(&b.column), &b.reason.zh)).collect();
    let en: Vec<String> = bad.iter().map(|b| line(b, &b.column, &b.reason.en)).collect();
    Bilingual::new(zh.join("\n"), en.join("\n"))
}

/// Creates or changes one record, or takes it back, and prints the entry number.
pub fn set(opened: &mut Opened, args: &Set) -> Result<(), Failure> {
    let sheet = sheet(args)?;
    let fields = fields(sheet, args)?;
    let key = sheet.key_parts(&args.key).ok_or_else(|| {
        let form = sheet.key_form();
        Failure::usage(
            format!("「{}」不是 {} 的键", args.key, args.kind),
            format!("{:?} is not the key of a {}", args.key, args.kind),
        )
        .next(format!("写成 {form}"), format!("write {form}"))
    })?;
    let key = exchange::kept_key(&opened.data.plan, &key);
    let parts: Vec<&str> = key.iter().map(|(_, part)| part.as_str()).collect();
    let subject = Subject::new(sheet.kind(), &parts);
    if args.withdraw && exchange::current(&opened.data, &subject).is_none() {
        let (kind, key) = (&args.kind, &subject.key);
        return Err(Failure::usage(format!("没有 {kind} 记录「{key}」"), format!("there is no {kind} {key:?}"))
            .next(format!("dukao history {kind} 列出全部"), format!("dukao history {kind} lists them all")));
    }
    // Who may not keep the record hears that before anything about its values. Whose a new one is, its values will say.
    let (plan, before) = (&opened.data.plan, exchange::current(&opened.data, &subject));
    let mut matter = Matter::of_record(plan, sheet.kind(), &subject.key, before.as_ref(), opened.data.today);
    if before.is_none() && matter.units.is_empty() {
        matter.units.clone_from(&opened.actor.units);
    }
    may(&opened.actor, Action::Keep, &matter)?;
    let seqs = opened.store.save_from(&opened.actor, |data| {
        let (subject, after) = if args.withdraw {
            (subject.clone(), None)
        } else {
            exchange::edited(sheet, &key, &fields, data).map_err(|bad| Error::Invalid(misfits(&bad)))?
        };
        let before = exchange::current(data, &subject);
        let change = Change { subject, before, after, reason: args.reason.clone() };
        Ok(vec![Draft { change, base: args.base }])
    });
    let seqs = seqs.map_err(Failure::from).map_err(|failure| {
        if failure.name != Some("invalid") {
            return failure;
        }
        let (kind, key) = (&args.kind, &args.key);
        let (zh, en) =
            (format!("{kind} {key} {}", failure.message.zh), format!("{kind} {key}: {}", failure.message.en));
        Failure { message: Bilingual::new(zh, en), ..failure }
    })?;
    print_saved(opened, &seqs)
}
