use tch::{Device, Kind, Tensor};

use crate::dense::{Activations, GradientSpread, Openness};
use crate::network::Network;
use crate::seed::{Coupling, Seed, SeedId};
use crate::training::TaskLoss;

/// How the gradients that lie there are spread: the host's, and those of the seeds that learn.
pub(crate) fn gradients(network: &Network) -> Vec<GradientSpread> {
    let landing = network.landing();
    let learns = |seed: &&Seed| seed.role(landing).learns;
    let host = (None, network.host().parameters());
    let seeds = network.seeds().filter(learns);
    let seeds = seeds.filter_map(|seed| Some((Some(seed.id()), seed.child()?.parameters())));
    let modules = std::iter::once(host).chain(seeds);
    modules
        .map(|(seed, parameters)| spread(seed, parameters.flat_gradient()))
        .collect()
}

fn spread(seed: Option<SeedId>, gradient: &Tensor) -> GradientSpread {
    let mut values = vec![0.0_f32; gradient.numel()];
    gradient
        .to_device(Device::Cpu)
        .copy_data(&mut values, gradient.numel());
    GradientSpread::of(seed, &values)
}

/// How much of the host's gradient comes through the seeds that learn straight through, and should be
/// kept away from it: the norm of what it changes when these seeds are taken out, relative to what the
/// host's gradient then is. None where there is no such seed, or no gradient.
pub(crate) fn leakage(network: &Network, features: &Tensor, labels: &Tensor) -> Option<f64> {
    let landing = network.landing();
    let isolated = |seed: &&Seed| {
        let role = seed.role(landing);
        role.learns && role.isolated && role.coupling == Coupling::StraightThrough
    };
    let isolated: Vec<SeedId> = network.seeds().filter(isolated).map(Seed::id).collect();
    if isolated.is_empty() {
        return None;
    }
    share_through(network, features, labels, &isolated)
}

/// The share of the host's gradient that comes through `seeds`.
pub(crate) fn share_through(
    network: &Network,
    features: &Tensor,
    labels: &Tensor,
    seeds: &[SeedId],
) -> Option<f64> {
    let gradient = |enabled: &dyn Fn(SeedId) -> bool| {
        let (pass, record) = network.forward_recorded_with(features, enabled);
        let loss = TaskLoss::new(&pass.logits, labels);
        network.backward_with(record, loss.gradient(), true, enabled);
        network.host().parameters().flat_gradient().copy()
    };
    let with = gradient(&|_| true);
    let without = gradient(&|seed| !seeds.contains(&seed));
    let norm = |tensor: &Tensor| tensor.norm().double_value(&[]);
    let whole = norm(&without);
    (whole > 0.0).then(|| norm(&(with - without)) / whole)
}

/// What passes each slot, `[rows, units]` each.
pub(crate) fn activations(network: &Network, site_inputs: &[Tensor]) -> Vec<Activations> {
    let slots = network.host().slots().iter().zip(site_inputs);
    slots
        .map(|(slot, input)| {
            let over_rows = [0_i64].as_slice();
            let units = input.size().get(1).copied().unwrap_or_default();
            let living = input.ne(0.0).any_dim(0, false).sum(Kind::Int64);
            let dead = units - living.int64_value(&[]);
            let mean = input.mean(Kind::Double);
            let square = (input.to_kind(Kind::Double) - &mean).square();
            let variance = square
                .mean_dim(over_rows, false, Kind::Double)
                .mean(Kind::Double);
            Activations {
                place: slot.name.clone(),
                mean: mean.double_value(&[]),
                deviation: variance.double_value(&[]).sqrt(),
                dead: usize::try_from(dead).unwrap_or_default(),
                units: usize::try_from(units).unwrap_or_default(),
            }
        })
        .collect()
}

/// How far the gates of the seeds that join through one are open for what passes their slots.
pub(crate) fn openness(network: &Network, site_inputs: &[Tensor]) -> Vec<Openness> {
    let sites = network.sites().iter().zip(site_inputs);
    let seeds = sites.flat_map(|(site, input)| site.seeds().iter().map(move |it| (it, input)));
    seeds
        .filter_map(|(seed, input)| {
            let open = seed.openness(input, network.landing())?;
            let open = open.to_kind(Kind::Double).flatten(0, -1);
            let shares = Tensor::from_slice(&[0.0, 0.25, 0.5, 0.75, 1.0]).to_device(open.device());
            let quartiles = open.quantile(&shares, 0, false, "linear");
            Some(Openness {
                seed: seed.id(),
                mean: open.mean(None).double_value(&[]),
                deviation: open.std(false).double_value(&[]),
                quartiles: std::array::from_fn(|at| {
                    quartiles.double_value(&[i64::try_from(at).unwrap_or_default()])
                }),
            })
        })
        .collect()
}
