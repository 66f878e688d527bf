use tch::{Kind, no_grad};

use crate::data::Data;
use crate::error::NnError;
use crate::model::Model;

/// What a model says of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The class that it takes the row for.
    pub class: i64,
    /// How sure it is of that, 0..=1: the softmax of the highest logit.
    pub probability: f32,
}

impl Model {
    /// What the model says of each row of `data`, features not scaled, with all its seeds. Labels are
    /// not looked at.
    ///
    /// # Errors
    /// [`NnError::Data`] as for [`Model::evaluate`].
    pub fn predict(&self, data: &Data) -> Result<Vec<Prediction>, NnError> {
        self.check(data)?;
        let mut all = Vec::with_capacity(data.rows());
        for (features, _) in self.parts(data) {
            let logits = no_grad(|| self.network().forward_with(&features, &|_| true).logits);
            let (shares, best) = logits.softmax(1, Kind::Float).max_dim(1, false);
            let rows = best.numel();
            let (mut classes, mut probabilities) = (vec![0; rows], vec![0.0; rows]);
            best.copy_data(&mut classes, rows);
            shares.copy_data(&mut probabilities, rows);
            let rows = classes.into_iter().zip(probabilities);
            all.extend(rows.map(|(class, probability)| Prediction { class, probability }));
        }
        Ok(all)
    }
}
