use kaslite_random::TorchGenerator;
use tch::{Device, Tensor};

use crate::blueprint::Blueprint;
use crate::config::{Config, Landing};
use crate::layer::Tape;
use crate::lifecycle::{
    Advance, Blend, Curve, GateParams, Germination, Isolation, LifeStage, Pace, SlotError, SlotLife,
};
use crate::model::Reading;
use crate::seed::seed_record::ChildRecord;
use crate::seed::{
    Child, Coupling, InputGradient, Lesson, Operator, Role, SeedId, SeedRecord, SeedState,
};

/// What one shadow step adds to a seed's progress.
const PROGRESS_PER_STEP: f64 = 0.01;

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
    life: SlotLife,
    progress: f64,
    lesson: Lesson,
    child: Option<Child>,
    /// When it last asked a gate by itself.
    asked: Option<(usize, LifeStage)>,
}

/// When and under which circumstances a seed germinates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth<'config> {
    /// The epoch, from 1.
    pub(crate) epoch: usize,
    /// Its validation accuracy.
    pub(crate) accuracy: f64,
    /// Number of weights of the host.
    pub(crate) host_weights: usize,
    pub(crate) config: &'config Config,
}

impl Seed {
    pub(crate) fn dormant(id: SeedId) -> Self {
        Self {
            life: SlotLife::dormant(id, Isolation::UntilBlending),
            progress: 0.0,
            lesson: Lesson::default(),
            child: None,
            asked: None,
        }
    }

    /// A seed as a model file describes it, which is not to go on.
    pub(crate) fn grown(
        id: SeedId,
        state: SeedState,
        alpha: f64,
        progress: f64,
        child: Child,
    ) -> Self {
        let stage = match state {
            SeedState::Dormant => LifeStage::Dormant,
            SeedState::Training => LifeStage::Training,
            SeedState::Blending => LifeStage::Blending,
            SeedState::Active => LifeStage::Holding,
        };
        let germination = Germination {
            blueprint: child.blueprint(),
            blend: Blend {
                curve: Curve::Linear,
                steps: 0,
                pace: Pace::Epoch,
            },
            weights: child.count(),
            host_weights: 0,
            accuracy: None,
        };
        Self {
            life: SlotLife::trained(id, stage, alpha, germination),
            progress,
            child: Some(child),
            ..Self::dormant(id)
        }
    }

    /// As a checkpoint has it, to live on.
    pub(super) fn restored(record: &SeedRecord, child: Option<Child>) -> Self {
        Self {
            life: record.life.clone(),
            progress: record.progress,
            lesson: record.lesson,
            child,
            asked: record.asked,
        }
    }

    /// What a checkpoint keeps of it.
    pub(crate) fn record(&self) -> SeedRecord {
        SeedRecord {
            life: self.life.clone(),
            progress: self.progress,
            lesson: self.lesson,
            asked: self.asked,
            child: self.child.as_ref().map(ChildRecord::of),
        }
    }

    pub(crate) fn id(&self) -> SeedId {
        self.life.id()
    }

    pub(crate) fn state(&self) -> SeedState {
        self.life.stage().state()
    }

    pub(crate) fn life(&self) -> &SlotLife {
        &self.life
    }

    /// Its life, to be lived on; [`Seed::settle`] is to follow where the seed may be removed.
    pub(crate) fn life_mut(&mut self) -> &mut SlotLife {
        &mut self.life
    }

    /// Share of the child in a blend, 0..=1; measured once the blend has begun.
    pub(crate) fn alpha(&self) -> Option<f64> {
        self.state().shows().then_some(self.shown())
    }

    fn shown(&self) -> f64 {
        self.life.seed().map_or(0.0, |seed| seed.alpha().alpha())
    }

