use std::collections::BTreeMap;

use kaslite_nn::{Answers, Configuration};

/// How well the network does in one configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Measured {
    loss: f64,
    correct: usize,
    rows: usize,
    /// For each class its samples, and how many of them were classified rightly.
    classes: Vec<(usize, usize)>,
}

/// Everything that was evaluated in one reading.
pub(super) type Evaluated = BTreeMap<Configuration, Measured>;

impl Measured {
    /// Counts some samples, whose classes are `labels`.
    pub(super) fn add(&mut self, answers: &Answers, labels: &[i64]) {
        let losses = answers.losses.iter().map(|loss| f64::from(*loss));
        self.loss += losses.sum::<f64>();
        self.rows += answers.losses.len();
        for (right, label) in answers.correct.iter().zip(labels) {
            let right = usize::from(*right);
            self.correct += right;
            let class = usize::try_from(*label).unwrap_or_default();
            if self.classes.len() <= class {
                self.classes.resize(class + 1, (0, 0));
            }
            self.classes[class].0 += 1;
            self.classes[class].1 += right;
        }
    }

    /// Mean cross-entropy in nats; none where it is no number.
    pub(super) fn loss(&self) -> Option<f64> {
        let mean = self.loss / self.rows as f64;
        mean.is_finite().then_some(mean)
    }

    /// Share of the samples that are classified rightly; none where the loss is no number, since a
    /// network that answers NaN does not classify.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let accuracy = self.correct as f64 / self.rows as f64;
        self.loss().map(|_| accuracy)
    }

    /// The same of one class alone; none where there are no samples of it.
    pub(super) fn class_accuracy(&self, class: usize) -> Option<f64> {
        let (rows, correct) = *self.classes.get(class)?;
        let accuracy = correct as f64 / rows as f64;
        let known = rows > 0 && self.loss().is_some();
        known.then_some(accuracy)
    }
}
