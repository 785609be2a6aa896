//! 表. The kinds of table that come in.

use super::columns;
use super::headers::Mapping;
use super::line::Column;

/// 表. What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// `milestones.csv`
    Milestones,
    /// `progress.csv`
    Progress,
    /// `incidents.csv`
    Incidents,
    /// `rectifications.csv`
    Rectifications,
    /// `attractions.csv`
    Attractions,
    /// `indicators.csv`
    Indicators,
    /// `goals.csv`
    Goals,
    /// `scores.csv`
    Scores,
    /// `ballots.csv`
    Ballots,
    /// `rounds.csv`
    Rounds,
}

impl Sheet {
    /// Every kind, in the order in which an import reads them.
    pub const ALL: [Self; 10] = [
        Self::Milestones,
        Self::Progress,
        Self::Incidents,
        Self::Rectifications,
        Self::Attractions,
        Self::Indicators,
        Self::Goals,
        Self::Scores,
        Self::Ballots,
        Self::Rounds,
    ];

    /// The name of its file without `.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Milestones => "milestones",
            Self::Progress => "progress",
            Self::Incidents => "incidents",
            Self::Rectifications => "rectifications",
            Self::Attractions => "attractions",
            Self::Indicators => "indicators",
            Self::Goals => "goals",
            Self::Scores => "scores",
            Self::Ballots => "ballots",
            Self::Rounds => "rounds",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The kind that a file's name stands for, whatever folder it is in.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        Self::called(base.strip_suffix(".csv").unwrap_or(&base))
    }

    /// What a mapping names that is no column of this kind.
    #[must_use]
    pub fn unknown_field(self, mapping: &Mapping) -> Option<&str> {
        mapping.unknown(self.columns())
    }

    /// Its columns.
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::Milestones => columns::MILESTONES,
            Self::Progress => columns::PROGRESS,
            Self::Incidents => columns::INCIDENTS,
            Self::Rectifications => columns::RECTIFICATIONS,
            Self::Attractions => columns::ATTRACTIONS,
            Self::Indicators => columns::INDICATORS,
            Self::Goals => columns::GOALS,
            Self::Scores => columns::SCORES,
            Self::Ballots => columns::BALLOTS,
            Self::Rounds => columns::ROUNDS,
        }
    }
}
