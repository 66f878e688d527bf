//! [`Graph`]: which stage must come before which.

use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::stage::Stage;
use petgraph::Direction;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, Reversed};
use std::collections::{BTreeMap, BTreeSet};

/// Stages by index; an edge leads from the maker of a path to its reader.
#[derive(Debug, Default)]
pub struct Graph {
    graph: DiGraph<(), ()>,
    order: Vec<usize>,
}

impl Graph {
    /// Builds the graph; adds a problem for each out with two makers, each out inside another, each
    /// path that is dep and out of one stage, each cycle.
    pub fn build(stages: &[Stage], source: &Source, problems: &mut Vec<Problem>) -> Self {
        let makers = makers(stages, source, problems);
        let mut graph = DiGraph::new();
        for _ in stages {
            graph.add_node(());
        }
        for (reader, stage) in stages.iter().enumerate() {
            for dep in &stage.deps {
                for maker in makers_of(&makers, &dep.path) {
                    if maker == reader {
                        let message = format!(
                            "`{}` is both a dep and an out of stage `{}`",
                            dep.path, stage.name
                        );
                        problems.push(Problem::at(source, dep.place, message));
                    } else {
                        graph.update_edge(NodeIndex::new(maker), NodeIndex::new(reader), ());
                    }
                }
            }
        }
        let order = if let Ok(order) = toposort(&graph, None) {
            stable(&graph, order.len())
        } else {
            cycles(&graph, stages, source, problems);
            Vec::new()
        };
        Self { graph, order }
    }

    /// All stages, each after those it reads from; ties in the order of the file.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The stages whose outs a stage reads.
    pub fn upstream(&self, stage: usize) -> Vec<usize> {
        self.neighbours(stage, Direction::Incoming)
    }

    /// The stages that read a stage's outs.
    pub fn downstream(&self, stage: usize) -> Vec<usize> {
        self.neighbours(stage, Direction::Outgoing)
    }

    fn neighbours(&self, stage: usize, direction: Direction) -> Vec<usize> {
        let mut list: Vec<usize> = self
            .graph
            .neighbors_directed(NodeIndex::new(stage), direction)
            .map(NodeIndex::index)
            .collect();
        list.sort_unstable();
        list
    }

    /// The stages and everything they need.
    pub fn with_upstream(&self, stages: &[usize]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for &stage in stages {
            let reversed = Reversed(&self.graph);
            let mut walk = Dfs::new(reversed, NodeIndex::new(stage));
            while let Some(node) = walk.next(reversed) {
                found.insert(node.index());
            }
        }
        found
    }

    /// The stages and everything that needs them.
    pub fn with_downstream(&self, stages: &[usize]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for &stage in stages {
            let mut walk = Dfs::new(&self.graph, NodeIndex::new(stage));
            while let Some(node) = walk.next(&self.graph) {
                found.insert(node.index());
            }
        }
        found
    }
}

/// Kahn's order with the smallest index first, so that equal pipelines run in equal order.
fn stable(graph: &DiGraph<(), ()>, count: usize) -> Vec<usize> {
    let mut waits: Vec<usize> = (0..count)
        .map(|i| {
            graph
                .neighbors_directed(NodeIndex::new(i), Direction::Incoming)
                .count()
        })
        .collect();
    let mut ready: BTreeSet<usize> = (0..count).filter(|&i| waits[i] == 0).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for reader in graph.neighbors_directed(NodeIndex::new(next), Direction::Outgoing) {
            waits[reader.index()] -= 1;
            if waits[reader.index()] == 0 {
                ready.insert(reader.index());
            }
        }
    }
    order
}

fn makers<'a>(
    stages: &'a [Stage],
    source: &Source,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'a RelPath, usize> {
    let mut makers: BTreeMap<&RelPath, usize> = BTreeMap::new();
    for (index, stage) in stages.iter().enumerate() {
        for out in &stage.outs {
            if let Some(&other) = makers.get(&out.path) {
                let first = &stages[other].name;
                let message = format!(
                    "`{}` is an out of stage `{first}` and of stage `{}`",
                    out.path, stage.name
                );
                let problem = Problem::at(source, out.place, message);
                problems
                    .push(problem.hint("one path has one maker: give one of them another name"));
                continue;
            }
            makers.insert(&out.path, index);
        }
    }
    for (index, stage) in stages.iter().enumerate() {
        for out in &stage.outs {
            if let Some((path, other)) = ancestor(&makers, &out.path) {
                let message = format!(
                    "the out `{}` of stage `{}` lies in the out `{path}` of stage `{}`",
                    out.path, stages[index].name, stages[other].name
                );
                problems.push(Problem::at(source, out.place, message));
            }
        }
    }
    makers
}

/// An out in which `path` lies.
fn ancestor<'a>(
    makers: &BTreeMap<&'a RelPath, usize>,
    path: &RelPath,
) -> Option<(&'a RelPath, usize)> {
    let text = path.as_str();
    text.rmatch_indices('/').find_map(|(at, _)| {
        let above = RelPath::root().join(&text[..at]);
        makers
            .get_key_value(&above)
            .map(|(path, index)| (*path, *index))
    })
}

/// The makers of a dep: of the path itself, of a folder it lies in, of files in it.
fn makers_of(makers: &BTreeMap<&RelPath, usize>, path: &RelPath) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = makers.get(path).copied().into_iter().collect();
    found.extend(ancestor(makers, path).map(|(_, index)| index));
    let from = RelPath::root().join(path.as_str());
    found.extend(
        makers
            .range::<RelPath, _>(&from..)
            .take_while(|(out, _)| out.as_str().starts_with(from.as_str()))
            .filter(|(out, _)| from.contains(out) && ***out != from)
            .map(|(_, &index)| index),
    );
    found
}

fn cycles(graph: &DiGraph<(), ()>, stages: &[Stage], source: &Source, problems: &mut Vec<Problem>) {
    for component in tarjan_scc(graph) {
        if component.len() < 2 {
            continue;
        }
        let members: BTreeSet<usize> = component.iter().map(|node| node.index()).collect();
        let Some(&first) = members.first() else {
            continue;
        };
        let mut names: Vec<&str> = round(graph, &members, first)
            .into_iter()
            .map(|index| stages[index].name.as_str())
            .collect();
        names.push(&stages[first].name);
        let message = format!("the stages form a cycle: {}", names.join(" → "));
        problems.push(Problem::at(source, stages[first].place, message));
    }
}

/// A shortest way from `first` back to itself within `members`.
fn round(graph: &DiGraph<(), ()>, members: &BTreeSet<usize>, first: usize) -> Vec<usize> {
    let mut ways = std::collections::VecDeque::from([vec![first]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let last = way.last().copied().unwrap_or(first);
        for next in graph.neighbors_directed(NodeIndex::new(last), Direction::Outgoing) {
            let next = next.index();
            if next == first {
                return way;
            }
            if members.contains(&next) && seen.insert(next) {
                ways.push_back(way.iter().copied().chain([next]).collect());
            }
        }
    }
    vec![first]
}
