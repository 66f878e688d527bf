use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Evaluation, GrownSeed, Model};
use kaslite_track::table::{Column, Table};

use crate::counterfactual::game::Game;
use crate::shared::{fail, int};

/// How well the network does with each combination of its grown seeds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Configurations {
    pub(super) seeds: Vec<GrownSeed>,
    /// `[2^seeds]`; the seed `i` is on where bit `i` of the place is set.
    values: Vec<Evaluation>,
}

impl Configurations {
    /// Evaluates all combinations on the rows.
    pub(super) fn evaluate(
        context: &StageContext<'_>,
        model: &Model,
        rows: &Data,
    ) -> Result<Self, StageError> {
        let seeds = model.grown_seeds();
        let count: usize = 1 << seeds.len();
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            if context.is_cancelled() {
                return Err(StageError::new("interrupted"));
            }
            let on = switches(at, seeds.len());
            let value = model.evaluate(rows, &on).map_err(fail)?;
            if !value.loss.is_finite() {
                let (loss, bits) = (value.loss, bits(&on));
                let reason = format!("the loss of configuration `{bits}` is {loss}");
                return Err(StageError::new(reason));
            }
            values.push(value);
            let message = format!("acc {:.3} seeds {}", value.accuracy, at.count_ones());
            context.progress(at as u64 + 1, count as u64, message);
        }
        Ok(Self { seeds, values })
    }

    /// The seeds as players for accuracy.
    pub(super) fn by_accuracy(&self) -> Game {
        Game::new(self.seeds.len(), |at| self.values[at].accuracy)
    }

    /// The seeds as players for loss; who helps gets a share below 0.
    pub(super) fn by_loss(&self) -> Game {
        Game::new(self.seeds.len(), |at| self.values[at].loss)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// One row a configuration, the first seed changing fastest.
    pub(super) fn table(&self) -> Table {
        let on = |at: usize| switches(at, self.seeds.len());
        let mut table = Table::new().with("config", self.column(|at| bits(&on(at))));
        for (place, seed) in self.seeds.iter().enumerate() {
            let name = format!("on_{}", seed.seed);
            table = table.with(name, self.column(|at| on(at)[place]));
        }
        let how_many = |at: usize| on(at).iter().filter(|on| **on).count();
        table
            .with("n_on", self.column(|at| int(how_many(at))))
            .with("loss", self.column(|at| self.values[at].loss))
            .with("accuracy", self.column(|at| self.values[at].accuracy))
    }

    fn column<T>(&self, cell: impl Fn(usize) -> T) -> Column
    where
        Column: From<Vec<T>>,
    {
        (0..self.values.len()).map(cell).collect()
    }
}

/// Which seeds a configuration has on, in the order of the host.
fn switches(at: usize, seeds: usize) -> Vec<bool> {
    (0..seeds).map(|seed| at >> seed & 1 == 1).collect()
}

/// `10`: the first of two seeds is on. Empty where nothing has grown.
fn bits(on: &[bool]) -> String {
    on.iter().map(|on| if *on { '1' } else { '0' }).collect()
}
