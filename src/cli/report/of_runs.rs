//! [`OfRuns`]: run records → view and pictures.

use super::command::Reported;
use super::csv::Rows;
use super::notebook::{self, Cell};
use crate::cli::error::CliError;
use crate::cli::runs::compare::{Compared, Group, Shown, different_data, different_split};
use crate::cli::runs::facts::facts;
use crate::cli::runs::list::time;
use crate::pages::{
    Column, Part, Pictures, RunHead, RunsView, TableView, Templates, curves, over_runs,
};
use crate::report::view::FigureView;
use crate::ui::Terminal;
use kaslite_engine::fs;
use kaslite_engine::lock;
use kaslite_track::record::{RunRecord, RunStatus, RunStore, StepMetric};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// How many earlier runs are looked at for what a stage told when it ran.
const LOOKED_AT: usize = 50;

/// One run, or several that are compared.
pub(crate) struct OfRuns {
    folder: PathBuf,
    runs: Vec<RunRecord>,
    /// What a single run is told against: the last baseline before it, else the run before it.
    base: Option<RunRecord>,
    told: Vec<(String, Vec<StepMetric>)>,
}

impl OfRuns {
    pub(super) fn new(store: &RunStore, runs: Vec<RunRecord>) -> Result<Self, CliError> {
        let base = match runs.as_slice() {
            [only] => base(store, only)?,
            _ => None,
        };
        let told = runs
            .iter()
            .map(|run| Ok((run.run_id.clone(), told(store, run)?)));
        Ok(Self {
            folder: store.folder().to_owned(),
            told: told.collect::<Result<_, CliError>>()?,
            base,
            runs,
        })
    }

    fn view(&self) -> Result<(RunsView, Pictures), CliError> {
        let (mut figures, mut pictures) = (Vec::new(), Pictures::new());
        for curve in over_runs(&self.runs).into_iter().chain(curves(&self.told)) {
            let path = format!("figures/{}", curve.name);
            let missing = curve.svg.as_ref().err().map(ToString::to_string);
            pictures.extend(curve.svg.ok().map(|svg| (path.clone(), svg)));
            figures.push(FigureView {
                path,
                description: curve.description,
                missing,
                ..FigureView::default()
            });
        }
        let mut view = match self.runs.as_slice() {
            [only] => self.single(only)?,
            several => compared(several)?,
        };
        view.figures = figures;
        Ok((view, pictures))
    }

    fn single(&self, run: &RunRecord) -> Result<RunsView, CliError> {
        let mut parts = Vec::new();
        if let Some(base) = &self.base {
            let groups = [Group::of(vec![base.clone()]), Group::of(vec![run.clone()])];
            let comparison = Compared::new(&groups, different_data(&groups)?.is_none());
            let shown = Shown::new(&groups, &comparison);
            let mut changes = shown.parts().into_iter().skip(1);
            for title in ["Params that changed", "Metrics that changed"] {
                parts.extend(changes.next().map(|part| against_base(part, title)));
            }
        }
        parts.extend([
            stages(run),
            values(run, false),
            values(run, true),
            components(run),
        ]);
        Ok(RunsView {
            title: run.run_id.clone(),
            runs: vec![head(run, "B")],
            base: self.base.as_ref().map(|base| base.run_id.clone()),
            parts,
            figures: Vec::new(),
        })
    }
}

/// What differs from the base, in words that need no letters.
fn against_base(mut part: Part, title: &str) -> Part {
    title.clone_into(&mut part.title);
    for column in &mut part.table.columns {
        let named = match column.title.as_str() {
            "A" => "before",
            "B" => "now",
            "B − A" => "change",
            _ => continue,
        };
        named.clone_into(&mut column.title);
    }
    part
}

