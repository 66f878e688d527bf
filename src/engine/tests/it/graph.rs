//! Laws of the graph: order, closures, cycles.

use crate::support::{cases, source, stage};
use kaslite_engine::graph::Graph;
use kaslite_engine::problem::Problem;
use kaslite_engine::stage::Stage;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Maker → reader.
type Edges = BTreeSet<(usize, usize)>;

const MOST: usize = 12;

fn stages(count: usize, edges: &Edges) -> Vec<Stage> {
    (0..count)
        .map(|reader| {
            let deps: Vec<String> = edges
                .iter()
                .filter(|(_, other)| *other == reader)
                .map(|(maker, _)| format!("out{maker}"))
                .collect();
            stage(&format!("s{reader}"), &deps, &[format!("out{reader}")])
        })
        .collect()
}

fn build(stages: &[Stage]) -> (Graph, Vec<Problem>) {
    let mut problems = Vec::new();
    let graph = Graph::build(stages, &[source("")], &mut problems);
    (graph, problems)
}

/// Edges among `MOST` stages, in the direction of a hidden order: no cycle.
fn acyclic() -> impl Strategy<Value = Edges> {
    let ranks = Just((0..MOST).collect::<Vec<usize>>()).prop_shuffle();
    let pairs = prop::collection::vec((0..MOST, 0..MOST), 0..30);
    (ranks, pairs).prop_map(|(ranks, pairs)| {
        let sorted = |(a, b): (usize, usize)| if ranks[a] < ranks[b] { (a, b) } else { (b, a) };
        pairs
            .into_iter()
            .filter(|(a, b)| a != b)
            .map(sorted)
            .collect()
    })
}

fn any_edges() -> impl Strategy<Value = Edges> {
    let pairs = prop::collection::btree_set((0..MOST, 0..MOST), 0..20);
    pairs.prop_map(|pairs| pairs.into_iter().filter(|(a, b)| a != b).collect())
}

/// Everything that can be reached from `from`, itself included.
fn reachable(from: usize, edges: &Edges) -> BTreeSet<usize> {
    let mut found = BTreeSet::from([from]);
    loop {
        let next: BTreeSet<usize> = edges
            .iter()
            .filter(|(a, b)| found.contains(a) && !found.contains(b))
            .map(|(_, b)| *b)
            .collect();
        if next.is_empty() {
            return found;
        }
        found.extend(next);
    }
}

fn has_cycle(edges: &Edges) -> bool {
    edges.iter().any(|(a, b)| reachable(*b, edges).contains(a))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn each_stage_comes_after_those_it_reads_from(edges in acyclic()) {
        let (graph, problems) = build(&stages(MOST, &edges));
        prop_assert!(problems.is_empty(), "{:?}", problems);
        let order = graph.order();
        prop_assert_eq!(order.len(), MOST);
        let at = |stage: usize| order.iter().position(|other| *other == stage);
        for (maker, reader) in &edges {
            prop_assert!(at(*maker) < at(*reader));
            prop_assert!(graph.upstream(*reader).contains(maker));
            prop_assert!(graph.downstream(*maker).contains(reader));
        }
    }

    #[test]
    fn of_those_that_can_run_the_first_of_the_file_comes_first(edges in acyclic()) {
        let (graph, _) = build(&stages(MOST, &edges));
        let mut done = BTreeSet::new();
        for &next in graph.order() {
            let waits = |stage: usize| {
                edges.iter().any(|(maker, reader)| *reader == stage && !done.contains(maker))
            };
            let first = (0..MOST).find(|stage| !done.contains(stage) && !waits(*stage));
            prop_assert_eq!(first, Some(next));
            done.insert(next);
        }
    }

    #[test]
    fn selections_hold_all_they_need(edges in acyclic(), start in 0..MOST, other in 0..MOST) {
        let (graph, _) = build(&stages(MOST, &edges));
        let backwards: Edges = edges.iter().map(|(a, b)| (*b, *a)).collect();
        let both = |edges: &Edges| &reachable(start, edges) | &reachable(other, edges);
        prop_assert_eq!(graph.with_downstream(&[start, other]), both(&edges));
        prop_assert_eq!(graph.with_upstream(&[start, other]), both(&backwards));
    }

    #[test]
    fn a_problem_names_a_real_cycle_where_there_is_one(edges in any_edges()) {
        let (graph, problems) = build(&stages(MOST, &edges));
        prop_assert_eq!(!problems.is_empty(), has_cycle(&edges));
        for problem in problems {
            let (_, names) = problem.message().split_once(": ").expect("names");
            let way: Vec<usize> = names
                .split(" → ")
                .map(|name| name[1..].parse().expect("the number of a stage"))
                .collect();
            prop_assert!(way.len() > 2);
            prop_assert_eq!(way.first(), way.last());
            for pair in way.windows(2) {
                prop_assert!(edges.contains(&(pair[0], pair[1])), "{}", names);
            }
            prop_assert!(graph.order().is_empty());
        }
    }

    #[test]
    fn no_set_of_paths_is_too_odd(
        paths in prop::collection::vec((odd_paths(), odd_paths()), 0..8),
    ) {
        let stages: Vec<Stage> = paths
            .iter()
            .enumerate()
            .map(|(index, (deps, outs))| stage(&format!("s{index}"), deps, outs))
            .collect();
        let (graph, problems) = build(&stages);
        for problem in &problems {
            prop_assert!(!problem.to_string().is_empty());
        }
        if problems.is_empty() {
            prop_assert_eq!(graph.order().len(), stages.len());
        }
    }
}

fn odd_paths() -> impl Strategy<Value = Vec<String>> {
    let near = "(\\.|\\.\\.|a|b)(/(a|b|c-d|\\.\\.)){0,3}";
    prop::collection::vec(prop_oneof![near, any::<String>()], 0..4)
}
