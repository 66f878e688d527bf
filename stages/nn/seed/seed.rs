use kaslite_random::TorchGenerator;
use tch::{Device, Tensor};

use crate::blueprint::Blueprint;
use crate::config::{Config, Landing};
use crate::layer::Tape;
use crate::seed::{
    Child, Coupling, IllegalTransition, InputGradient, Lesson, Operator, Role, SeedId, SeedState,
};

/// What one shadow step adds to a seed's progress.
const PROGRESS_PER_STEP: f64 = 0.01;
/// Alpha at which a blend counts as done; `1 / blend_steps` does not add up to 1 exactly.
const BLENDED: f64 = 1.0 - 1e-9;
/// The same in the original, where a long blend ends early.
const BLENDED_IN_REFERENCE: f64 = 0.99;
/// Floor of the norms in the cosine, torch's default.
const COSINE_EPSILON: f64 = 1e-8;

/// A seed made a move in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: SeedState,
    pub(crate) to: SeedState,
}

/// What a germinating seed grows, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Growth {
    pub(crate) blueprint: Blueprint,
    pub(crate) operator: Operator,
    pub(crate) lesson: Lesson,
    /// Width of what passes the slot.
    pub(crate) dim: usize,
    pub(crate) device: Device,
}

impl Growth {
    /// As the configuration has it, in a slot of width `dim`.
    pub(crate) fn new(config: &Config, dim: usize, device: Device) -> Self {
        Self {
            blueprint: config.blueprint,
            operator: config.operator,
            lesson: config.lesson,
            dim,
            device,
        }
    }
}

/// A place in a slot where a child network may grow.
pub(crate) struct Seed {
    id: SeedId,
    state: SeedState,
    alpha: f64,
    progress: f64,
    lesson: Lesson,
    child: Option<Child>,
}

impl Seed {
    pub(crate) fn dormant(id: SeedId) -> Self {
        Self {
            id,
            state: SeedState::Dormant,
            alpha: 0.0,
            progress: 0.0,
            lesson: Lesson::default(),
            child: None,
        }
    }

    /// A seed as a model file describes it.
    pub(crate) fn grown(
        id: SeedId,
        state: SeedState,
        alpha: f64,
        progress: f64,
        child: Child,
    ) -> Self {
        Self {
            id,
            state,
            alpha,
            progress,
            lesson: Lesson::default(),
            child: Some(child),
        }
    }

    pub(crate) fn id(&self) -> SeedId {
        self.id
    }

    pub(crate) fn state(&self) -> SeedState {
        self.state
    }

    /// Share of the child in a blend, 0..=1; measured once the blend has begun.
    pub(crate) fn alpha(&self) -> Option<f64> {
        self.state.shows().then_some(self.alpha)
    }

    /// How far the auto-encoding is, 0..=1; measured once the seed has germinated.
    pub(crate) fn progress(&self) -> Option<f64> {
        self.state.is_grown().then_some(self.progress)
    }

    pub(crate) fn child(&self) -> Option<&Child> {
        self.child.as_ref()
    }

    #[cfg(test)]
    pub(crate) fn child_mut(&mut self) -> Option<&mut Child> {
        self.child.as_mut()
    }

    pub(crate) fn lesson(&self) -> Lesson {
        self.lesson
    }

    /// Draws the child's weights and begins to train it.
    pub(crate) fn germinate(
        &mut self,
        growth: Growth,
        generator: &mut TorchGenerator,
    ) -> Result<Step, IllegalTransition> {
        let Growth {
            blueprint,
            operator,
            lesson,
            dim,
            device,
        } = growth;
        let step = self.go(SeedState::Training)?;
        self.lesson = lesson;
        self.child = Some(Child::draw(blueprint, operator, dim, generator, device));
        Ok(step)
    }

    /// Counts one shadow step; the blend begins once progress is above `threshold`.
    pub(crate) fn count_shadow_step(
        &mut self,
        threshold: f64,
    ) -> Result<Option<Step>, IllegalTransition> {
        self.progress = (self.progress + PROGRESS_PER_STEP).min(1.0);
        if self.progress <= threshold {
            return Ok(None);
        }
        self.go(SeedState::Blending).map(Some)
    }

    /// Moves a blend on by one of `blend_steps` batches; other states stay as they are.
    pub(crate) fn advance_blend(
        &mut self,
        blend_steps: usize,
        landing: Landing,
    ) -> Result<Option<Step>, IllegalTransition> {
        if self.state != SeedState::Blending {
            return Ok(None);
        }
        self.alpha = (self.alpha + 1.0 / blend_steps as f64).min(1.0);
        let blended = match landing {
            Landing::Reference => BLENDED_IN_REFERENCE,
            Landing::Continuous => BLENDED,
        };
        if self.alpha < blended {
            return Ok(None);
        }
        self.go(SeedState::Active).map(Some)
    }

    /// The part that the seed takes in a pass, as it stands.
    pub(crate) fn role(&self, landing: Landing) -> Role {
        let Some(child) = &self.child else {
            return Role::ABSENT;
        };
        let operator = child.operator();
        let shown = |coupling| Role {
            coupling,
            isolated: false,
            learns: true,
        };
        match (self.state, landing) {
            (SeedState::Dormant, _) => Role::ABSENT,
            (SeedState::Training, _) => match self.lesson {
                Lesson::Reproduction => Role::ABSENT,
                Lesson::Task => Role {
                    coupling: Coupling::StraightThrough,
                    isolated: true,
                    learns: true,
                },
            },
            (SeedState::Blending, _) => shown(Coupling::Blend {
                operator,
                alpha: self.alpha,
            }),
            (SeedState::Active, Landing::Reference) => shown(Coupling::Sum),
            (SeedState::Active, Landing::Continuous) => shown(Coupling::Blend {
                operator,
                alpha: 1.0,
            }),
        }
    }

