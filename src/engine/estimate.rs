//! [`Estimate`]: how long a run will take, by how long its stages took before.

use crate::durations::Durations;
use crate::event::{Decided, seconds};
use crate::graph::Graph;
use crate::workspace::{Judged, Workspace};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a run will take from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// From start to end: the longest path, or all the work shared among the cores where that is more.
    #[serde(serialize_with = "seconds")]
    pub total: Duration,
    /// The stages that nothing can make it shorter than, in the order they run.
    pub path: Vec<(String, Duration)>,
    /// Stages that may run and were never measured.
    pub unknown: Vec<String>,
}

impl Estimate {
    /// The estimate for a plan with as many cores; `None` where next to nothing is known.
    pub fn of(workspace: &Workspace, plan: &[(usize, Judged)], jobs: usize) -> Option<Self> {
        Work::of(workspace, plan, jobs).estimate()
    }

    /// The stage of the path that takes longest.
    pub fn longest(&self) -> Option<(&str, Duration)> {
        let longest = self.path.iter().max_by_key(|(_, time)| *time)?;
        Some((&longest.0, longest.1))
    }
}

/// What there is to run.
#[derive(Clone)]
pub(crate) struct Work<'a> {
    workspace: &'a Workspace,
    jobs: u32,
    /// Stage → how long it will take.
    pub(crate) times: BTreeMap<usize, Duration>,
    /// Stages that may run and were never measured.
    pub(crate) unknown: BTreeSet<usize>,
}

impl<'a> Work<'a> {
    /// The stages of a plan that run, or may.
    pub(crate) fn of(workspace: &'a Workspace, plan: &[(usize, Judged)], jobs: usize) -> Self {
        let durations = Durations::load(&workspace.project);
        let (mut times, mut unknown) = (BTreeMap::new(), BTreeSet::new());
        for (index, judged) in plan {
            if !matches!(judged.decision.what, Decided::Run | Decided::Unknown) {
                continue;
            }
            if let Some(time) = durations.of(&workspace.pipeline.stages[*index]) {
                times.insert(*index, time);
            } else {
                unknown.insert(*index);
            }
        }
        Self {
            workspace,
            jobs: u32::try_from(jobs).unwrap_or(u32::MAX).max(1),
            times,
            unknown,
        }
    }

    /// How long it takes; `None` where that is next to nothing, or not known.
    pub(crate) fn estimate(&self) -> Option<Estimate> {
        let Self { times, jobs, .. } = self;
        let pipeline = &self.workspace.pipeline;
        let stage = |index: &usize| &pipeline.stages[*index];
        let cores = |index: &usize| stage(index).limits.cpus.unwrap_or(1).min(*jobs);
        let work: Duration = times.iter().map(|(index, time)| *time * cores(index)).sum();
        let path = longest_path(&pipeline.graph, times, &ranks(&pipeline.graph, times));
        let along: Duration = path.iter().map(|index| times[index]).sum();
        let total = along.max(work / *jobs);
        let name = |index: &usize| stage(index).name.clone();
        (total >= Duration::from_secs(1)).then(|| Estimate {
            total,
            path: path
                .iter()
                .map(|index| (name(index), times[index]))
                .collect(),
            unknown: self.unknown.iter().map(name).collect(),
        })
    }
}

/// Stage → how long it and the longest path behind it take.
pub(crate) fn ranks(graph: &Graph, times: &BTreeMap<usize, Duration>) -> BTreeMap<usize, Duration> {
    let mut ranks = BTreeMap::new();
    for &index in graph.order().iter().rev() {
        let behind = graph.downstream(index).into_iter();
        let longest = behind.filter_map(|down| ranks.get(&down).copied()).max();
        let own = times.get(&index).copied().unwrap_or_default();
        ranks.insert(index, own + longest.unwrap_or_default());
    }
    ranks
}

fn longest_path(
    graph: &Graph,
    times: &BTreeMap<usize, Duration>,
    ranks: &BTreeMap<usize, Duration>,
) -> Vec<usize> {
    let mut path = Vec::new();
    // Of equal ones the first in the order.
    let first_longest = |candidates: &[usize]| {
        let mut best: Option<usize> = None;
        for &index in candidates {
            if best.is_none_or(|best| ranks[&index] > ranks[&best]) {
                best = Some(index);
            }
        }
        best.filter(|best| !ranks[best].is_zero())
    };
    let mut next = first_longest(graph.order());
    while let Some(index) = next {
        if times.contains_key(&index) {
            path.push(index);
        }
        next = first_longest(&graph.downstream(index));
    }
    path
}
