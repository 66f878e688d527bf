use kaslite_random::TorchGenerator;
use tch::Tensor;

use crate::config::Landing;
use crate::host::{Architecture, MlpHost};
use crate::network::Site;
use crate::seed::{Seed, SeedId};

/// The host and the seeds behind its layers.
pub(crate) struct Network {
    host: MlpHost,
    sites: Vec<Site>,
    landing: Landing,
}

/// What one forward pass gives.
pub(crate) struct Pass {
    /// `[rows, classes]`.
    pub(crate) logits: Tensor,
    /// What the seeds behind each layer got, `[rows, hidden_dim]` each, detached from the graph.
    pub(crate) site_inputs: Vec<Tensor>,
}

impl Network {
    /// A host with initial weights, all seeds dormant.
    pub(crate) fn draw(
        architecture: Architecture,
        landing: Landing,
        generator: &mut TorchGenerator,
    ) -> Self {
        let dormant = |layer| {
            architecture
                .seeds_behind(layer)
                .map(Seed::dormant)
                .collect()
        };
        let sites = (1..=architecture.num_layers)
            .map(|layer| Site::new(dormant(layer)))
            .collect();
        Self {
            host: MlpHost::draw(architecture, generator),
            sites,
            landing,
        }
    }

    /// A network out of a model file.
    pub(crate) fn from_parts(host: MlpHost, sites: Vec<Site>, landing: Landing) -> Self {
        Self {
            host,
            sites,
            landing,
        }
    }

    pub(crate) fn architecture(&self) -> Architecture {
        self.host.architecture()
    }

    pub(crate) fn landing(&self) -> Landing {
        self.landing
    }

    pub(crate) fn host(&self) -> &MlpHost {
        &self.host
    }

    pub(crate) fn host_mut(&mut self) -> &mut MlpHost {
        &mut self.host
    }

    pub(crate) fn sites(&self) -> &[Site] {
        &self.sites
    }

    pub(crate) fn sites_mut(&mut self) -> &mut [Site] {
        &mut self.sites
    }

    /// Every seed, in the order in which the host meets them.
    pub(crate) fn seeds(&self) -> impl Iterator<Item = &Seed> {
        self.sites.iter().flat_map(Site::seeds)
    }

    pub(crate) fn seeds_mut(&mut self) -> impl Iterator<Item = &mut Seed> {
        self.sites.iter_mut().flat_map(Site::seeds_mut)
    }

    pub(crate) fn seed_mut(&mut self, id: SeedId) -> Option<&mut Seed> {
        self.seeds_mut().find(|seed| seed.id() == id)
    }

    /// `[rows, input_dim]` to logits, with every seed switched on.
    pub(crate) fn forward(&self, x: &Tensor) -> Pass {
        self.forward_with(x, &|_| true)
    }

    /// `[rows, input_dim]` to logits; a seed that `enabled` refuses passes its input on.
    pub(crate) fn forward_with(&self, x: &Tensor, enabled: &dyn Fn(SeedId) -> bool) -> Pass {
        let mut site_inputs = Vec::with_capacity(self.sites.len());
        let mut hidden = self.host.enter(x);
        for (layer, site) in (1..).zip(&self.sites) {
            hidden = self.host.hidden(layer, &hidden);
            site_inputs.push(hidden.detach());
            hidden = site.output(hidden, self.landing, enabled);
        }
        Pass {
            logits: self.host.leave(&hidden),
            site_inputs,
        }
    }

    /// Gives the seeds behind each layer a batch to remember.
    pub(crate) fn remember(&mut self, site_inputs: Vec<Tensor>) {
        for (site, input) in self.sites.iter_mut().zip(site_inputs) {
            site.remember(input);
        }
    }
}
