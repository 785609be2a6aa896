//! `score set`: one score.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::folder::{Opened, warn};
use super::json;
use super::projects::{known_project, known_round};
use crate::domain::change::{Change, Draft, Record, Refusal, Subject};
use crate::domain::scoring::{Basis, ScoreRecord};
use crate::domain::snapshot::Kept;
use crate::domain::value::{Bilingual, Points};
use crate::store::{Action, Matter, may};

/// Scores of projects.
#[derive(Debug, Subcommand)]
pub enum Score {
    /// One score; `none` clears it
    Set(Set),
}

/// One score.
#[derive(Debug, Args)]
pub struct Set {
    /// Round id
    round: String,
    /// Project id
    project: String,
    /// Criterion id
    criterion: String,
    /// Points, `n/a`, or `none`
    #[arg(allow_negative_numbers = true)]
    points: String,
    /// Why; needed for `n/a`, and from a chief who is not also a scorer of the project
    #[arg(long, default_value = "")]
    reason: String,
    /// Refuse unless this is the record's newest entry; 0 = none yet
    #[arg(long, value_name = "SEQ")]
    base: Option<u64>,
}

/// What was typed for a score.
enum Typed {
    Points(Points),
    NotApplicable,
    Cleared,
}

fn typed(text: &str) -> Result<Typed, Refusal> {
    match text.to_lowercase().as_str() {
        "n/a" => Ok(Typed::NotApplicable),
        "none" => Ok(Typed::Cleared),
        _ => Ok(Typed::Points(Points::score(text)?)),
    }
}

/// What was refused: project, criterion and value, then why.
fn refused(set: &Set, label: &str, refusal: Refusal) -> Failure {
    let failure = Failure::from(refusal);
    let Set { project, criterion, points, .. } = set;
    let message = Bilingual::new(
        format!("{project} {label} {points} {}", failure.message.zh),
        format!("{project} {criterion} {points}: {}", failure.message.en),
    );
    let failure = Failure { message, ..failure };
    match refusal {
        Refusal::NotANumber | Refusal::TooFine => failure
            .next("分数如 4.5，不适用写 n/a，清除写 none", "points like 4.5, n/a for not applicable, none to clear"),
        Refusal::NoteNeeded => failure.next("用 --reason 写理由", "give it with --reason"),
        _ => failure,
    }
}

/// Saves one score and prints its entry number.
pub fn score(opened: &mut Opened, command: &Score) -> Result<(), Failure> {
    let Score::Set(set) = command;
    let data = &opened.data;
    let round = known_round(data, &set.round)?;
    let project = known_project(data, &set.project)?;
    let id = data.plan.project(project).id.as_str();
    let rules = &data.plan.rules;
    let criterion = rules.criterion(&set.criterion).ok_or_else(|| {
        let ids: Vec<&str> = rules.criteria.iter().map(|c| c.id.as_str()).collect();
        let list = ids.join(" ");
        Failure::unknown(
            "评分项",
            "criterion",
            &set.criterion,
            ids,
            (&format!("有：{list}"), &format!("there are {list}")),
        )
    })?;
    // Who may not score hears that before anything about the value.
    let matter = Matter::in_round(&data.plan, round, id, data.round_state(round));
    may(&opened.actor, Action::Score, &Matter { reason: true, ..matter })?;
    let entry = |points| data.score_entry(round, project, criterion, points, &set.reason).map(Some);
    let after = typed(&set.points).and_then(|typed| match typed {
        Typed::Points(points) => entry(Some(points)),
        Typed::NotApplicable => entry(None),
        Typed::Cleared => Ok(None),
    });
    let after = after.map_err(|refusal| refused(set, &rules.criteria[criterion].label, refusal))?;
    let kept: Option<&Kept<ScoreRecord>> = data.facts.scores[round.at()].get(&(project, criterion));
    let change = Change {
        subject: Subject::score(&set.round, id, &set.criterion),
        before: kept.map(|k| Record::Score(k.value.clone())),
        after: after.map(Record::Score),
        reason: set.reason.clone(),
    };
    let override_of = match &change.after {
        Some(Record::Score(s)) if s.basis == Basis::Override && set.reason.trim().is_empty() => s.suggestion,
        _ => None,
    };
    let drafts = vec![Draft { change, base: set.base }];
    save(opened, &drafts)?;
    if let Some(derived) = override_of {
        let derived = derived.short();
        let said = Bilingual::new(
            format!("与推算 {derived} 不同，没有写理由：以后看不出为什么；加 --reason 再存一次"),
            format!("it differs from the derived {derived} and has no reason: save it again with --reason"),
        );
        warn(&said, opened.out.lang);
    }
    Ok(())
}

/// Saves drafts as one operation and prints what became of them.
pub fn save(opened: &mut Opened, drafts: &[Draft]) -> Result<(), Failure> {
    let seqs = opened.store.save(&opened.actor, drafts, None)?;
    print_saved(opened, &seqs)
}

/// `saved #1234`, or `saved #1234-#1240` for several.
pub fn print_saved(opened: &Opened, seqs: &[u64]) -> Result<(), Failure> {
    if opened.options.json {
        return opened.out.json(&json::saved(seqs));
    }
    match seqs {
        [] => opened.out.lines(&[opened.out.say("没有变化", "nothing changed")]),
        [one] => opened.out.lines(&[format!("saved #{one}")]),
        [first, .., last] => opened.out.lines(&[format!("saved #{first}-#{last}")]),
    }
}
