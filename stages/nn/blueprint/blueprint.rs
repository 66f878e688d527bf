use std::fmt;

use kaslite_random::{LinearWeights, TorchGenerator};
use serde::{Deserialize, Serialize};

use crate::layer::{Activation, Chain, GatedNorm, Layout, Linear};

/// How much wider the hidden layer of [`Blueprint::Mlp`] is than what the seed gets.
const EXPANSION: usize = 4;
/// Width of the narrow part of [`Blueprint::LowRank`], at most.
const RANK: usize = 8;

/// The kinds of child networks. Each gives rows of the width that it gets; `d` is that width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blueprint {
    /// `Linear(d, 4d)`, `ReLU`, `Linear(4d, d)`, the Python original's child: 8d² + 5d weights.
    #[default]
    Mlp,
    /// `x + tanh(k) (layer_norm(x) − x)`, which begins as the identity: 2d + 1 weights.
    Norm,
    /// `x + U D x` of rank 8, or d where that is less, which begins as the identity: 16d weights.
    LowRank,
    /// `x` itself: no weights. What a seed is worth beside this one, its child is worth.
    Noop,
}

impl Blueprint {
    /// Every blueprint.
    pub const ALL: [Self; 4] = [Self::Mlp, Self::Norm, Self::LowRank, Self::Noop];

    /// Number of weights of a child for rows of width `dim`.
    pub fn parameters(self, dim: usize) -> usize {
        let mut layout = Layout::default();
        let _chain = self.build(&mut layout, dim);
        layout.count()
    }

    /// The child's layers, and in `layout` room for its weights.
    pub(crate) fn build(self, layout: &mut Layout, dim: usize) -> Chain {
        match self {
            Self::Mlp => {
                let hidden = EXPANSION * dim;
                Chain::new(vec![
                    Box::new(Linear::new(layout, dim, hidden, Activation::Relu)),
                    Box::new(Linear::new(layout, hidden, dim, Activation::Identity)),
                ])
            }
            Self::Norm => Chain::new(vec![Box::new(GatedNorm::new(layout, dim))]),
            Self::LowRank => {
                let rank = RANK.min(dim);
                Chain::residual(vec![
                    Box::new(Linear::without_bias(layout, dim, rank)),
                    Box::new(Linear::without_bias(layout, rank, dim)),
                ])
            }
            Self::Noop => Chain::default(),
        }
    }

    /// The tensors' names, as they follow the seed's name in a model file.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Mlp => &[
                "child.0.weight",
                "child.0.bias",
                "child.2.weight",
                "child.2.bias",
            ],
            Self::Norm => &["child.norm.weight", "child.norm.bias", "child.k"],
            Self::LowRank => &["child.down.weight", "child.up.weight"],
            Self::Noop => &[],
        }
    }

    /// Initial weights, as they lie in the layout of [`Blueprint::build`].
    pub(crate) fn draw(self, dim: usize, generator: &mut TorchGenerator) -> Vec<f32> {
        match self {
            Self::Mlp => {
                let hidden = EXPANSION * dim;
                let up = LinearWeights::draw_for_relu(generator, dim, hidden);
                let down = LinearWeights::draw_for_relu(generator, hidden, dim);
                [up.weight, up.bias, down.weight, down.bias].concat()
            }
            Self::Norm => [vec![1.0; dim], vec![0.0; dim], vec![0.0]].concat(),
            Self::LowRank => {
                let rank = RANK.min(dim);
                let down = LinearWeights::draw(generator, dim, rank).weight;
                [down, vec![0.0; dim * rank]].concat()
            }
            Self::Noop => Vec::new(),
        }
    }
}

impl fmt::Display for Blueprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mlp => "mlp",
            Self::Norm => "norm",
            Self::LowRank => "low_rank",
            Self::Noop => "noop",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_counted() {
        let counts = Blueprint::ALL.map(|blueprint| blueprint.parameters(128));
        assert_eq!(counts, [131_712, 257, 2048, 0]);
        assert_eq!(Blueprint::LowRank.parameters(4), 32);
    }

    #[test]
    fn names_and_draws_fit_the_layout() {
        for blueprint in Blueprint::ALL {
            let mut layout = Layout::default();
            let _chain = blueprint.build(&mut layout, 6);
            let drawn = blueprint.draw(6, &mut TorchGenerator::new(1));
            assert_eq!(drawn.len(), layout.count(), "{blueprint:?}");
            let names = blueprint.names().len();
            assert_eq!(names, layout.shapes().len(), "{blueprint:?}");
        }
    }
}
