//! [`Estimate`]: how long a run will take, by how long its stages took before.

use crate::durations::Durations;
use crate::event::{Decided, seconds};
use crate::graph::Graph;
use crate::workspace::{Judged, Workspace};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a run will take.
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
        let durations = Durations::load(&workspace.project);
        let stages = &workspace.pipeline.stages;
        let (mut times, mut unknown) = (BTreeMap::new(), Vec::new());
        let mut work = Duration::ZERO;
        for (index, judged) in plan {
            if !matches!(judged.decision.what, Decided::Run | Decided::Unknown) {
                continue;
            }
            let stage = &stages[*index];
            if let Some(time) = durations.of(stage) {
                times.insert(*index, time);
                let cpus = stage.limits.cpus.unwrap_or(1);
                work += time * cpus.min(u32::try_from(jobs).unwrap_or(u32::MAX));
            } else {
                unknown.push(stage.name.clone());
            }
        }
        let ranks = ranks(&workspace.pipeline.graph, &times);
        let path = longest_path(&workspace.pipeline.graph, &times, &ranks);
        let shared = work / u32::try_from(jobs).unwrap_or(u32::MAX).max(1);
        let total = path
            .iter()
            .map(|index| times[index])
            .sum::<Duration>()
            .max(shared);
        let named = |index: &usize| (stages[*index].name.clone(), times[index]);
        (total >= Duration::from_secs(1)).then(|| Self {
            total,
            path: path.iter().map(named).collect(),
            unknown,
        })
    }

    /// The stage of the path that takes longest.
    pub fn longest(&self) -> Option<(&str, Duration)> {
        let longest = self.path.iter().max_by_key(|(_, time)| *time)?;
        Some((&longest.0, longest.1))
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
