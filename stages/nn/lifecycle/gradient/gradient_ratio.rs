/// A host norm below this says that the host does not learn.
const STILL: f64 = 1e-8;
/// The greatest ratio told.
const GREATEST: f64 = 10.0;

/// How much a seed learns beside the host: the ratio of their gradients' norms, each weighed by
/// the square root of how many weights it has. 0 where the host stands still; at most 10; none
/// where a norm is not finite or one of the two has no weights.
///
/// `seed` and `host` are the norm over all weights, and their number.
pub fn gradient_ratio(seed: (f64, usize), host: (f64, usize)) -> Option<f64> {
    let ((seed_norm, seed_weights), (host_norm, host_weights)) = (seed, host);
    let finite = seed_norm.is_finite() && host_norm.is_finite();
    if !finite || seed_weights == 0 || host_weights == 0 {
        return None;
    }
    if host_norm < STILL {
        return Some(0.0);
    }
    let weight = (host_weights as f64 / seed_weights as f64).sqrt();
    Some((seed_norm / host_norm * weight).min(GREATEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_are_weighed_by_their_number_of_weights() {
        assert_eq!(gradient_ratio((1.0, 100), (2.0, 400)), Some(1.0));
        assert_eq!(gradient_ratio((1.0, 1), (0.1, 400)), Some(10.0));
        assert_eq!(gradient_ratio((1.0, 1), (1e-9, 400)), Some(0.0));
        assert_eq!(gradient_ratio((f64::NAN, 1), (1.0, 400)), None);
        assert_eq!(gradient_ratio((1.0, 0), (1.0, 400)), None);
    }
}
