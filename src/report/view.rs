//! What a report says, ready for a template: plain values, no look-ups, no time of day.
//!
//! A template reads these structs by field name. Every part of the report is a [`Section`], so
//! that a part that is missing says why instead of disappearing.

use crate::report::trouble::TroubleView;
use crate::verdict::Verdict;
use serde::Serialize;

/// One part of a report. A template reads `status` and then either the fields of the content or
/// the reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Section<T> {
    /// It is there.
    Success(T),
    /// It was not asked for.
    Disabled {
        /// Why it is missing, as a sentence with literals in backticks.
        reason: String,
        /// What to do to have it, as a sentence with literals in backticks.
        to_enable: String,
    },
    /// It was asked for and could not be made.
    Failed {
        /// What went wrong, as a sentence with literals in backticks.
        reason: String,
    },
}

/// A part of the report and how it went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentView {
    /// Its name: `training`, `training.learning_curve`.
    pub name: String,
    /// `success`, `disabled` or `failed`.
    pub status: String,
    /// Why it is missing, as a sentence.
    pub reason: Option<String>,
    /// What to do to have it, as a sentence.
    pub to_enable: Option<String>,
}

impl<T> Section<T> {
    /// How it went, under a name.
    pub fn component(&self, name: &str) -> ComponentView {
        let (status, reason, to_enable) = match self {
            Self::Success(_) => ("success", None, None),
            Self::Disabled { reason, to_enable } => {
                ("disabled", Some(reason.clone()), Some(to_enable.clone()))
            }
            Self::Failed { reason } => ("failed", Some(reason.clone()), None),
        };
        ComponentView {
            name: name.to_owned(),
            status: status.to_owned(),
            reason,
            to_enable,
        }
    }
}

/// A whole report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportView {
    /// The heading.
    pub title: String,
    /// The five questions, answered from what is below.
    pub verdict: Verdict,
    /// Which code made the results.
    pub provenance: Section<ProvenanceView>,
    /// The samples.
    pub data: Section<DataView>,
    /// The params.
    pub params: Section<ParamsView>,
    /// The training run.
    pub training: Section<TrainingView>,
    /// What the grown seeds are worth.
    pub counterfactual: Section<CounterfactualView>,
    /// What growth caused.
    pub control: Section<ControlView>,
    /// How large a network without growth is as accurate.
    pub size_curve: Section<SizeCurveView>,
    /// Other points of the search space.
    pub sweep: Section<SweepView>,
    /// The files that the report was made from.
    pub files: Section<FilesView>,
    /// All of them and their figures, with how each went.
    pub components: Vec<ComponentView>,
}

/// The code that made the results.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProvenanceView {
    /// Version of kaslite.
    pub kaslite_version: String,
    /// Full hex digits of the git commit.
    pub commit: Option<String>,
    /// The branch checked out.
    pub branch: Option<String>,
    /// Whether files differ from the commit.
    pub dirty: Option<bool>,
    /// The first of those files.
    pub changed_files: Vec<String>,
    /// How many there are.
    pub changed_total: Option<usize>,
    /// Why something above is not known.
    pub note: Option<String>,
}

/// A name and its value as text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// The samples that the network was trained and validated on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DataView {
    /// The problem, such as `spirals`.
    pub problem: String,
    /// What the generator was called with.
    pub arguments: Vec<Pair>,
    /// How many samples.
    pub rows: u64,
    /// Names of the columns that the network sees.
    pub features: Vec<String>,
    /// How many samples of each class.
    pub classes: Vec<ClassView>,
    /// The file.
    pub path: String,
    /// Its digest, hex.
    pub digest: Option<String>,
}

/// One class of the samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassView {
    /// The class.
    pub class: String,
    /// How many samples it has.
    pub rows: u64,
}

/// The params of all stages that the report is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ParamsView {
    /// One row a param, in the order of the tables.
    pub rows: Vec<ParamView>,
}

