//! Models in files, and models with seeds switched off.

use std::fs;

use kaslite_nn::{Model, ModelFileError, NnError, Outcome};

use crate::support::{rings, small_config, train};

fn trained() -> Outcome {
    train(&rings(), &small_config()).0
}

/// The validation rows are two whole batches, so the mean over them is the mean of their means.
#[test]
fn with_all_seeds_on_a_model_does_as_in_its_last_epoch() {
    let outcome = trained();
    let validation = rings().select(&outcome.split.validation).unwrap();
    let on = vec![true; outcome.model.grown_seeds().len()];
    let evaluation = outcome.model.evaluate(&validation, &on).unwrap();
    assert!(
        (evaluation.loss - outcome.final_loss).abs() < 1e-6,
        "{evaluation:?}"
    );
    assert!(
        (evaluation.accuracy - outcome.final_accuracy).abs() < 1e-12,
        "{evaluation:?}"
    );
}

#[test]
fn each_seed_that_shows_changes_the_loss_when_switched_off() {
    let outcome = trained();
    let validation = rings().select(&outcome.split.validation).unwrap();
    let grown = outcome.model.grown_seeds();
    let on = vec![true; grown.len()];
    let loss = |enabled: &[bool]| outcome.model.evaluate(&validation, enabled).unwrap().loss;
    for (at, seed) in grown.iter().enumerate() {
        let mut enabled = on.clone();
        enabled[at] = false;
        let changed = (loss(&enabled) - loss(&on)).abs() > 0.0;
        assert_eq!(changed, seed.state.shows(), "{seed:?}");
    }
}

#[test]
fn a_model_survives_its_file() {
    let outcome = trained();
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("one"), folder.path().join("two"));
    outcome.model.save(&first).unwrap();
    let loaded = Model::load(&first).unwrap();
    loaded.save(&second).unwrap();
    assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap());
    assert_eq!(loaded.grown_seeds(), outcome.model.grown_seeds());
    assert_eq!(loaded.scaler(), outcome.model.scaler());
    let on = vec![true; loaded.grown_seeds().len()];
    let same = |model: &Model| model.evaluate(&rings(), &on).unwrap();
    assert_eq!(same(&loaded), same(&outcome.model));
}

#[test]
fn an_evaluation_that_does_not_fit_is_refused() {
    let model = trained().model;
    let grown = model.grown_seeds().len();
    let error = model.evaluate(&rings(), &[]).unwrap_err();
    assert!(
        matches!(error, NnError::EnabledLength { given: 0, .. }),
        "{error}"
    );
    let on = vec![true; grown];
    let narrow = kaslite_nn::Data::new(vec![1.0, 2.0], vec![0, 1], 1).unwrap();
    let error = model.evaluate(&narrow, &on).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows have 1 features, but the model takes 3"
    );
    let none = rings().select(&[]).unwrap();
    assert_eq!(
        model.evaluate(&none, &on).unwrap_err().to_string(),
        "there are no rows"
    );
}

fn refusal(bytes: &[u8]) -> ModelFileError {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    match Model::load(file.path()) {
        Ok(_) => panic!("the file was accepted"),
        Err(error) => error,
    }
}

fn saved() -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    trained().model.save(file.path()).unwrap();
    fs::read(file.path()).unwrap()
}

/// The file with a piece of its header replaced by one of the same length.
fn with(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = bytes
        .windows(old.len())
        .position(|window| window == old.as_bytes())
        .unwrap();
    let mut changed = bytes.to_vec();
    changed[at..at + new.len()].copy_from_slice(new.as_bytes());
    changed
}

#[test]
fn a_file_that_is_no_model_is_refused() {
    let missing = Model::load("no/such/model.safetensors".as_ref())
        .err()
        .unwrap();
    assert!(matches!(missing, ModelFileError::Io { .. }), "{missing}");
    let text = refusal(b"a,b\n1,2\n");
    assert!(matches!(text, ModelFileError::Format { .. }), "{text}");
    let bytes = saved();
    let cut = refusal(&bytes[..bytes.len() - 4]);
    assert!(matches!(cut, ModelFileError::Format { .. }), "{cut}");
    let foreign = refusal(&with(&bytes, "kaslite_model", "someone_model"));
    assert!(
        foreign
            .to_string()
            .ends_with("its metadata has no `kaslite_model`"),
        "{foreign}"
    );
    let newer = refusal(&with(&bytes, r#"\"format\":1"#, r#"\"format\":2"#));
    assert!(
        newer.to_string().ends_with("it is not of format 1"),
        "{newer}"
    );
    let width = refusal(&with(
        &bytes,
        r#"\"hidden_dim\":16"#,
        r#"\"hidden_dim\":17"#,
    ));
    let message = "tensor `input_layer.weight` is F32 [16, 3], expected F32 [17, 3]";
    assert!(width.to_string().ends_with(message), "{width}");
    let tensor = refusal(&with(&bytes, r#""layers.1.bias""#, r#""layers.7.bias""#));
    let message = "tensor `layers.1.bias` is missing, expected F32 [16]";
    assert!(tensor.to_string().ends_with(message), "{tensor}");
}