/// Several runs, in groups that differ only in their random seeds.
fn compared(runs: &[RunRecord]) -> Result<RunsView, CliError> {
    let mut groups = Group::by_params(runs.to_vec());
    let mut notes: Vec<String> = groups.iter_mut().filter_map(Group::drop_repeated).collect();
    let apart = different_data(&groups)?.or_else(|| different_split(&groups));
    let comparison = Compared::new(&groups, apart.is_none());
    notes.extend(apart.map(|apart| {
        format!("{apart}: the numbers are of different problems, and no test is made")
    }));
    let shown = Shown::new(&groups, &comparison);
    let mut parts = shown.parts();
    if let Some(last) = parts.last_mut() {
        last.remarks.extend(notes);
        last.remarks.extend(shown.remarks());
    }
    let heads = groups.iter().enumerate().flat_map(|(index, group)| {
        group
            .runs
            .iter()
            .map(move |member| head(&member.run, &crate::cli::runs::compare::letter(index)))
    });
    Ok(RunsView {
        title: "Runs compared".to_owned(),
        runs: heads.collect(),
        base: None,
        parts,
        figures: Vec::new(),
    })
}

/// The last run before this one with the status baseline, else the last that was done. This is worked
/// out after every run: a record that is none of them is not parsed.
fn base(store: &RunStore, run: &RunRecord) -> Result<Option<RunRecord>, CliError> {
    let ids = store.ids();
    let earlier = ids.iter().rev().skip_while(|id| **id != run.run_id).skip(1);
    let mut before = None;
    for id in earlier.take(LOOKED_AT) {
        let config = fs::read_if_exists(&store.folder().join(id).join("config.yaml"))?;
        let may_be_baseline = config.is_some_and(|text| text.contains("status: baseline"));
        if !may_be_baseline && before.is_some() {
            continue;
        }
        let known = store.load(id)?;
        if known.experiment.status == RunStatus::Baseline {
            return Ok(Some(known));
        }
        let is_done = known.summary.as_ref();
        if is_done.is_some_and(|summary| summary.status == "done") {
            before = before.or(Some(known));
        }
    }
    Ok(before)
}

/// What the stages of a run told by steps; where one was restored or fresh, what it told when it ran.
fn told(store: &RunStore, run: &RunRecord) -> Result<Vec<StepMetric>, CliError> {
    let mut all = StepMetric::of_record(&run.folder)?;
    let stages = run.summary.iter().flat_map(|summary| &summary.stages);
    let silent: BTreeSet<String> = stages
        .filter(|stage| matches!(stage.outcome.as_str(), "restored" | "fresh"))
        .map(|stage| stage.stage.clone())
        .collect();
    let Some(own) = run.lock()?.filter(|_| !silent.is_empty()) else {
        return Ok(all);
    };
    let own = lock::parse("pipeline.lock", &own)?;
    let ids = store.ids();
    let earlier = ids.iter().rev().skip_while(|id| **id != run.run_id).skip(1);
    let mut missing = silent;
    for id in earlier.take(LOOKED_AT) {
        if missing.is_empty() {
            break;
        }
        let folder = store.folder().join(id);
        let metrics = StepMetric::of_record(&folder)?;
        if metrics.is_empty() {
            continue;
        }
        let Some(text) = fs::read_if_exists(&folder.join("pipeline.lock"))? else {
            continue;
        };
        let entries = lock::parse("pipeline.lock", &text)?;
        let same = |stage: &String| own.contains_key(stage) && own.get(stage) == entries.get(stage);
        let found: BTreeSet<String> = missing
            .iter()
            .filter(|stage| same(stage) && metrics.iter().any(|metric| metric.stage == **stage))
            .cloned()
            .collect();
        all.extend(
            metrics
                .into_iter()
                .filter(|metric| found.contains(&metric.stage)),
        );
        missing.retain(|stage| !found.contains(stage));
    }
    Ok(all)
}

fn head(run: &RunRecord, letter: &str) -> RunHead {
    let (said, summary) = (&run.experiment, run.summary.as_ref());
    RunHead {
        letter: letter.to_owned(),
        run_id: run.run_id.clone(),
        outcome: summary.map_or_else(|| "unfinished".to_owned(), |summary| summary.status.clone()),
        status: said.status.to_string(),
        started: said.timestamp.clone(),
        seconds: summary.map(|summary| summary.seconds),
        command: said.command.join(" "),
        commit: said.git_commit.clone(),
        dirty: said.git_dirty == Some(true),
        kaslite: said.kaslite.clone(),
        cpu: summary.and_then(|summary| summary.platform.cpu.clone()),
        tags: said.tags.clone(),
        description: said.description.clone(),
        note: said.note.clone(),
    }
}

