use tch::Tensor;

use crate::layer::Tape;
use crate::model::{Configuration, Reading};
use crate::network::{Network, Site};
use crate::seed::SeedId;

/// Forward passes of many configurations at once: what the first slots give is computed once for all
/// configurations that agree about them.
///
/// With a seed in each of n slots, the segment behind slot k runs 2^k times and not 2^n times, and a
/// child there as often, instead of once in half of the 2^n configurations.
pub(crate) struct Tree<'a> {
    network: &'a Network,
    reading: Reading,
    /// For each slot the grown seeds there: place in the slot, place in the configuration.
    players: Vec<Vec<(usize, usize)>>,
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
        Self {
            network,
            reading,
            players,
            configurations,
        }
    }

    /// `[rows, input_dim]` to the logits of each configuration, given to `leaf` with its number, in
    /// no particular order. Ends early when `leaf` refuses; whether it went to the end.
    pub(crate) fn walk(&self, x: &Tensor, leaf: &mut dyn FnMut(usize, &Tensor) -> bool) -> bool {
        let mut order: Vec<usize> = (0..self.configurations.len()).collect();
        order.sort_by_key(|at| self.configurations[*at].by_first_seeds());
        order.is_empty() || self.below(0, x, &order, leaf)
    }

    /// The segment `at` and all above it, for configurations that agree about the slots below.
    fn below(
        &self,
        at: usize,
        x: &Tensor,
        group: &[usize],
        leaf: &mut dyn FnMut(usize, &Tensor) -> bool,
    ) -> bool {
        let network = self.network;
        let given = network.host().forward(at, x, &mut Tape::off());
        let Some(site) = network.sites().get(at) else {
            return group.iter().all(|number| leaf(*number, &given));
        };
        let players = &self.players[at];
        let is_on = |number: usize, player: usize| self.configurations[number].has(player);
        let outputs: Vec<Option<Tensor>> = players
            .iter()
            .map(|&(seed, player)| {
                let asked = group.iter().any(|number| is_on(*number, player));
                let seed = asked.then(|| &site.seeds()[seed])?;
                seed.output_as(&given, network.landing(), self.reading)
            })
            .collect();
        let agree = |one: &usize, other: &usize| {
            let mut players = players.iter();
            players.all(|&(_, player)| is_on(*one, player) == is_on(*other, player))
        };
        group.chunk_by(agree).all(|group| {
            let on = players.iter().zip(&outputs);
            let shown = on.filter(|((_, player), _)| is_on(group[0], *player));
            let shown: Vec<&Tensor> = shown.filter_map(|(_, output)| output.as_ref()).collect();
            let mixed = site.mix_shared(&given, &shown);
            self.below(at + 1, &mixed, group, leaf)
        })
    }
}
