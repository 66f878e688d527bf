//! [`Queue`]: the stages that have not started yet, and which of them may.

use crate::graph::Graph;
use crate::limits::Limits;
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// Stages that have not started, by their place in the order they start. To take one out takes no longer
/// where more of them wait.
pub(crate) struct Queue<'a> {
    graph: &'a Graph,
    /// The stage at each place.
    order: Vec<usize>,
    /// Stage → its place.
    places: BTreeMap<usize, usize>,
    /// By place: how many of the stages it reads from have not ended.
    lacks: Vec<usize>,
    /// By place: the kind of room it takes.
    kinds: Vec<usize>,
    waiting: BTreeSet<usize>,
    /// Those that cannot run any more.
    blocked: BTreeSet<usize>,
    /// Those that may start, by the kind of room they take.
    ready: Vec<(&'a Limits, BTreeSet<usize>)>,
}

impl<'a> Queue<'a> {
    /// All of `order` waits.
    pub(crate) fn new(stages: &'a [Stage], graph: &'a Graph, order: Vec<usize>) -> Self {
        let places = order.iter().enumerate();
        let mut queue = Self {
            graph,
            places: places.map(|(place, &stage)| (stage, place)).collect(),
            lacks: Vec::new(),
            kinds: Vec::new(),
            waiting: (0..order.len()).collect(),
            blocked: BTreeSet::new(),
            ready: Vec::new(),
            order,
        };
        let mut kinds = BTreeMap::new();
        for (place, &stage) in queue.order.iter().enumerate() {
            let limits = &stages[stage].limits;
            let Limits {
                cpus, gpus, memory, ..
            } = limits;
            let kind = (cpus, gpus, memory, &limits.pool);
            let kind = *kinds.entry(kind).or_insert_with(|| {
                queue.ready.push((limits, BTreeSet::new()));
                queue.ready.len() - 1
            });
            let upstream = graph.upstream(stage).into_iter();
            let lacks = upstream.filter(|up| queue.places.contains_key(up));
            let lacks = lacks.count();
            if lacks == 0 {
                queue.ready[kind].1.insert(place);
            }
            queue.lacks.push(lacks);
            queue.kinds.push(kind);
        }
        queue
    }

    /// Takes out the first stage that reads from nothing that has not ended, and that fits.
    pub(crate) fn pop_ready(&mut self, fits: impl Fn(&Limits) -> bool) -> Option<usize> {
        let fitting = self.ready.iter().filter(|(limits, _)| fits(limits));
        let place = fitting.filter_map(|(_, ready)| ready.first()).min();
        place.copied().map(|place| self.take(place))
    }

    /// Takes out the first stage that cannot run any more.
    pub(crate) fn pop_blocked(&mut self) -> Option<usize> {
        let place = self.blocked.first().copied();
        place.map(|place| self.take(place))
    }

    /// Takes out the first stage.
    pub(crate) fn pop(&mut self) -> Option<usize> {
        let place = self.waiting.first().copied();
        place.map(|place| self.take(place))
    }

    /// Puts back a stage that was ready.
    pub(crate) fn put_back(&mut self, stage: usize) {
        let place = self.places[&stage];
        self.waiting.insert(place);
        self.ready[self.kinds[place]].1.insert(place);
    }

    /// A stage has ended; `blocks` where what reads from it cannot run then.
    pub(crate) fn end(&mut self, stage: usize, blocks: bool) {
        for reader in self.graph.downstream(stage) {
            let Some(&place) = self.places.get(&reader) else {
                continue;
            };
            self.lacks[place] -= 1;
            if !self.waiting.contains(&place) {
                continue;
            }
            if blocks {
                self.blocked.insert(place);
            } else if self.lacks[place] == 0 {
                self.ready[self.kinds[place]].1.insert(place);
            }
        }
    }

    fn take(&mut self, place: usize) -> usize {
        self.waiting.remove(&place);
        self.blocked.remove(&place);
        self.ready[self.kinds[place]].1.remove(&place);
        self.order[place]
    }
}