fn stages(run: &RunRecord) -> Part {
    let all = run.summary.iter().flat_map(|summary| &summary.stages);
    let row = |stage: &kaslite_track::record::StageSummary| {
        let time = stage.seconds.map_or_else(|| "—".to_owned(), time);
        let detail = stage.detail.clone().unwrap_or_default();
        vec![stage.stage.clone(), stage.outcome.clone(), time, detail]
    };
    Part {
        title: "Stages".to_owned(),
        table: TableView {
            columns: vec![
                Column::code("stage"),
                Column::text("outcome"),
                Column::number("time"),
                Column::text(""),
            ],
            rows: all.map(row).collect(),
        },
        nothing: "The run was killed.".to_owned(),
        remarks: trouble(run),
    }
}

/// What went wrong in the trainings of a run, by their metrics.
fn trouble(run: &RunRecord) -> Vec<String> {
    let files = run.summary.iter().flat_map(|summary| &summary.metrics);
    let own = run.folder.join("TROUBLE.md").is_file();
    let mut told: Vec<String> = files
        .filter_map(|(file, values)| {
            let first = values.get("anomalies.first_epoch")?.as_int()?;
            let trigger = values.get("anomalies.first_trigger")?.as_text()?;
            let folder = file.strip_suffix("metrics.json")?;
            Some(format!(
                "Something went wrong in the training: it began with `{trigger}` in epoch {first}. The dense trace lies in `{folder}dense_batches.parquet` and the files beside it."
            ))
        })
        .collect();
    if own {
        told.push(
            "`TROUBLE.md` beside this report tells when, by which signs, and of the last good checkpoint."
                .to_owned(),
        );
    } else if !told.is_empty() {
        told.push(
            "There is no last good checkpoint: a stage of a pipeline keeps none. `kaslite train` with the same params does."
                .to_owned(),
        );
    }
    told
}

/// All params of a run, or all metrics.
fn values(run: &RunRecord, metrics: bool) -> Part {
    let summary = run.summary.iter();
    let files = summary.flat_map(|summary| {
        if metrics {
            &summary.metrics
        } else {
            &summary.params
        }
    });
    let rows = files.flat_map(|(file, values)| {
        values
            .iter()
            .map(move |(key, value)| vec![file.clone(), key.clone(), value.to_string()])
    });
    let rows = rows.collect();
    let (title, nothing) = if metrics {
        (
            "All metrics",
            "No stage of the run has metrics: `metrics: [FILE]` in the pipeline names such a file.",
        )
    } else {
        ("All params", "No stage of the run reads params.")
    };
    let value = if metrics {
        Column::number("value")
    } else {
        Column::code("value")
    };
    Part {
        title: title.to_owned(),
        table: TableView {
            columns: vec![Column::code("file"), Column::code("key"), value],
            rows,
        },
        nothing: nothing.to_owned(),
        remarks: Vec::new(),
    }
}

fn components(run: &RunRecord) -> Part {
    let all = run.summary.iter().flat_map(|summary| &summary.components);
    let row = |(name, component): (&String, &kaslite_track::record::Component)| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        vec![
            name.clone(),
            component.status().to_owned(),
            text(component.reason()),
            text(component.to_enable()),
        ]
    };
    Part {
        title: "Components".to_owned(),
        table: TableView {
            columns: vec![
                Column::code("component"),
                Column::text("status"),
                Column::text("why"),
                Column::text("to enable"),
            ],
            rows: all.map(row).collect(),
        },
        nothing: "The record does not tell.".to_owned(),
        remarks: Vec::new(),
    }
}

impl Reported for OfRuns {
    fn place(&self, ending: &str) -> PathBuf {
        match self.runs.as_slice() {
            [only] => only.folder.join(format!("REPORT.{ending}")),
            _ => self.folder.with_file_name(format!("runs.{ending}")),
        }
    }