    /// What the seed gives for `x` `[rows, dim]`; nothing where it gives `x` itself.
    pub(crate) fn output(&self, x: &Tensor, landing: Landing, tape: &mut Tape) -> Option<Tensor> {
        let child = self.child.as_ref()?;
        self.role(landing).forward(child, x, tape)
    }

    /// The way back of [`Seed::output`]; writes the child's gradients if the child learns.
    pub(crate) fn backward(
        &self,
        gradient: &Tensor,
        landing: Landing,
        tape: &mut Tape,
        input: bool,
    ) -> InputGradient {
        match &self.child {
            Some(child) => self.role(landing).backward(child, gradient, tape, input),
            None => InputGradient {
                direct: 1.0,
                other: None,
            },
        }
    }

    /// 1 − mean cosine between the rows of `x` and what the seed gives for them, in 0..=2.
    pub(crate) fn drift(&self, x: &Tensor, landing: Landing) -> Option<f64> {
        let output = self.output(x, landing, &mut Tape::off())?;
        let cosine = Tensor::cosine_similarity(x, &output, -1, COSINE_EPSILON);
        Some(1.0 - cosine.mean(None).double_value(&[]))
    }

    fn go(&mut self, to: SeedState) -> Result<Step, IllegalTransition> {
        let from = self.state;
        self.state = from.transition(to)?;
        Ok(Step { from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::Kind;

    fn growth() -> Growth {
        Growth {
            blueprint: Blueprint::Mlp,
            operator: Operator::Add,
            lesson: Lesson::Reproduction,
            dim: 4,
            device: Device::Cpu,
        }
    }

    fn germinated() -> Seed {
        let mut seed = Seed::dormant(SeedId { layer: 1, index: 1 });
        seed.germinate(growth(), &mut TorchGenerator::new(7))
            .unwrap();
        seed
    }

    fn output(seed: &Seed, x: &Tensor, landing: Landing) -> Option<Tensor> {
        seed.output(x, landing, &mut Tape::off())
    }

    fn steps_to(state: SeedState, mut step: impl FnMut() -> Option<Step>) -> usize {
        (1..1000)
            .find(|_| step().is_some_and(|step| step.to == state))
            .unwrap()
    }

    #[test]
    fn sixty_shadow_steps_then_thirty_batches_make_a_seed_active() {
        let mut seed = germinated();
        let shadow = steps_to(SeedState::Blending, || seed.count_shadow_step(0.6).unwrap());
        let landing = Landing::Reference;
        let blend = steps_to(SeedState::Active, || {
            seed.advance_blend(30, landing).unwrap()
        });
        assert_eq!((shadow, blend), (60, 30));
    }

    #[test]
    fn a_long_blend_ends_at_its_last_step() {
        let steps = |landing| {
            let mut seed = germinated();
            while seed.count_shadow_step(0.6).unwrap().is_none() {}
            steps_to(SeedState::Active, || {
                seed.advance_blend(300, landing).unwrap()
            })
        };
        assert_eq!(steps(Landing::Continuous), 300);
        assert!(steps(Landing::Reference) < 300);
    }

    #[test]
    fn a_seed_germinates_once() {
        let refusal = germinated()
            .germinate(growth(), &mut TorchGenerator::new(7))
            .unwrap_err();
        assert_eq!(refusal.from, SeedState::Training);
    }

    /// The last step of a blend changes the output by no more than any other; in the original it
    /// adds the input once more.
    #[test]
    fn only_the_original_jumps_where_a_blend_lands() {
        let x = Tensor::from_slice(&[1.0_f32, -2.0, 0.5, 3.0]).view([1, 4]);
        let norm = |tensor: Tensor| tensor.square().sum(Kind::Double).double_value(&[]).sqrt();
        for landing in [Landing::Continuous, Landing::Reference] {
            let mut seed = germinated();
            while seed.count_shadow_step(0.6).unwrap().is_none() {}
            let mut steps = Vec::new();
            let mut before = x.copy();
            while seed.state() == SeedState::Blending {
                seed.advance_blend(8, landing).unwrap();
                let after = output(&seed, &x, landing).unwrap();
                steps.push(norm(&after - &before));
                before = after;
            }
            let (last, first) = (steps[7], steps[0]);
            match landing {
                Landing::Continuous => assert!((last - first).abs() < 1e-5, "{steps:?}"),
                Landing::Reference => {
                    // From x + 7/8 (child − x) to x + child.
                    let child = seed.child().unwrap().forward(&x, &mut Tape::off());
                    let jump = norm(&x * 0.875 + child * 0.125);
                    assert!((last - jump).abs() < 1e-5, "{steps:?}");
                }
            }
        }
    }

    #[test]
    fn a_blend_lands_where_the_landing_says() {
        let x = Tensor::from_slice(&[1.0_f32, -2.0, 0.5, 3.0]).view([1, 4]);
        let mut seed = germinated();
        assert!(output(&seed, &x, Landing::Continuous).is_none());
        while seed.count_shadow_step(0.6).unwrap().is_none() {}
        while seed
            .advance_blend(4, Landing::Continuous)
            .unwrap()
            .is_none()
        {}
        let child = seed.child().unwrap().forward(&x, &mut Tape::off());
        let close =
            |a: &Tensor, b: &Tensor| (a - b).abs().sum(Kind::Float).double_value(&[]) == 0.0;
        assert!(close(
            &output(&seed, &x, Landing::Continuous).unwrap(),
            &child
        ));
        assert!(close(
            &output(&seed, &x, Landing::Reference).unwrap(),
            &(&x + &child)
        ));
    }
}
