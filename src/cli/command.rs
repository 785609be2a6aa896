//! 命令. Every command with what it takes, and what kind of command it is.

use std::path::PathBuf;

use clap::Subcommand;

use super::{
    access, ballot, care, doctor, export, import, json, keys, parser, rank, rectify, resolve, rounds, score, session,
    set, status,
};

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tallies, who is behind, what is due soon
    Status(status::Status),
    /// Table of projects
    Projects {
        /// Filter, e.g. "status:behind hq:GY"; `dukao projects 学校 lag>30`
        filter: Vec<String>,
    },
    /// One project's dossier with its score parts
    Project {
        /// Project id
        id: String,
        /// Round of its score and panel; default: the newest with scores
        #[arg(long)]
        round: Option<String>,
    },
    /// A leaderboard
    Rank(rank::Rank),
    /// Target tracking
    Targets {
        /// Only these
        #[arg(value_enum)]
        only: Option<json::Targets>,
    },
    /// The rectification ledger
    Rectifications {
        /// Filter, e.g. "hq:SZ left<0"
        filter: Vec<String>,
    },
    /// How a figure came about, down to rule and rounding
    Explain {
        /// project:ID, unit:CODE, panel:ID, quota:PLAN/UNIT, indicator:ID or goal:ID
        subject: String,
        /// Round of a project, unit or panel; default: the newest with scores
        #[arg(long)]
        round: Option<String>,
    },
    /// Scores of projects
    #[command(subcommand)]
    Score(score::Score),
    /// Ballots of a panel
    #[command(subcommand)]
    Ballot(ballot::Ballot),
    /// One step of a rectification
    Rectify(rectify::Rectify),
    /// Which unit an unknown name means
    #[command(subcommand)]
    Resolve(resolve::Resolve),
    /// Any other record, created or changed
    Set(set::Set),
    /// The life of a round
    #[command(subcommand)]
    Round(rounds::Round),
    /// Records from CSV files and workbooks
    Import(import::Import),
    /// A bulletin, the registry, scores, the ledger; for Word, Excel, a browser or another program
    Export(export::Export),
    /// What the child process runs that parses a workbook
    #[command(name = parser::COMMAND, hide = true)]
    ParseWorkbook,
    /// TOML against the database
    Plan {
        /// Apply what the folder states
        #[arg(long)]
        apply: bool,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Validate and lint the folder
    Check,
    /// The ledger, newest last
    History {
        /// Only entries of this record, project or round
        subject: Option<String>,
        /// At most so many; default: 200, with --json all
        #[arg(long)]
        limit: Option<usize>,
    },
    /// Integrity of the database and the ledger
    Verify {
        /// Head known from elsewhere, 12 to 64 hex digits
        #[arg(long)]
        anchor: Option<String>,
    },
    /// A copy of the database, consistent while people work, and verified
    Backup {
        /// Where to; an older backup there is replaced
        file: PathBuf,
    },
    /// Puts a backup in the place of the database, which is set aside
    Restore(care::Restore),
    /// Program, folder, database, ledger and plan: is all well
    Doctor(doctor::Args),
    /// SSH keys: whose key opens what
    #[command(subcommand)]
    Access(access::Access),
    /// What the forced command of an SSH key runs: the dashboard, or what the client asks for
    Session(session::Args),
    /// The key table of the dashboard
    Keys(keys::Keys),
    /// Completions of a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
    /// The manual page
    Man,
    /// Writes the sample district folder to start from
    Init {
        /// A folder that does not exist yet, or is empty
        dir: PathBuf,
    },
}

impl Command {
    /// Commands that save something, which `--as-of` forbids.
    pub fn writes(&self) -> bool {
        match self {
            Self::Score(_) | Self::Ballot(_) | Self::Rectify(_) | Self::Resolve(_) | Self::Set(_) => true,
            Self::Round(round) => round.writes(),
            Self::Import(import) => !import.dry_run,
            Self::Plan { apply, .. } => *apply,
            Self::Init { .. } | Self::Restore(_) => true,
            Self::Doctor(args) => args.repair,
            _ => false,
        }
    }

    /// Commands of whoever keeps the database, which write files that they name.
    pub fn keeps(&self) -> bool {
        match self {
            Self::Init { .. } | Self::Access(_) | Self::Backup { .. } | Self::Restore(_) => true,
            Self::Doctor(args) => args.repair,
            _ => false,
        }
    }

    /// Commands that open the database, and so look who it is.
    pub fn opens(&self) -> bool {
        !matches!(
            self,
            Self::Init { .. }
                | Self::Access(_)
                | Self::Check
                | Self::Doctor(_)
                | Self::Backup { .. }
                | Self::Restore(_)
                | Self::Session(_)
                | Self::Keys(_)
                | Self::Completions { .. }
                | Self::Man
                | Self::ParseWorkbook
        )
    }
}