/// One param.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParamView {
    /// Its section of the params file.
    pub section: String,
    /// Its key in the section.
    pub key: String,
    /// Its value.
    pub value: String,
    /// The value it has when it is not given; `None` where it must be given.
    pub default: Option<String>,
    /// Whether the value is not the default.
    pub changed: bool,
}

/// How a measured number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// A fraction of 1, in percent.
    Percent,
    /// A difference of two fractions of 1, in percentage points with its sign.
    Points,
    /// A number with four decimals.
    Number,
    /// A whole number.
    Count,
}

/// A measured number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureView {
    /// Its key in the metrics file.
    pub name: String,
    /// What it means, as a phrase.
    pub meaning: String,
    /// The number; `None` where it was not measured.
    pub value: Option<f64>,
    /// How it is shown.
    pub shown: Shown,
}

/// A chart.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FigureView {
    /// Its name, such as `learning_curve`.
    pub name: String,
    /// Its path relative to the report, with `/`.
    pub path: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// Why there is none, as a sentence; `None` where there is one.
    pub missing: Option<String>,
    /// What to do to have it, as a sentence, where there is nothing to draw.
    pub to_enable: Option<String>,
}

impl FigureView {
    /// How it went.
    pub fn state(&self) -> Section<()> {
        match (self.missing.clone(), self.to_enable.clone()) {
            (None, _) => Section::Success(()),
            (Some(reason), Some(to_enable)) => Section::Disabled { reason, to_enable },
            (Some(reason), None) => Section::Failed { reason },
        }
    }
}

/// The training run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TrainingView {
    /// The metrics.
    pub measures: Vec<MeasureView>,
    /// How many parameters the network has: in all, in its host, in its seeds.
    pub parameters: Vec<MeasureView>,
    /// What a reader has to know of the samples that validate, as a fragment.
    pub caveat: Option<String>,
    /// What went wrong, if something did.
    pub trouble: Option<TroubleView>,
    /// The charts.
    pub figures: Vec<FigureView>,
    /// What happened to seeds, in order.
    pub events: Vec<EventView>,
}

/// A seed that went from one state to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventView {
    /// The epoch, counted from 1.
    pub epoch: u32,
    /// The seed's id.
    pub seed: String,
    /// The state it left.
    pub from: String,
    /// The state it entered.
    pub to: String,
}

/// What remains of the accuracy when grown seeds are switched off.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CounterfactualView {
    /// The configurations, most accurate first.
    pub configurations: Vec<ConfigurationView>,
    /// What each grown seed contributes.
    pub contributions: Vec<ContributionView>,
    /// Pairs of grown seeds, the strongest interaction first, ten at the most.
    pub interactions: Vec<InteractionView>,
    /// Every seed with every other, by accuracy; none of fewer than two seeds or of very many.
    pub matrix: Vec<MatrixRowView>,
    /// Why the gain could not be shared out among the seeds.
    pub missing: Option<String>,
    /// What a reader has to know.
    pub notes: Vec<String>,
    /// The charts.
    pub figures: Vec<FigureView>,
}

/// The network with some of its grown seeds switched on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigurationView {
    /// The seeds switched on; none is the host alone.
    pub seeds: Vec<String>,
    /// Accuracy on the validation samples, 0 to 1.
    pub accuracy: Option<f64>,
    /// That minus the accuracy of the host alone.
    pub gain: Option<f64>,
}

/// What one grown seed contributes to the accuracy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContributionView {
    /// The seed's id.
    pub seed: String,
    /// Accuracy of the whole network minus that without this seed.
    pub marginal: Option<f64>,
    /// Its Shapley value.
    pub shapley: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Its Shapley value for 10,000 of its weights.
    pub efficiency: Option<f64>,
}

/// What two grown seeds are worth together beyond what they are worth apart, by accuracy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InteractionView {
    /// The two, with `+` between them.
    pub seeds: String,
    /// Above 0 is synergy.
    pub value: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// A row of the matrix of interactions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixRowView {
    /// The seed.
    pub seed: String,
    /// Its interaction with each seed; none with itself.
    pub cells: Vec<Option<f64>>,
}

