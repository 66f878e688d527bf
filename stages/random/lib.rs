//! Explicit generators that draw what torch, `NumPy` and Python draw, number for number.
//!
//! | generator | draws as | used for |
//! |---|---|---|
//! | [`TorchGenerator`] | torch's CPU generator | splits, initial weights, batch order |
//! | [`DataLoader`] | what a pass over a torch `DataLoader` draws | batch order |
//! | [`LinearWeights`] | the constructor of a torch `Linear` | initial weights |
//! | [`NumpyGenerator`] | `numpy.random.default_rng` | data |
//! | [`RandomState`] | `numpy.random.RandomState` | data (scikit-learn's recipes) |
//! | [`PythonRandom`] | `CPython`'s `random.Random` | the choice of buffered batches |
//!
//! None is global and none looks at the clock: a generator is a value, made from a seed.
//!
//! # What a training run draws
//!
//! Everything below but the choice of batches comes from one [`TorchGenerator`] made from the run's
//! seed, in this order. The test `golden` holds steps 1 to 4 against a recording of the Python
//! original, number for number.
//!
//! 1. The split: `randperm(samples)`; the first part trains, the rest validates.
//! 2. The initial weights ([`LinearWeights::draw`]): the input layer; then for each hidden layer its
//!    linear layer, followed by the two linear layers of each of its seeds (the seeds' weights are
//!    drawn, then set to zero); then the output layer.
//! 3. An epoch's training pass ([`DataLoader::shuffled`]): the base seed, then the seed of the
//!    generator from which the permutation comes. Both are drawn before the first batch.
//! 4. An epoch's validation pass ([`DataLoader::in_order`]): its base seed. It is drawn although
//!    nothing is shuffled. An epoch thus spends six 32-bit draws, or two where nothing is trained.
//! 5. Between the batches of a training pass, for each seed in training with ten buffered batches or
//!    more, seeds in the order of their making: a [`PythonRandom`] made from the run's seed picks
//!    `sample(buffered, min(64, buffered))` of the batches; where these hold more than 64 rows,
//!    `randperm(rows)` is drawn and its first 64 are the rows.
//! 6. After an epoch's validation, where a seed germinates: the weights of its two linear layers
//!    ([`LinearWeights::draw_for_relu`]).

mod bounded;
mod data_loader;
mod double;
mod linear_weights;
mod numpy_generator;
mod python_random;
mod random_state;
mod sample_too_large;
mod seed_sequence;
mod torch_generator;
mod torch_normal;
mod twister;
mod words;
mod ziggurat;
mod ziggurat_tables;

pub use data_loader::DataLoader;
pub use linear_weights::LinearWeights;
pub use numpy_generator::NumpyGenerator;
pub use python_random::PythonRandom;
pub use random_state::RandomState;
pub use sample_too_large::SampleTooLarge;
pub use torch_generator::TorchGenerator;
