use kaslite_engine::event::{Event, Outcome};

use crate::shared::tests::TestProject;

#[test]
fn a_loss_that_is_no_number_fails_the_stage_and_says_where() {
    let ran = TestProject::new(&[("lr: 0.01\n", "lr: 1.0e+30\n")]).repro("train");
    let reason = ran.failure("train");
    assert!(reason.contains(" became "), "{reason}");
    assert!(reason.contains("at epoch 1, batch "), "{reason}");
}

#[test]
fn a_dataset_that_is_none_is_named_as_the_pipeline_names_it() {
    let project = TestProject::new(&[]);
    project.write(
        "pipeline.yaml",
        "stages: {train: {uses: train, deps: [mine.parquet], params: [train, seeds, telemetry], outs: [out/]}}",
    );
    project.write("mine.parquet", "x0,x1,y\n1,2,0\n");
    let ran = project.repro("train");
    let reason = ran.failure("train");
    assert!(reason.starts_with("`mine.parquet`: "), "{reason}");
    assert!(reason.contains("is not a Parquet file"), "{reason}");
}

#[test]
fn a_device_that_cannot_be_had_is_named() {
    let failure = |device| {
        let with = format!("lr: 0.01\n  device: {device}\n");
        let ran = TestProject::new(&[("lr: 0.01\n", &with)]).repro("train");
        ran.failure("train").to_owned()
    };
    let reason = failure("gpu");
    assert!(
        reason.contains("`gpu` is no device, expected `cpu`, `cuda` or `cuda:N`"),
        "{reason}"
    );
    // No machine has so many cards.
    let reason = failure("cuda:4096");
    assert!(
        reason.starts_with("`cuda:4096` cannot be used: "),
        "{reason}"
    );
}

#[test]
fn it_stops_when_asked_to() {
    let project = TestProject::new(&[]);
    let ran = project.repro_until("train", 1, |event| matches!(event, Event::Progress { .. }));
    assert_eq!(ran.outcomes["train"], Outcome::Cancelled);
    assert!(!project.path("results/train").exists());
}

#[test]
fn a_split_that_leaves_nothing_to_train_on() {
    let changes = [
        ("n_samples: 120", "n_samples: 3"),
        ("lr: 0.01\n", "lr: 0.01\n  train_frac: 0.1\n"),
    ];
    let ran = TestProject::new(&changes).repro("train");
    let reason = ran.failure("train");
    assert!(
        reason.starts_with("3 rows split at 0.1 leave 0 to train"),
        "{reason}"
    );
}

#[test]
fn what_went_wrong_is_counted() {
    let project = TestProject::new(&[("lr: 0.01\n", "lr: 10.0\n")]);
    project.repro("train").assert_done("train");
    let metrics = project.json("results/train/metrics.json");
    assert_eq!(metrics["anomalies"]["first_epoch"], 1);
    assert_eq!(metrics["anomalies"]["first_trigger"], "loss_spike");
    let windows = project.table("results/train/dense_windows.parquet");
    let wrong = windows.values::<bool>("anomaly").unwrap();
    let wrong = wrong.iter().filter(|wrong| **wrong).count();
    assert_eq!(metrics["anomalies"]["count"], wrong);
    let sound = TestProject::new(&[("sweep:", "telemetry: {accuracy_drop: 100.0}\nsweep:")]);
    sound.repro("train").assert_done("train");
    let metrics = sound.json("results/train/metrics.json");
    let none = serde_json::json!({"count": 0, "first_epoch": null, "first_trigger": null});
    assert_eq!(metrics["anomalies"], none);
    assert_eq!(metrics["validation"]["rows"], 24);
    assert!(metrics["validation"]["caveat"].is_null());
}

#[test]
fn one_class_to_validate_on_is_warned_of_and_kept_where_no_seed_grows() {
    let changes = [
        ("n_samples: 120", "n_samples: 20"),
        ("lr: 0.01\n", "lr: 0.01\n  train_frac: 0.95\n"),
        ("patience: 2", "patience: 50"),
    ];
    let project = TestProject::new(&changes);
    let ran = project.repro("train");
    ran.assert_done("train");
    let warned = ran.events.iter().find_map(|event| {
        if let Event::Warning {
            message,
            alert: Some(alert),
            ..
        } = event
            && alert.sign == "one_class"
        {
            Some(message)
        } else {
            None
        }
    });
    let told = "their accuracy tells no classes apart";
    assert!(warned.is_some_and(|message| message.contains(told)));
    let metrics = project.json("results/train/metrics.json");
    assert_eq!(metrics["seeds"]["grown"], 0);
    let caveat = metrics["validation"]["caveat"].as_str();
    assert!(caveat.is_some_and(|caveat| caveat.contains(told)));
}
