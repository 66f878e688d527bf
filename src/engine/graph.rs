//! [`Graph`]: which stage must come before which.

use crate::makers::Makers;
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::stage::{Dep, Out, Stage};
use petgraph::Direction;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, Reversed};
use std::collections::BTreeSet;

/// Stages by index; an edge leads from the maker of a path to its reader.
#[derive(Debug, Default)]
pub struct Graph {
    graph: DiGraph<(), ()>,
    order: Vec<usize>,
}

impl Graph {
    /// Builds the graph; adds a problem for each out with two makers, each out inside another, each
    /// path that is dep and out of one stage, each cycle.
    pub fn build(stages: &[Stage], sources: &[Source], problems: &mut Vec<Problem>) -> Self {
        let makers = Makers::new(stages);
        clashes(stages, &makers, sources, problems);
        let mut graph = DiGraph::new();
        for _ in stages {
            graph.add_node(());
        }
        for (reader, stage) in stages.iter().enumerate() {
            let mut read_from = BTreeSet::new();
            for dep in &stage.deps {
                for maker in makers.of(&dep.path) {
                    if maker == reader {
                        problems.push(own(stage, dep, &sources[stage.file]));
                    } else {
                        read_from.insert(maker);
                    }
                }
            }
            // To ask whether an edge is there takes as long as its ends have others.
            for maker in read_from {
                graph.add_edge(NodeIndex::new(maker), NodeIndex::new(reader), ());
            }
        }
        let order = if let Ok(order) = toposort(&graph, None) {
            stable(&graph, order.len())
        } else {
            cycles(&graph, stages, &makers, sources, problems);
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

    /// The stages and everything that hangs together with them, whichever way.
    pub fn connected(&self, stages: &[usize]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut ahead = stages.to_vec();
        while let Some(stage) = ahead.pop() {
            if found.insert(stage) {
                ahead.extend(
                    self.graph
                        .neighbors_undirected(NodeIndex::new(stage))
                        .map(NodeIndex::index),
                );
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

/// A problem for each out that another stage makes too, and for each that lies in another.
fn clashes(stages: &[Stage], makers: &Makers, sources: &[Source], problems: &mut Vec<Problem>) {
    for (index, stage) in stages.iter().enumerate() {
        let source = &sources[stage.file];
        for out in &stage.outs {
            let Out { path, place, .. } = out;
            if let Some(first) = makers.get(path).filter(|first| *first != index) {
                let other = &stages[first];
                let line = place_of(other, path).line;
                let at = if other.file == stage.file {
                    format!("on line {line}")
                } else {
                    format!("in {}:{line}", sources[other.file].name)
                };
                let message = format!(
                    "`{path}` is an out of two stages, `{}` and `{}`",
                    other.name, stage.name
                );
                let hint = format!("the other is {at}; one path has one maker");
                problems.push(Problem::at(source, *place, message).hint(hint));
            }
            if let Some((above, maker)) = makers.above(path) {
                let other = &stages[maker];
                let owner = if maker == index {
                    "of the same stage".to_owned()
                } else {
                    format!("of stage `{}`", other.name)
                };
                let message = format!("the out `{path}` lies in the out `{above}` {owner}");
                let hint = if maker == index {
                    format!("`{above}` holds all that is in it: remove `{path}` here")
                } else {
                    format!(
                        "one path has one maker: make it elsewhere, or name the files of `{}` one \
                         by one",
                        other.name
                    )
                };
                problems.push(Problem::at(source, *place, message).hint(hint));
            }
        }
    }
}

fn place_of(stage: &Stage, path: &RelPath) -> Place {
    let out = stage.outs.iter().find(|out| out.path == *path);
    out.map_or(stage.place, |out| out.place)
}

/// A stage that reads what it makes.
fn own(stage: &Stage, dep: &Dep, source: &Source) -> Problem {
    let (name, path) = (&stage.name, &dep.path);
    let touches = |out: &&Out| out.path.contains(path) || path.contains(&out.path);
    let out = stage
        .outs
        .iter()
        .find(touches)
        .map_or(path, |out| &out.path);
    let (message, hint) = if out == path {
        (
            format!("`{path}` is both a dep and an out of stage `{name}`"),
            "give what it makes another name than what it reads",
        )
    } else if path.contains(out) {
        (
            format!("the dep `{path}` of stage `{name}` holds its own out `{out}`"),
            "name the files it reads one by one, or make the out elsewhere",
        )
    } else {
        (
            format!("the dep `{path}` of stage `{name}` lies in its own out `{out}`"),
            "before it runs the out is removed: keep what it reads elsewhere",
        )
    };
    Problem::at(source, dep.place, message).hint(hint)
}

fn cycles(
    graph: &DiGraph<(), ()>,
    stages: &[Stage],
    makers: &Makers,
    sources: &[Source],
    problems: &mut Vec<Problem>,
) {
    for component in tarjan_scc(graph) {
        if component.len() < 2 {
            continue;
        }
        let members: BTreeSet<usize> = component.iter().map(|node| node.index()).collect();
        let Some(&first) = members.first() else {
            continue;
        };
        let mut way = round(graph, &members, first);
        way.push(first);
        let names: Vec<&str> = way
            .iter()
            .map(|&index| stages[index].name.as_str())
            .collect();
        let message = format!("the stages form a cycle: {}", names.join(" → "));
        let steps: Vec<(&Stage, &Dep, String)> = way
            .windows(2)
            .filter_map(|pair| {
                let dep = between(&stages[pair[1]], pair[0], makers)?;
                let (maker, reader) = (&stages[pair[0]].name, &stages[pair[1]].name);
                let step = format!("`{reader}` reads `{}` of `{maker}`", dep.path);
                Some((&stages[pair[1]], dep, step))
            })
            .collect();
        let own = &stages[first];
        let last = steps.last().map(|(stage, dep, _)| (*stage, dep.place));
        let (stage, place) = last.unwrap_or((own, own.place));
        let source = &sources[stage.file];
        let steps: Vec<String> = steps.into_iter().map(|(_, _, step)| step).collect();
        // A long way is told by its names alone.
        let hint = (steps.len() <= 6).then(|| steps.join(", "));
        problems.push(Problem::at(source, place, message).maybe_hint(hint));
    }
}

/// The dep by which a stage reads from `maker`.
fn between<'a>(reader: &'a Stage, maker: usize, makers: &Makers) -> Option<&'a Dep> {
    let reads = |dep: &&Dep| makers.of(&dep.path).contains(&maker);
    reader.deps.iter().find(reads)
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
