use serde::{Deserialize, Serialize};

/// A tensor's gradient below this norm has vanished.
const VANISHING: f64 = 1e-7;
/// One above this norm explodes: ten times the usual clip of 1.
const EXPLODING: f64 = 10.0;

/// How sound the gradients of a seed are, from the norm of each of its tensors, before clipping.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GradientHealth {
    /// 1 is sound, 0 is broken: `1 − 0.5 · vanishing − 0.8 · exploding`, not below 0; 0 where the
    /// norm over all tensors is not finite.
    pub health: f64,
    /// Share of the tensors whose gradient has vanished.
    pub vanishing: f64,
    /// Share of the tensors whose gradient explodes or is not finite.
    pub exploding: f64,
}

impl GradientHealth {
    /// None where there is no tensor: nothing was measured.
    pub fn of(norms: &[f64]) -> Option<Self> {
        if norms.is_empty() {
            return None;
        }
        let share = |of: &dyn Fn(f64) -> bool| {
            norms.iter().filter(|&&norm| of(norm)).count() as f64 / norms.len() as f64
        };
        let vanishing = share(&|norm| norm < VANISHING);
        let exploding = share(&|norm| !norm.is_finite() || norm > EXPLODING);
        let finite = norms
            .iter()
            .map(|norm| norm * norm)
            .sum::<f64>()
            .is_finite();
        let health = (1.0 - 0.5 * vanishing - 0.8 * exploding).clamp(0.0, 1.0);
        Some(Self {
            health: if finite { health } else { 0.0 },
            vanishing,
            exploding,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(norms: &[f64]) -> f64 {
        GradientHealth::of(norms).unwrap().health
    }

    #[test]
    fn vanished_and_exploding_tensors_take_away_health() {
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12);
        close(health(&[1.0, 2.0]), 1.0);
        close(health(&[1.0, 1e-8]), 0.75);
        close(health(&[1.0, 11.0]), 0.6);
        close(health(&[0.0, 0.0]), 0.5);
        close(health(&[1e9, 1e-9]), 0.35);
    }

    #[test]
    fn what_is_not_finite_is_broken() {
        for norm in [f64::NAN, f64::INFINITY, 1e200] {
            let found = GradientHealth::of(&[1.0, norm]).unwrap();
            assert_eq!((found.health, found.exploding), (0.0, 0.5), "{norm}");
        }
    }

    #[test]
    fn nothing_measured_is_not_healthy() {
        assert_eq!(GradientHealth::of(&[]), None);
    }
}
