//! `rectify`: one step of a rectification.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::folder::Opened;
use super::score::print_saved;
use crate::domain::change::{Change, Draft, Kind, Record, Subject};
use crate::domain::rectification::{Rectification, RectificationStep};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;
use crate::store::{Action, Error, Matter, may};

/// One step of a rectification.
#[derive(Debug, Args)]
pub struct Rectify {
    /// Id of the rectification
    id: String,
    /// Which step
    #[arg(value_enum)]
    step: Step,
    /// The new deadline, for `extend`
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    due: Option<Date>,
    /// Why; needed for `return` and `extend`
    #[arg(long, default_value = "")]
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// 签收: issued → accepted
    Accept,
    /// 开始: accepted → in progress
    Start,
    /// 申请销号: in progress → submitted
    Submit,
    /// 退回: submitted → in progress
    Return,
    /// 销号: submitted → closed, by another person than who submitted
    Close,
    /// 延期: a later deadline
    Extend,
}

fn step(args: &Rectify) -> Result<RectificationStep, Failure> {
    match (args.step, args.due) {
        (Step::Extend, Some(due)) => Ok(RectificationStep::Extend(due)),
        (Step::Extend, None) => {
            Err(Failure::usage("延期要写新期限", "extending needs the new deadline")
                .next("用 --due DATE", "--due DATE"))
        }
        (_, Some(_)) => Err(Failure::usage("只有 extend 用 --due", "--due belongs to extend alone")),
        (Step::Accept, None) => Ok(RectificationStep::Accept),
        (Step::Start, None) => Ok(RectificationStep::Start),
        (Step::Submit, None) => Ok(RectificationStep::Submit),
        (Step::Return, None) => Ok(RectificationStep::Return),
        (Step::Close, None) => Ok(RectificationStep::Close),
    }
}

fn stored<'a>(data: &'a Snapshot, id: &str) -> Option<&'a Rectification> {
    data.facts.rectifications.iter().find(|(key, _)| key == id).map(|(_, kept)| &kept.value)
}

/// Takes a rectification a step further and prints the entry number.
pub fn rectify(opened: &mut Opened, args: &Rectify) -> Result<(), Failure> {
    let step = step(args)?;
    let unknown = |data: &Snapshot| {
        let ids = data.facts.rectifications.iter().map(|(id, _)| id.as_str());
        let list = ("dukao rectifications 列出全部", "dukao rectifications lists them all");
        Failure::unknown("整改", "rectification", &args.id, ids, list)
    };
    let data = &opened.data;
    let Some(seen) = stored(data, &args.id) else { return Err(unknown(data)) };
    // Who may not take the step is told so first, wherever the rectification is.
    let seen = Record::Rectification(seen.clone());
    let matter = Matter::of_record(&data.plan, Kind::Rectification, &args.id, Some(&seen), data.today);
    may(&opened.actor, Action::Keep, &matter)?;
    let seqs = opened.store.save_from(&opened.actor, |data| {
        let before = stored(data, &args.id).ok_or_else(|| Error::Invalid(unknown(data).message))?;
        let after = before.step(step, data.today)?;
        let change = Change {
            subject: Subject::new(Kind::Rectification, &[&args.id]),
            before: Some(Record::Rectification(before.clone())),
            after: Some(Record::Rectification(after)),
            reason: args.reason.clone(),
        };
        Ok(vec![Draft { change, base: None }])
    })?;
    print_saved(opened, &seqs)
}
