use kaslite_random::TorchGenerator;
use tch::{Device, Tensor};

use crate::config::Landing;
use crate::host::{Architecture, Host};
use crate::layer::{Tape, Wanted};
use crate::network::{Record, Site, Watcher};
use crate::seed::{Seed, SeedId};

/// The host and the seeds in its slots.
pub(crate) struct Network {
    architecture: Architecture,
    host: Box<dyn Host>,
    sites: Vec<Site>,
    landing: Landing,
    device: Device,
}

/// What one forward pass gives.
pub(crate) struct Pass {
    /// `[rows, classes]`.
    pub(crate) logits: Tensor,
    /// What the seeds in each slot got, `[rows, dim]` each.
    pub(crate) site_inputs: Vec<Tensor>,
}

impl Network {
    /// A host with initial weights on `device`, all seeds dormant.
    pub(crate) fn draw(
        architecture: Architecture,
        landing: Landing,
        generator: &mut TorchGenerator,
        device: Device,
    ) -> Self {
        let host = architecture.host.draw(&architecture, generator, device);
        let dormant = |slot| architecture.seeds_behind(slot).map(Seed::dormant).collect();
        let sites = (1..=host.slots().len())
            .map(|slot| Site::new(dormant(slot)))
            .collect();
        Self::from_parts(architecture, host, sites, landing, device)
    }

    /// A network of parts that fit each other.
    pub(crate) fn from_parts(
        architecture: Architecture,
        host: Box<dyn Host>,
        sites: Vec<Site>,
        landing: Landing,
        device: Device,
    ) -> Self {
        debug_assert_eq!(host.slots().len(), sites.len());
        Self {
            architecture,
            host,
            sites,
            landing,
            device,
        }
    }

    pub(crate) fn architecture(&self) -> Architecture {
        self.architecture
    }

    pub(crate) fn landing(&self) -> Landing {
        self.landing
    }

    /// Where the weights lie.
    pub(crate) fn device(&self) -> Device {
        self.device
    }

    pub(crate) fn host(&self) -> &dyn Host {
        self.host.as_ref()
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

    /// Puts a seed in the place of the one of its name, if there is one.
    pub(crate) fn put(&mut self, seed: Seed) {
        if let Some(place) = self.seed_mut(seed.id()) {
            *place = seed;
        }
    }

    pub(crate) fn seed_mut(&mut self, id: SeedId) -> Option<&mut Seed> {
        let mut seeds = self.sites.iter_mut().flat_map(Site::seeds_mut);
        seeds.find(|seed| seed.id() == id)
    }

    /// `[rows, input_dim]` to logits, with every seed switched on.
    pub(crate) fn forward(&self, x: &Tensor) -> Pass {
        self.forward_with(x, &|_| true)
    }

    /// `[rows, input_dim]` to logits; a seed that `enabled` refuses passes its input on.
    pub(crate) fn forward_with(&self, x: &Tensor, enabled: &dyn Fn(SeedId) -> bool) -> Pass {
        let record = &mut Record::new(&self.sites, &Tape::off());
        self.pass(x, enabled, record, &mut |_, _, _| {})
    }

    /// [`Network::forward`], in which `watch` is shown what every seed gives that shows.
    pub(crate) fn forward_watched(&self, x: &Tensor, watch: &mut Watcher<'_>) -> Pass {
        let record = &mut Record::new(&self.sites, &Tape::off());
        self.pass(x, &|_| true, record, watch)
    }

    /// [`Network::forward`] with what [`Network::backward`] needs.
    pub(crate) fn forward_recorded(&self, x: &Tensor) -> (Pass, Record) {
        self.forward_recorded_with(x, &|_| true)
    }

    /// The same with some seeds switched off, for [`Network::backward_with`].
    pub(crate) fn forward_recorded_with(
        &self,
        x: &Tensor,
        enabled: &dyn Fn(SeedId) -> bool,
    ) -> (Pass, Record) {
        let mut record = Record::new(&self.sites, &Tape::recording());
        let pass = self.pass(x, enabled, &mut record, &mut |_, _, _| {});
        (pass, record)
    }

    fn pass(
        &self,
        x: &Tensor,
        enabled: &dyn Fn(SeedId) -> bool,
        record: &mut Record,
        watch: &mut Watcher<'_>,
    ) -> Pass {
        let mut site_inputs = Vec::with_capacity(self.sites.len());
        let mut given = x.shallow_clone();
        for (at, site) in self.sites.iter().enumerate() {
            given = self.host.forward(at, &given, &mut record.segments[at]);
            site_inputs.push(given.shallow_clone());
            let tapes = &mut record.sites[at];
            given = site.output(given, self.landing, enabled, tapes, watch);
        }
        let last = self.sites.len();
        let logits = self.host.forward(last, &given, &mut record.segments[last]);
        Pass {
            logits,
            site_inputs,
        }
    }

    /// The way back of a recorded pass, from the gradient of the loss with respect to the logits:
    /// writes the gradients of the children that learn ([`Seed::role`]), and those of the host if
    /// `host` says so. Goes no further down than somebody learns.
    pub(crate) fn backward(&self, record: Record, gradient: Tensor, host: bool) {
        self.backward_with(record, gradient, host, &|_| true);
    }

    /// The way back of a pass in which the seeds were switched on that `enabled` says.
    pub(crate) fn backward_with(
        &self,
        mut record: Record,
        gradient: Tensor,
        host: bool,
        enabled: &dyn Fn(SeedId) -> bool,
    ) {
        let learns = |seed: &Seed| enabled(seed.id()) && seed.role(self.landing).learns;
        let learns = |site: &Site| site.seeds().iter().any(learns);
        // The lowest place that learns; a segment stands below the slot of the same number.
        let lowest = if host {
            Some(0)
        } else {
            self.sites.iter().position(learns)
        };
        let Some(lowest) = lowest else { return };
        let mut gradient = gradient;
        for at in (0..=self.sites.len()).rev() {
            let through_site = match self.sites.get(at) {
                Some(site) => {
                    let input = host || at > lowest;
                    let tapes = &mut record.sites[at];
                    site.backward(gradient, self.landing, enabled, tapes, input)
                }
                None => Some(gradient),
            };
            let Some(given) = through_site else { return };
            let wanted = Wanted {
                weights: host,
                input: at > lowest,
            };
            let tape = &mut record.segments[at];
            let Some(below) = self.host.backward(at, given, tape, wanted) else {
                return;
            };
            gradient = below;
        }
    }
}
