//! What is odd in the records is warned about.

use super::*;

#[test]
fn the_sample_has_its_known_warnings() {
    let (state, lines) = (sample(), crate::plan::load_located(&Texts::sample()).expect("the sample").lines);
    let found = crate::plan::lints(&state, &lines);
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for w in &found {
        match counts.iter_mut().find(|c| c.0 == w.code) {
            Some(c) => c.1 += 1,
            None => counts.push((w.code, 1)),
        }
    }
    assert_eq!(
        counts,
        [
            ("quota-unresolved", 1),
            ("quota-implied", 1),
            ("quota-concentration", 1),
            ("quota-credits", 2),
            ("identical-values", 1),
            ("duplicate-label", 1),
            ("town-not-stated", 1),
            ("overdue-unreported", 1),
            ("progress-stale", 1),
            ("report-optimistic", 1),
            ("officer-missing", 1),
            ("round-pair-one-sided", 2),
            ("ballot-unconfirmed", 2),
            ("judge-outlier", 1),
            ("rectification-overdue", 4),
            ("provenance-assumed", 1),
        ]
    );
    // What the article printed agrees with the registry; with one more behind it would not.
    let files = file("milestones.csv", "project,milestone,done\nYB14-GY-005,试生产,");
    let (worse, _) = import(&state, &files, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let mismatch = crate::plan::lints(&worse, &lines);
    assert!(mismatch.iter().any(|w| w.code == "tally-mismatch" && w.message.en.contains("completed")));
}

#[test]
fn odd_records_are_warned_about() {
    let files = [
        file(
            "progress.csv",
            "project,date,percent,invested\nYB14-GY-003,2014-03-31,50,14亿元\nYB14-GY-003,2014-06-30,40,15亿元",
        ),
        file(
            "attractions.csv",
            "id,name,amount,received,signed,credits\nA1,甲,2亿元,3亿元,2014-07-05,\nA2,乙,1557万美元,,2014-07-05,DZ",
        ),
        file(
            "indicators.csv",
            "indicator,period,value,growth,city_growth,versus_city,provisional\ngdp,2014-Q1,30,9,10,above,yes",
        ),
    ]
    .concat();
    let (state, _) = import(&empty(), &files, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let lines = crate::plan::load_located(&Texts::sample()).expect("the sample").lines;
    let found: Vec<&str> = crate::plan::lints(&state, &lines).iter().map(|w| w.code).collect();
    for code in [
        "progress-regress",
        "plan-exceeds-total",
        "attraction-uncredited",
        "attraction-received",
        "attraction-currency",
        "indicator-contradiction",
        "indicator-provisional",
        "tally-mismatch",
    ] {
        assert!(found.contains(&code), "{code} is not in {found:?}");
    }
}
