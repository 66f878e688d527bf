use tch::Tensor;

use crate::layer::{Affine, Sums};
use crate::model::Reading;
use crate::network::{Network, Site};
use crate::seed::{Child, Coupling, Operator, Seed, blended};

/// A slot and the first layer behind it, where that layer begins with an affine map. The seeds' outputs
/// go into their blends and their mean by shares that add up to 1, so the map may just as well be put
/// before these: multiplied out with the last layer of a child it costs nothing for what the child
/// gives, and in front of the logits, which are narrow, makes the child itself cheaper by half.
pub(super) struct Junction<'a> {
    first: Sums,
    /// For each seed in the slot what it shows.
    shown: Vec<Option<Shown<'a>>>,
}

struct Shown<'a> {
    child: &'a Child,
    alpha: f64,
    /// The child's last layer and the map behind the slot.
    both: Affine,
}

impl<'a> Junction<'a> {
    /// Behind the slot `at`, from 0; none where the layer there is no such one, or a seed that shows joins
    /// in another way.
    pub(super) fn new(network: &'a Network, at: usize, reading: Reading) -> Option<Self> {
        let first = network.host().first(at + 1)?;
        let site: &'a Site = network.sites().get(at)?;
        let landing = network.landing();
        let shown = |seed: &'a Seed| {
            let Some(child) = seed.child() else {
                return Some(None);
            };
            match seed.role_as(landing, reading).coupling {
                Coupling::Absent | Coupling::StraightThrough => Some(None),
                Coupling::Blend {
                    operator: Operator::Add,
                    alpha,
                } => Some(Some(Shown {
                    child,
                    alpha,
                    both: first.map.after(&child.last()?),
                })),
                Coupling::Blend {
                    operator: Operator::Multiply | Operator::Gate,
                    ..
                }
                | Coupling::Sum => None,
            }
        };
        let shown = site.seeds().iter().map(shown).collect::<Option<_>>()?;
        Some(Self { first, shown })
    }

    /// The sums of the layer behind, where the slot passes on `x`.
    pub(super) fn sums(&self, x: &Tensor) -> Tensor {
        self.first.map.of(x)
    }

    /// The sums where the seed at this place of the slot gets `x` and is alone there; `sums` are those
    /// of `x`. Nothing where it shows nothing.
    pub(super) fn output(&self, seed: usize, x: &Tensor, sums: &Tensor) -> Option<Tensor> {
        let shown = self.shown[seed].as_ref()?;
        let child = shown.both.of(&shown.child.forward_to_last(x));
        Some(blended(sums, child, shown.alpha))
    }

    /// What the layer gives for the sums.
    pub(super) fn given(&self, sums: &Tensor) -> Tensor {
        self.first.activation.of(sums)
    }
}