    /// How far the auto-encoding is, 0..=1; measured once the seed has germinated.
    pub(crate) fn progress(&self) -> Option<f64> {
        self.state().is_grown().then_some(self.progress)
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

    #[cfg(test)]
    pub(crate) fn with_lesson(self, lesson: Lesson) -> Self {
        Self { lesson, ..self }
    }

    /// Draws the child's weights.
    pub(crate) fn germinate(
        &mut self,
        growth: Growth,
        birth: Birth<'_>,
        generator: &mut TorchGenerator,
    ) -> Result<Advance, SlotError> {
        let Growth {
            blueprint,
            operator,
            lesson,
            dim,
            device,
        } = growth;
        let germination = Germination {
            blueprint,
            blend: birth.config.blend(),
            weights: Child::layout(blueprint, operator, dim).count(),
            host_weights: birth.host_weights,
            accuracy: Some(birth.accuracy),
        };
        let gates = &birth.config.gates;
        let advance = self.life.germinate(birth.epoch, germination, gates)?;
        self.child = Some(Child::draw(blueprint, operator, dim, generator, device));
        self.lesson = lesson;
        self.progress = 0.0;
        self.asked = None;
        Ok(advance)
    }

    /// Drops the child of a seed that was removed; whether there was one.
    pub(crate) fn settle(&mut self) -> bool {
        !self.life.stage().holds_seed() && self.child.take().is_some()
    }

    /// Counts one shadow step.
    pub(crate) fn count_shadow_step(&mut self) {
        self.progress = (self.progress + PROGRESS_PER_STEP).min(1.0);
    }

    /// Has a seed that goes its way without being led ask the gate before it, where it is ready:
    /// its progress is above `threshold`, or alpha has arrived. Once an epoch and stage.
    pub(crate) fn ask_by_itself(
        &mut self,
        epoch: usize,
        threshold: f64,
        gates: &GateParams,
    ) -> Result<Option<Advance>, SlotError> {
        let stage = self.life.stage();
        let ready = match stage {
            LifeStage::Training => self.progress > threshold,
            LifeStage::Blending => self.life.holds_alpha(),
            LifeStage::Dormant
            | LifeStage::Germinated
            | LifeStage::Holding
            | LifeStage::Fossilized
            | LifeStage::Pruned
            | LifeStage::Embargoed
            | LifeStage::Resetting => false,
        };
        if !ready || self.asked == Some((epoch, stage)) {
            return Ok(None);
        }
        self.asked = Some((epoch, stage));
        self.life.advance(epoch, gates).map(Some)
    }

    /// The part that the seed takes in a pass, as it stands.
    pub(crate) fn role(&self, landing: Landing) -> Role {
        let Some(child) = &self.child else {
            return Role::ABSENT;
        };
        let operator = child.operator();
        let learns = self.life.seed().is_some_and(|seed| !seed.is_frozen());
        let shown = |coupling| Role {
            coupling,
            isolated: false,
            learns,
        };
        match (self.state(), landing) {
            (SeedState::Dormant, _) => Role::ABSENT,
            (SeedState::Training, _) => match self.lesson {
                Lesson::Task if self.life.stage() == LifeStage::Training => Role {
                    coupling: Coupling::StraightThrough,
                    isolated: true,
                    learns,
                },
                Lesson::Reproduction | Lesson::Task => Role::ABSENT,
            },
            (SeedState::Blending, _) => shown(Coupling::Blend {
                operator,
                alpha: self.shown(),
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

    /// What the seed gives for `x` where a seed that is blended in counts as `reading` says.
    pub(crate) fn output_as(
        &self,
        x: &Tensor,
        landing: Landing,
        reading: Reading,
    ) -> Option<Tensor> {
        let child = self.child.as_ref()?;
        let role = self.role_as(landing, reading);
        role.forward(child, x, &mut Tape::off())
    }

    /// The part that the seed takes where a seed that is blended in counts as `reading` says.
    pub(crate) fn role_as(&self, landing: Landing, reading: Reading) -> Role {
        let mut role = self.role(landing);
        if let (Coupling::Blend { alpha, .. }, Reading::Forced) = (&mut role.coupling, reading) {
            *alpha = 1.0;
        }
        role
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
            None => InputGradient::STRAIGHT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{AutoForward, PruneReason};
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

    fn germinate(seed: &mut Seed, config: &Config) -> Result<Advance, SlotError> {
        let birth = Birth {
            epoch: 1,
            accuracy: 0.5,
            host_weights: 10,
            config,
        };
        seed.germinate(growth(), birth, &mut TorchGenerator::new(7))
    }

    /// A seed in training that goes its way by itself.
    fn germinated(config: &Config) -> Seed {
        let mut seed = Seed::dormant(SeedId { layer: 1, index: 1 });
        germinate(&mut seed, config).unwrap();
        seed.life_mut().advance(1, &config.gates).unwrap();
        seed
    }

    /// Batches until the seed has gone on to `state`, each of which does `what` to it.
    fn batches_to(
        state: SeedState,
        seed: &mut Seed,
        config: &Config,
        what: impl Fn(&mut Seed),
    ) -> usize {
        let gone_on = |seed: &mut Seed| {
            what(seed);
            seed.ask_by_itself(2, 0.6, &config.gates).unwrap();
            seed.state() == state
        };
        (1..1000).find(|_| gone_on(seed)).unwrap()
    }

    fn output(seed: &Seed, x: &Tensor, landing: Landing) -> Option<Tensor> {
        seed.output(x, landing, &mut Tape::off())
    }

    #[test]
    fn sixty_shadow_steps_then_thirty_batches_make_a_seed_active() {
        let config = Config::example();
        let mut seed = germinated(&config);
        let shadow = batches_to(SeedState::Blending, &mut seed, &config, |seed| {
            seed.count_shadow_step();
        });
        let blend = batches_to(SeedState::Active, &mut seed, &config, |seed| {
            seed.life_mut().step_alpha(Pace::Batch);
        });
        assert_eq!((shadow, blend), (60, 30));
    }

    #[test]
    fn a_long_blend_ends_at_its_last_step() {
        let steps = |landing| {
            let config = Config {
                landing,
                blend_steps: 300,
                ..Config::example()
            };
            let mut seed = blending(&config);
            batches_to(SeedState::Active, &mut seed, &config, |seed| {
                seed.life_mut().step_alpha(Pace::Batch);
            })
        };
        assert_eq!(steps(Landing::Continuous), 300);
        assert!(steps(Landing::Reference) < 300);
    }

    #[test]
    fn a_seed_germinates_once() {
        let config = Config::example();
        let mut seed = germinated(&config);
        assert!(germinate(&mut seed, &config).is_err());
        assert_eq!(seed.state(), SeedState::Training);
    }

    #[test]
    fn a_removed_seed_leaves_nothing_and_another_may_grow_there() {
        let config = Config::example();
        let mut seed = germinated(&config);
        seed.count_shadow_step();
        seed.life_mut().prune(3, PruneReason::Failing).unwrap();
        assert!(seed.settle() && seed.child().is_none() && !seed.settle());
        while !seed.life().is_free() {
            let auto = AutoForward::default();
            seed.life_mut().tick(4, auto, 5, &config.gates).unwrap();
        }
        germinate(&mut seed, &config).unwrap();
        assert_eq!((seed.progress(), seed.child().is_some()), (Some(0.0), true));
    }

    fn blending(config: &Config) -> Seed {
        let mut seed = germinated(config);
        seed.life_mut().advance(2, &config.gates).unwrap();
        assert_eq!(seed.state(), SeedState::Blending);
        seed
    }

    /// The last step of a blend changes the output by no more than any other; in the original it
    /// adds the input once more.
    #[test]
    fn only_the_original_jumps_where_a_blend_lands() {
        let x = Tensor::from_slice(&[1.0_f32, -2.0, 0.5, 3.0]).view([1, 4]);
        let norm = |tensor: Tensor| tensor.square().sum(Kind::Double).double_value(&[]).sqrt();
        for landing in [Landing::Continuous, Landing::Reference] {
            let config = Config {
                landing,
                blend_steps: 8,
                ..Config::example()
            };
            let mut seed = blending(&config);
            let mut steps = Vec::new();
            let mut before = x.copy();
            while seed.state() == SeedState::Blending {
                seed.life_mut().step_alpha(Pace::Batch);
                seed.ask_by_itself(3, 0.6, &config.gates).unwrap();
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
        let config = Config::example();
        let mut seed = germinated(&config);
        assert!(output(&seed, &x, Landing::Continuous).is_none());
        seed.life_mut().advance(2, &config.gates).unwrap();
        while !seed.life().holds_alpha() {
            seed.life_mut().step_alpha(Pace::Batch);
        }
        seed.life_mut().advance(2, &config.gates).unwrap();
        assert_eq!(seed.state(), SeedState::Active);
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
