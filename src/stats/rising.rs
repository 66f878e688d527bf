/// A curve that can only rise: values at places, as near to what was measured as a rising curve comes
/// (least squares), with straight lines between them.
///
/// Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order Restrictions" (1972),
/// by pooling neighbours that fall.
#[derive(Debug, Clone, PartialEq)]
pub struct Rising {
    places: Vec<f64>,
    values: Vec<f64>,
}

/// Where a curve comes to a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reached {
    /// It is there at its first place: how far before is not known.
    Before,
    /// At this place.
    At(f64),
    /// It is not there at its last place: how far behind, or whether at all, is not known.
    Behind,
}

impl Rising {
    /// Of values that were measured at rising places. None of fewer than two places, or where one does
    /// not lie behind the one before, or where a number is not finite.
    pub fn fit(places: &[f64], measured: &[f64]) -> Option<Self> {
        let numbers = || places.iter().chain(measured);
        let is_sound = places.len() == measured.len()
            && places.len() > 1
            && numbers().all(|number| number.is_finite())
            && places.windows(2).all(|pair| pair[0] < pair[1]);
        is_sound.then(|| Self {
            places: places.to_vec(),
            values: pooled(measured),
        })
    }

    /// The values at the places.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The first place at which the curve is as high as `value`.
    pub fn place_of(&self, value: f64) -> Reached {
        let Some(at) = self.values.iter().position(|found| *found >= value) else {
            return Reached::Behind;
        };
        let Some(before) = at.checked_sub(1) else {
            return Reached::Before;
        };
        let (low, high) = (self.values[before], self.values[at]);
        let share = (value - low) / (high - low);
        let (from, to) = (self.places[before], self.places[at]);
        Reached::At(from + share * (to - from))
    }
}

/// Neighbours that fall share their mean.
fn pooled(measured: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for value in measured {
        let (mut sum, mut count) = (*value, 1);
        while let Some((before, size)) = pools.last()
            && before * count as f64 > sum * *size as f64
        {
            sum += before;
            count += size;
            pools.pop();
        }
        pools.push((sum, count));
    }
    let spread = pools
        .into_iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    spread.collect()
}
