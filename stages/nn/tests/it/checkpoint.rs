//! A run that is gone on with from a checkpoint makes what a run makes that was never stopped.

use kaslite_nn::{
    Checkpoint, Config, ControllerKind, Event, Keeper, Landing, Lesson, Next, NnError, Operator,
    Tempo, fit, fit_from,
};

use crate::support::{rings, small_config, train};

/// Stops after an epoch, and keeps what the run can be gone on with from there.
struct StopAfter(usize, Option<Vec<u8>>);

impl Keeper for StopAfter {
    fn epoch_over(
        &mut self,
        epoch: usize,
        state: &dyn Fn() -> Result<Checkpoint, NnError>,
    ) -> Result<Next, NnError> {
        if epoch < self.0 {
            return Ok(Next::Epoch);
        }
        self.1 = Some(state()?.to_bytes()?);
        Ok(Next::Stop)
    }
}

fn model(outcome: &kaslite_nn::Outcome) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    outcome.model.save(file.path()).unwrap();
    std::fs::read(file.path()).unwrap()
}

/// What a run leaves that is stopped after an epoch: events, and the bytes of its checkpoint.
fn stopped(config: &Config, epoch: usize) -> (Vec<Event>, Vec<u8>) {
    let (mut events, mut keeper) = (Vec::new(), StopAfter(epoch, None));
    let ended = fit_from(None, &rings(), config, &mut events, &|| false, &mut keeper);
    assert!(matches!(ended, Err(NnError::Cancelled { epoch: at }) if at == epoch));
    (events, keeper.1.unwrap())
}

/// Stops after every epoch, goes on, and compares with the run that was never stopped.
fn check(config: &Config) {
    let (outcome, expected) = train(&rings(), config);
    let grown = expected
        .iter()
        .any(|event| matches!(event, Event::Germination { .. }));
    let may_grow = config.controller != ControllerKind::None;
    assert_eq!(grown, may_grow, "whether something grows in this run");
    let total = config.warm_up_epochs + config.adaptation_epochs;
    for epoch in 1..total {
        let (mut events, bytes) = stopped(config, epoch);
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        assert_eq!(checkpoint.epoch(), epoch);
        let start = Some(&checkpoint);
        let gone_on = fit_from(start, &rings(), config, &mut events, &|| false, &mut ()).unwrap();
        assert!(events == expected, "events differ after epoch {epoch}");
        assert!(
            model(&gone_on) == model(&outcome),
            "weights differ after epoch {epoch}"
        );
        assert_eq!(gone_on.germinations, outcome.germinations, "epoch {epoch}");
        assert!(gone_on.best_accuracy >= outcome.best_accuracy);
    }
}

#[test]
fn a_run_goes_on_from_every_epoch() {
    check(&small_config());
}

#[test]
fn a_run_of_the_original_goes_on_from_every_epoch() {
    let landing = Landing::Reference;
    check(&Config {
        landing,
        ..small_config()
    });
}

#[test]
fn a_run_whose_host_starts_anew_goes_on_from_every_epoch() {
    check(&Config {
        controller: ControllerKind::None,
        host_restarts: vec![5, 9],
        ..small_config()
    });
}

#[test]
fn a_run_that_tamiyo_leads_goes_on_from_every_epoch() {
    let mut config = Config {
        controller: ControllerKind::Tamiyo,
        operator: Operator::Gate,
        lesson: Lesson::Task,
        tempo: Some(Tempo::Fast),
        prune_epochs: 2,
        embargo_epochs: 1,
        adaptation_epochs: 30,
        ..small_config()
    };
    config.gates.min_training_epochs = 2;
    config.tamiyo.stable_epochs = 0;
    check(&config);
}

#[test]
fn a_checkpoint_of_another_run_is_refused() {
    let config = small_config();
    let (_, bytes) = stopped(&config, 2);
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let other = Config {
        rng_seed: 8,
        ..config.clone()
    };
    let refused = fit_from(
        Some(&checkpoint),
        &rings(),
        &other,
        &mut (),
        &|| false,
        &mut (),
    );
    assert!(matches!(refused, Err(NnError::Checkpoint(_))));
    let fewer = rings().select(&(0..300).collect::<Vec<_>>()).unwrap();
    let refused = fit_from(
        Some(&checkpoint),
        &fewer,
        &config,
        &mut (),
        &|| false,
        &mut (),
    );
    assert!(matches!(refused, Err(NnError::Checkpoint(_))));
    for damaged in [&bytes[..bytes.len() / 2], &[], &bytes[1..]] {
        assert!(matches!(
            Checkpoint::from_bytes(damaged),
            Err(NnError::Checkpoint(_))
        ));
    }
    assert!(fit(&rings(), &config, &mut (), &|| false).is_ok());
}
