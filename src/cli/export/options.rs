//! What the options of an export mean together: the format, and which of them have no meaning.

use clap::ValueEnum as _;

use super::{Export, Failure, Format, What};

impl Export {
    /// Refuses an option that has no meaning for what is exported: left unused it would only seem to be heard.
    pub(super) fn meant(&self, format: Format) -> Result<(), Failure> {
        let (what, kind) = (self.what.name(), self.what);
        let sheet = kind == What::Scores && format == Format::Xlsx;
        let given = [
            ("--round", self.round.is_some(), !matches!(kind, What::Projects | What::Ledger | What::Notice)),
            ("--subject", self.subject.is_some(), matches!(kind, What::BallotSheet | What::Notice | What::Dossier)),
            ("--headquarters", self.headquarters.is_some(), sheet),
            ("--number", self.number.is_some(), kind == What::Bulletin),
        ];
        match given.into_iter().find(|(_, given, means)| *given && !means) {
            Some((option, ..)) => Err(Failure::usage(
                format!("导出 {what}（{}）用不上 {option}", format.name()),
                format!("{option} means nothing for {what} ({})", format.name()),
            )
            .next(format!("去掉 {option}"), format!("leave {option} out"))),
            None => Ok(()),
        }
    }

    /// The format that was asked for, or that the name of the file means.
    pub(super) fn format(&self, as_json: bool) -> Result<Format, Failure> {
        let ending = self.output.as_ref().and_then(|path| path.extension()?.to_str()).map(str::to_ascii_lowercase);
        let by_name = || Format::from_str(ending.as_deref()?, true).ok();
        let list = self.what.formats().iter().map(|f| f.name()).collect::<Vec<_>>().join(" | ");
        let format = self.format.or_else(|| as_json.then_some(Format::Json)).or_else(by_name).ok_or_else(|| {
            match ending.as_deref() {
                Some("pdf") => Failure::usage("不直接导出 pdf", "there is no pdf export").next(
                    format!("可用：{list}；docx、xlsx、html 打开后可打印或另存为 PDF"),
                    format!("there are: {list}; docx, xlsx and html can be printed as PDF"),
                ),
                Some(other) => Failure::usage(format!("不能导出成 {other}"), format!("there is no {other} export"))
                    .next(format!("写 --format {list}"), format!("say --format {list}")),
                None => Failure::usage("没有写导出成什么格式", "the format of the export is missing")
                    .next(format!("写 --format {list}"), format!("say --format {list}")),
            }
        })?;
        if self.what.formats().contains(&format) {
            return Ok(format);
        }
        let (what, name) = (self.what.name(), format.name());
        Err(Failure::usage(format!("{what} 不能导出成 {name}"), format!("{what} has no {name} form"))
            .next(format!("可用：--format {list}"), format!("there are: --format {list}")))
    }
}
