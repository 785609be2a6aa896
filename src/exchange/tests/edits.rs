//! One reader of records: what is stored reads back as it is.

use super::*;

#[test]
fn a_record_with_nothing_changed_reads_back_as_it_is() {
    let state = sample();
    let mut read = 0;
    for sheet in Sheet::EDITED {
        for key in keys(&state, sheet) {
            let parts = sheet.key_parts(&key).expect("a key");
            let (subject, after) = edited(sheet, &parts, &[], &state).unwrap_or_else(|bad| panic!("{key}: {bad:?}"));
            assert_eq!((&subject.key, subject.kind), (&key, sheet.kind()));
            assert!(after.is_some() && after == current(&state, &subject), "{key}: {after:?}");
            read += 1;
        }
    }
    assert!(read > 300, "only {read} records");
}

/// Keys of all records of a sheet.
fn keys(state: &Snapshot, sheet: Sheet) -> Vec<String> {
    fn of<T>(list: &Keyed<T>) -> Vec<String> {
        list.iter().map(|(key, _)| key.clone()).collect()
    }
    let (plan, facts) = (&state.plan, &state.facts);
    let of_project = |ix: ProjectIx, last: &str| format!("{}/{last}", plan.project(ix).id);
    match sheet {
        Sheet::Milestones => {
            let done = |ix| plan.milestones(ix).iter().zip(state.done(ix)).filter(|(_, done)| done.is_some());
            plan.project_ixs().flat_map(|ix| done(ix).map(move |(m, _)| of_project(ix, &m.name))).collect()
        }
        Sheet::Progress => {
            let reports = |ix: ProjectIx| facts.progress[ix.at()].iter();
            plan.project_ixs()
                .flat_map(|ix| reports(ix).map(move |(day, _)| of_project(ix, &day.to_string())))
                .collect()
        }
        Sheet::Incidents => of(&facts.incidents),
        Sheet::Rectifications => of(&facts.rectifications),
        Sheet::Attractions => of(&facts.attractions),
        Sheet::Indicators => of(&facts.indicators),
        Sheet::Goals => of(&facts.goals),
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => Vec::new(),
    }
}
