use tch::Tensor;

use crate::layer::Tape;
use crate::model::{Configuration, Reading};
use crate::network::{Junction, Network, Site};
use crate::seed::SeedId;

/// Forward passes of many configurations at once: what the first slots give is computed once for all
/// configurations that agree about them.
///
/// With a seed in each of n slots, the segment behind slot k runs 2^k times and not 2^n times, and a
/// child there as often, instead of once in half of the 2^n configurations; and a seed that is switched on
/// needs no product of the layer behind it ([`Junction`]).
pub(crate) struct Tree<'a> {
    network: &'a Network,
    reading: Reading,
    /// For each slot the grown seeds there: place in the slot, place in the configuration.
    players: Vec<Vec<(usize, usize)>>,
    /// For each slot.
    junctions: Vec<Option<Junction<'a>>>,
    configurations: &'a [Configuration],
}

impl<'a> Tree<'a> {
    /// For configurations of the seeds `grown`, in the order of the host.
    pub(crate) fn new(
        network: &'a Network,
        grown: &[SeedId],
        configurations: &'a [Configuration],
        reading: Reading,
    ) -> Self {
        let of_site = |site: &Site| {
            let place = |id: SeedId| grown.iter().position(|grown| *grown == id);
            let seeds = site.seeds().iter().enumerate();
            seeds
                .filter_map(|(at, seed)| Some((at, place(seed.id())?)))
                .collect()
        };
        let players = network.sites().iter().map(of_site).collect();
        let slots = 0..network.sites().len();
        Self {
            network,
            reading,
            players,
            junctions: slots
                .map(|at| Junction::new(network, at, reading))
                .collect(),
            configurations,
        }
    }

    /// `[rows, input_dim]` to the logits of each configuration, given to `leaf` with its number, in
    /// no particular order. Ends early when `leaf` refuses; whether it went to the end.
    pub(crate) fn walk(&self, x: &Tensor, leaf: &mut dyn FnMut(usize, &Tensor) -> bool) -> bool {
        let mut order: Vec<usize> = (0..self.configurations.len()).collect();
        order.sort_by_key(|at| self.configurations[*at].by_first_seeds());
        if order.is_empty() {
            return true;
        }
        let given = self.network.host().forward(0, x, &mut Tape::off());
        self.above(0, &given, &order, leaf)
    }

    /// The slot `at`, which gets `x`, and all above it, for configurations that agree about the slots
    /// below.
    fn above(
        &self,
        at: usize,
        x: &Tensor,
        group: &[usize],
        leaf: &mut dyn FnMut(usize, &Tensor) -> bool,
    ) -> bool {
        let network = self.network;
        let Some(site) = network.sites().get(at) else {
            return group.iter().all(|number| leaf(*number, x));
        };
        let players = &self.players[at];
        let is_on = |number: usize, player: usize| self.configurations[number].has(player);
        let seeds = |output: &dyn Fn(usize) -> Option<Tensor>| -> Vec<Option<Tensor>> {
            let output = |&(seed, player): &(usize, usize)| {
                let asked = group.iter().any(|number| is_on(*number, player));
                asked.then(|| output(seed)).flatten()
            };
            players.iter().map(output).collect()
        };
        let junction = self.junctions[at].as_ref();
        let straight = junction.map_or_else(|| x.shallow_clone(), |junction| junction.sums(x));
        let outputs = seeds(&|seed| match junction {
            Some(junction) => junction.output(seed, x, &straight),
            None => site.seeds()[seed].output_as(x, network.landing(), self.reading),
        });
        let agree = |one: &usize, other: &usize| {
            let mut players = players.iter();
            players.all(|&(_, player)| is_on(*one, player) == is_on(*other, player))
        };
        group.chunk_by(agree).all(|group| {
            let on = players.iter().zip(&outputs);
            let shown = on.filter(|((_, player), _)| is_on(group[0], *player));
            let shown: Vec<&Tensor> = shown.filter_map(|(_, output)| output.as_ref()).collect();
            let mixed = site.mix_shared(&straight, &shown);
            let host = network.host();
            let next = match junction {
                Some(junction) => host.forward_from_first(at + 1, &junction.given(&mixed)),
                None => host.forward(at + 1, &mixed, &mut Tape::off()),
            };
            self.above(at + 1, &next, group, leaf)
        })
    }
}
