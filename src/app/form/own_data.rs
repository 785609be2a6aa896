//! 项目本身. What the plan says of a project, and in which line: it is changed in its file, and only read here.

use crate::app::App;
use crate::app::modal::Modal;
use crate::app::msg::Effect;
use crate::app::sheet::Sheet;
use crate::domain::district::{ProjectIx, UnitIx};
use crate::domain::project::Status;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Money};
use crate::store::Request;
use crate::text::Text;

impl App {
    /// Shows what the plan says of a project; the store is asked for the line.
    pub(in crate::app) fn show_own_data(&mut self, project: ProjectIx, data: &Snapshot) -> Vec<Effect> {
        self.modal = Some(Modal::Sheet(own_data(project, None, data)));
        vec![Effect::Send(Request::PlanLine(format!("project/{}", data.plan.project(project).id)))]
    }

    /// The store says where a project stands in its file.
    pub(in crate::app) fn own_data_located(&mut self, key: &str, place: Option<(&'static str, u32)>) {
        let (Some(data), Some(Modal::Sheet(shown))) = (&self.data, &mut self.modal) else { return };
        let project = key.strip_prefix("project/").and_then(|id| data.plan.project_ix(id));
        if let Some(project) = project.filter(|p| shown.title == title(*p, data)) {
            shown.lines = own_data(project, place, data).lines;
        }
    }
}

fn title(project: ProjectIx, data: &Snapshot) -> Bilingual {
    Text::FormOwnDataOf.both(&[&data.plan.short_id(&data.plan.project(project).id)])
}

fn same(text: impl Into<String>) -> Bilingual {
    let text = text.into();
    Bilingual::new(text.clone(), text)
}

/// A project's own data stands in the plan, which is changed in its file: what there is, and where.
fn own_data(project: ProjectIx, place: Option<(&'static str, u32)>, data: &Snapshot) -> Sheet {
    let plan = &data.plan;
    let p = plan.project(project);
    let money = |m: Option<Money>| m.map_or_else(|| "--".to_owned(), Money::exact);
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "--".to_owned());
    let units = |all: Vec<(UnitIx, u16)>| {
        let names: Vec<&str> = all.iter().map(|(u, _)| plan.unit(*u).name.as_str()).collect();
        if names.is_empty() { "--".to_owned() } else { names.join("、") }
    };
    // The line is the store's to say; until it has, the file is known.
    let place = place.map_or_else(|| "projects.toml".to_owned(), |(file, line)| format!("{file}:{line}"));
    let mut lines = vec![
        Text::FormPlanFile.both(&[&place, &p.id]),
        Bilingual::default(),
        same(format!("name = {}", p.name)),
        same(format!("headquarters = {}", plan.unit(p.headquarters).name)),
        same(format!("town = {}", units(p.towns.clone()))),
        same(format!("total_investment = {}", money(p.total_investment))),
        same(format!("annual_plan = {}", money(p.annual_plan))),
        same(format!("owner = {}", text(&p.owner))),
        same(format!("contractor = {}", text(&p.contractor))),
        same(format!("service_officer = {}", text(&p.service_officer))),
        same(format!("note = {}", text(&p.note))),
    ];
    lines.extend(plan.milestones(project).iter().map(|m| same(format!("milestone = {} {}", m.due, m.name))));
    if data.standing(project).status == Status::Excluded {
        lines.push(same(format!("state_reason = {}", text(&p.state_reason))));
    }
    Sheet::new(title(project, data), lines)
}