/// Runs with and without growth.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ControlView {
    /// Each kind of run.
    pub arms: Vec<ArmView>,
    /// What growth caused, against each kind of run without it.
    pub growth: Vec<CauseView>,
    /// What each slot that grew caused.
    pub slots: Vec<SlotCauseView>,
    /// How many runs there are, those that failed among them.
    pub runs: Option<f64>,
    /// The runs that failed, each with its reason.
    pub failures: Vec<Pair>,
    /// What a reader has to know.
    pub notes: Vec<String>,
    /// The charts.
    pub figures: Vec<FigureView>,
}

/// One kind of run: validation accuracy of the last epoch, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmView {
    /// What it is called.
    pub name: String,
    /// How many of them there are.
    pub runs: Option<f64>,
    /// The mean over them.
    pub mean: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// A paired difference of accuracies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CauseView {
    /// The kind of run that it is measured against.
    pub against: String,
    /// How many pairs there are.
    pub runs: Option<f64>,
    /// The mean difference.
    pub mean: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// p of the sign-flip test.
    pub p: Option<f64>,
    /// The smallest p that so many pairs can give.
    pub least_p: Option<f64>,
    /// Mean difference by the standard deviation of the differences.
    pub effect: Option<f64>,
}

/// What one slot caused, beside what switching it off costs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotCauseView {
    /// The slot.
    pub slot: String,
    /// In how many runs it grew.
    pub grown_in: u64,
    /// How many runs that may grow there are.
    pub of_runs: u64,
    /// How many pairs the rest is of: runs in which it grew, beside those in which it is disabled.
    pub pairs: Option<u64>,
    /// The mean difference to the runs in which it is disabled.
    pub mean: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// p of the sign-flip test.
    pub p: Option<f64>,
    /// The smallest p that so many pairs can give.
    pub least_p: Option<f64>,
    /// What switching it off costs in the trained networks.
    pub removal_cost: Option<f64>,
    /// The first minus the second.
    pub gap: Option<f64>,
    /// `agrees`, `differs` or `unreliable`.
    pub agreement: Option<String>,
    /// Where the two differ, what explains it, as a fragment.
    pub explanation: Option<String>,
}

/// Networks without growth of several sizes, beside the one that grew.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SizeCurveView {
    /// Every width, rising.
    pub sizes: Vec<SizeView>,
    /// The network that grew: its weights and accuracy; no width.
    pub grown: Option<SizeView>,
    /// How large a network without growth is as accurate, as a sentence.
    pub equivalent: String,
    /// What the weights are worth.
    pub worth: Vec<MeasureView>,
    /// What a reader has to know.
    pub notes: Vec<String>,
    /// The charts.
    pub figures: Vec<FigureView>,
}

/// Networks of one size: validation accuracy of the last epoch, 0 to 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SizeView {
    /// `train.hidden_dim`.
    pub width: Option<i64>,
    /// Weights, a mean.
    pub parameters: f64,
    /// How many runs.
    pub runs: Option<f64>,
    /// Their mean.
    pub accuracy: Option<f64>,
    /// The lower end of its interval of 95 %.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The mean difference to the network that grew.
    pub difference: Option<f64>,
}

/// The trials of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepView {
    /// The metric that the sweep looks at.
    pub metric: String,
    /// How its values are shown.
    pub shown: Shown,
    /// Whether less is better.
    pub lower_is_better: bool,
    /// The params that vary.
    pub varied: Vec<String>,
    /// The trials, best first.
    pub trials: Vec<TrialView>,
    /// The charts.
    pub figures: Vec<FigureView>,
}

/// One trial of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialView {
    /// Its number.
    pub number: u64,
    /// Its values of the params that vary, in their order.
    pub values: Vec<String>,
    /// The metric; `None` where there is no result.
    pub value: Option<f64>,
    /// How it ended, such as `done` or `failed`.
    pub state: String,
}

/// The files that the report was made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FilesView {
    /// One row a file.
    pub files: Vec<FileView>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// What it holds, as a phrase.
    pub what: String,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its digest, hex.
    pub digest: Option<String>,
}