    fn markdown(&self, place: &Path, templates: &Templates) -> Result<(), CliError> {
        let (view, pictures) = self.view()?;
        let text = templates.fill("kaslite/RUNS.md.j2", &view, pictures.clone())?;
        for (path, svg) in pictures {
            fs::write_atomic(&place.with_file_name(path), svg.as_bytes())?;
        }
        let text = format!("{}\n", text.trim_end());
        Ok(fs::write_atomic(place, text.as_bytes())?)
    }

    fn html(&self, templates: &Templates) -> Result<String, CliError> {
        let (view, pictures) = self.view()?;
        Ok(templates.fill("kaslite/RUNS.html.j2", &view, pictures)?)
    }

    fn cells(&self, place: &Path) -> Vec<Cell> {
        let title = match self.runs.as_slice() {
            [only] => only.run_id.clone(),
            _ => "Runs compared".to_owned(),
        };
        let about = "It reads the records of the runs, as they lie there when it is run (`pip install pandas matplotlib`).";
        let mut cells = notebook::beginning(&title, about);
        let records = self.runs.iter().map(|run| {
            let folder = notebook::seen_from(place, &run.folder);
            format!(
                "    {}: {},",
                notebook::python(&run.run_id),
                notebook::python(&folder)
            )
        });
        let records: Vec<String> = records.collect();
        cells.push(Cell::Code(format!(
            "records = {{\n{}\n}}",
            records.join("\n")
        )));
        cells.push(Cell::Code(READ.to_owned()));
        cells.push(Cell::Text("## Params and metrics".to_owned()));
        cells.push(Cell::Code(TABLES.to_owned()));
        cells.push(Cell::Text("## Curves".to_owned()));
        cells.push(Cell::Code(CURVES.to_owned()));
        cells
    }

    fn rows(&self) -> Rows {
        let all: Vec<_> = self.runs.iter().map(facts).collect();
        let names: BTreeSet<&String> = all.iter().flat_map(|facts| facts.keys()).collect();
        let mut titles = vec!["key".to_owned()];
        titles.extend(self.runs.iter().map(|run| run.run_id.clone()));
        let row = |name: &&String| {
            let cell = |facts: &crate::cli::runs::facts::Facts| {
                facts
                    .get(*name)
                    .map_or_else(String::new, ToString::to_string)
            };
            [(*name).clone()]
                .into_iter()
                .chain(all.iter().map(cell))
                .collect()
        };
        Rows {
            titles,
            rows: names.iter().map(row).collect(),
        }
    }
}

const READ: &str = "\
import json
from pathlib import Path

summaries = {run: json.loads(Path(folder, \"summary.json\").read_text()) for run, folder in records.items()}
steps = {
    run: pd.read_csv(file)
    for run, folder in records.items()
    if (file := Path(folder, \"logs\", \"metrics.csv\")).exists()
}";

const TABLES: &str = "\
def flat(part):
    return pd.DataFrame({
        run: {key: value for values in summary[part].values() for key, value in values.items()}
        for run, summary in summaries.items()
    })

display(flat(\"params\"))
display(flat(\"metrics\"))";

const CURVES: &str = "\
names = dict.fromkeys(name for table in steps.values() for name in table.columns[2:] if not name.startswith(\"seed.\"))
for name in names:
    axes = plt.subplots(figsize=(8, 3))[1]
    for run, table in steps.items():
        if name in table:
            axes.plot(table[\"step\"], table[name], label=run)
    axes.set(xlabel=\"step\", ylabel=name)
    axes.legend()
    plt.show()";

/// Writes `REPORT.md` and its figures into the record of a run, which is whole without them: what goes
/// wrong is said, and nothing ends for it.
pub(crate) fn keep_report(terminal: Terminal, store: &RunStore, run_id: &str) {
    let write = || write_into_record(store, run_id).map_err(|error| error.to_string());
    let fault = || Err("a fault of kaslite: it panicked; please report it".to_owned());
    if let Err(error) = catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|_| fault()) {
        terminal.warning(&format!("no report in the record of the run: {error}"));
    }
}

fn write_into_record(store: &RunStore, run_id: &str) -> Result<(), CliError> {
    let reported = OfRuns::new(store, vec![store.load(run_id)?])?;
    let place = reported.place("md");
    reported.markdown(&place, &Templates::default())
}
