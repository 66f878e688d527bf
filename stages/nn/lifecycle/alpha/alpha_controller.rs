use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::lifecycle::Curve;

/// Leads a seed's alpha, 0 to 1, from where it is to a target, a step at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlphaController {
    alpha: f64,
    start: f64,
    target: f64,
    curve: Curve,
    total: usize,
    done: usize,
    /// Share of the time that has passed.
    time: f64,
}

/// What alpha does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlphaMode {
    /// It stays as it is.
    Hold,
    /// It rises.
    Up,
    /// It falls.
    Down,
}

/// Alpha is on its way and cannot be led elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("alpha is on its way, step {done} of {total}; it can be led elsewhere once it has arrived")]
pub struct NotHolding {
    /// Steps that were made.
    pub done: usize,
    /// Steps that the way has.
    pub total: usize,
}

impl AlphaController {
    /// Alpha stays at `alpha`, which is brought into 0 to 1.
    pub fn holding(alpha: f64) -> Self {
        let alpha = alpha.clamp(0.0, 1.0);
        Self {
            alpha,
            start: alpha,
            target: alpha,
            curve: Curve::Linear,
            total: 0,
            done: 0,
            time: 1.0,
        }
    }

    /// How far the seed shows.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Where alpha is led, or was led to.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// Steps made of the last way.
    pub fn steps_done(&self) -> usize {
        self.done
    }

    /// Steps that the last way has, or had.
    pub fn steps_total(&self) -> usize {
        self.total
    }

    /// What alpha does.
    #[expect(
        clippy::float_cmp,
        reason = "an arrival sets alpha to the target itself"
    )]
    pub fn mode(&self) -> AlphaMode {
        if self.alpha == self.target {
            AlphaMode::Hold
        } else if self.target > self.start {
            AlphaMode::Up
        } else {
            AlphaMode::Down
        }
    }

    /// Leads alpha to `target`, brought into 0 to 1, in so many steps; in none, it is there at
    /// once.
    ///
    /// # Errors
    /// [`NotHolding`] while alpha is on its way.
    pub fn retarget(&mut self, target: f64, steps: usize, curve: Curve) -> Result<(), NotHolding> {
        if self.mode() != AlphaMode::Hold {
            let (done, total) = (self.done, self.total);
            return Err(NotHolding { done, total });
        }
        let target = target.clamp(0.0, 1.0);
        *self = Self {
            alpha: if steps == 0 { target } else { self.alpha },
            start: self.alpha,
            target,
            curve,
            total: steps,
            done: 0,
            time: 0.0,
        };
        Ok(())
    }

    /// Makes one step; whether alpha arrived with it. Where alpha holds, nothing happens.
    pub fn step(&mut self) -> bool {
        if self.mode() == AlphaMode::Hold {
            return false;
        }
        self.done += 1;
        self.time = self.curve.time(self.time, self.done, self.total);
        if self.time >= 1.0 {
            self.alpha = self.target;
            return true;
        }
        let led = self.start + (self.target - self.start) * self.curve.share(self.time);
        // Rounding never leads back, and a step short of the last never arrives.
        let (low, high) = (self.alpha.min(self.target), self.alpha.max(self.target));
        let led = led.clamp(low, high);
        self.alpha = if led.to_bits() == self.target.to_bits() {
            short_of(self.target, self.start)
        } else {
            led
        };
        false
    }
}

/// The number next to `target` on the side of `start`.
fn short_of(target: f64, start: f64) -> f64 {
    if start < target {
        target.next_down()
    } else {
        target.next_up()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn curve() -> impl Strategy<Value = Curve> {
        prop_oneof![
            Just(Curve::Summed),
            Just(Curve::Linear),
            Just(Curve::Cosine),
            (0.0..2000.0).prop_map(|steepness| Curve::Sigmoid { steepness }),
        ]
    }

    /// Every alpha of a way, the start first.
    fn way(mut controller: AlphaController) -> Vec<f64> {
        let mut alphas = vec![controller.alpha()];
        while controller.mode() != AlphaMode::Hold {
            let arrived = controller.step();
            alphas.push(controller.alpha());
            assert_eq!(arrived, controller.mode() == AlphaMode::Hold);
            assert!(alphas.len() < 1100);
        }
        alphas
    }

    fn led(from: f64, to: f64, steps: usize, curve: Curve) -> AlphaController {
        let mut controller = AlphaController::holding(from);
        controller.retarget(to, steps, curve).unwrap();
        controller
    }

    proptest! {
        #[test]
        fn alpha_moves_one_way_and_ends_exactly_at_its_target(
            from in 0.0..=1.0_f64, to in 0.0..=1.0_f64, ends in 0..4_u8,
            steps in 1..300_usize, curve in curve(),
        ) {
            let (from, to) = match ends { 0 => (0.0, 1.0), 1 => (1.0, 0.0), _ => (from, to) };
            prop_assume!(from.to_bits() != to.to_bits());
            let alphas = way(led(from, to, steps, curve));
            prop_assert_eq!(alphas.last().map(|alpha| alpha.to_bits()), Some(to.to_bits()));
            for pair in alphas.windows(2) {
                let forth = if from < to { pair[0] <= pair[1] } else { pair[0] >= pair[1] };
                prop_assert!(forth);
            }
            let made = alphas.len() - 1;
            prop_assert!(made == steps || (curve == Curve::Summed && made < steps));
        }

        #[test]
        fn a_way_goes_on_where_it_was_left(
            to in 0.1..=1.0_f64, steps in 1..100_usize, stop in 0..100_usize, curve in curve(),
        ) {
            let mut controller = led(0.0, to, steps, curve);
            for _ in 0..stop {
                controller.step();
            }
            let kept = serde_json::to_string(&controller).unwrap();
            let found: AlphaController = serde_json::from_str(&kept).unwrap();
            prop_assert_eq!(&found, &controller);
            prop_assert_eq!(way(found), way(controller));
        }
    }

    /// What the original computes: `alpha += 1 / steps`, done at 0.99.
    #[test]
    fn the_summed_curve_is_the_originals_to_the_bit() {
        for steps in [1, 3, 30, 100, 101, 250, 1000] {
            let mut expected = vec![0.0_f64];
            loop {
                let last = expected.last().copied().unwrap();
                let alpha = (last + 1.0 / steps as f64).min(1.0);
                if alpha >= 0.99 {
                    expected.push(1.0);
                    break;
                }
                expected.push(alpha);
            }
            let found = way(led(0.0, 1.0, steps, Curve::Summed));
            assert_eq!(found, expected, "{steps}");
        }
    }

    #[test]
    fn a_way_without_steps_is_over_at_once() {
        let mut controller = led(0.0, 0.7, 0, Curve::Cosine);
        assert_eq!(
            (controller.alpha(), controller.mode()),
            (0.7, AlphaMode::Hold)
        );
        assert!(!controller.step());
    }

    #[test]
    fn alpha_on_its_way_is_not_led_elsewhere() {
        let mut controller = led(1.0, 0.0, 4, Curve::Linear);
        controller.step();
        assert_eq!(
            (controller.alpha(), controller.mode()),
            (0.75, AlphaMode::Down)
        );
        let refused = controller.retarget(1.0, 2, Curve::Linear);
        assert_eq!(refused, Err(NotHolding { done: 1, total: 4 }));
        assert_eq!(way(controller).last(), Some(&0.0));
    }
}
