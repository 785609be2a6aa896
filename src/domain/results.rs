//! 封存的结果. What sealing freezes of a round, as the results document holds it (`domain.md` §7).

use serde::{Deserialize, Serialize};

use super::board::UnitResults;
use super::district::RoundKind;
use super::panel::{BallotState, Panel};
use super::project::BoardKind;
use super::score::ProjectScore;
use super::scoring::{CompositeRule, RankRule};
use super::value::{Date, Points};

/// Both boards of one round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundUnits {
    /// 指挥部
    pub headquarters: UnitResults,
    /// 镇
    pub towns: UnitResults,
}

impl RoundUnits {
    /// The units of a board.
    #[must_use]
    pub fn of(&self, board: BoardKind) -> &UnitResults {
        match board {
            BoardKind::Headquarters => &self.headquarters,
            BoardKind::Towns => &self.towns,
        }
    }
}

/// What sealing freezes: inputs and results of a round with the rules that ranks need, by ids and codes. Its canonical
/// JSON is the results document, and the hash of that is the content hash: no instant, person or revision is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// Id of the round.
    pub round: String,
    /// 考核 or 观摩
    pub kind: RoundKind,
    /// D of the figures.
    pub as_of: Date,
    /// SHA-256 of `scoring.toml`.
    pub rules_sha256: String,
    /// Weights of the composite.
    pub composite: CompositeRule,
    /// How ranks follow from values.
    pub rank: RankRule,
    /// Ids of the criteria, in the order of the parts of a score.
    pub criteria: Vec<String>,
    /// 项目得分 by project, in plan order.
    pub scores: Vec<(String, ProjectScore)>,
    /// 观摩 panels by site, in order of visit.
    pub panels: Vec<(String, Panel)>,
    /// 打分票: site, judge, state, score.
    pub ballots: Vec<(String, String, BallotState, Option<Points>)>,
    /// 单位得分
    pub units: RoundUnits,
}

impl Results {
    /// Reads a results document.
    ///
    /// # Errors
    /// It is none.
    pub fn read(document: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(document)
    }
}
