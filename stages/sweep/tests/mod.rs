//! The stage as users run it.

use std::collections::BTreeMap;
use std::path::Path;

use kaslite_engine::event::{Event, Outcome};

use crate::shared::tests::TestProject;

const FOLDER: &str = "results/sweep";
const PARAMETERS: &str = "{hidden_dim: [4, 8], lr: '0.01,0.02', adaptation_epochs: 2}";

fn swept(parameters: &str) -> (TestProject, Vec<String>) {
    let project = TestProject::new(&[(PARAMETERS, parameters)]);
    let ran = project.repro("sweep");
    ran.assert_done("sweep");
    let log = ran.log("sweep").into_iter().map(str::to_owned).collect();
    (project, log)
}

/// Path → bytes of everything in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(path, bytes)| (format!("{name}/{path}"), bytes)));
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn one_row_a_trial_with_a_column_for_each_param_that_varies() {
    let (project, log) = swept(PARAMETERS);
    assert_eq!(log, ["4 trials: 4 trained, 0 from the cache"]);
    let table = project.table(&format!("{FOLDER}/sweep.parquet"));
    let names: Vec<&str> = table.columns().iter().map(|(name, _)| &**name).collect();
    let expected = [
        "trial",
        "name",
        "train.hidden_dim",
        "train.lr",
        "status",
        "reason",
        "best_accuracy",
        "final_accuracy",
        "final_loss",
        "seeds_grown",
        "parameters",
    ];
    assert_eq!(names, expected);
    let widths = table.values::<i64>("train.hidden_dim").unwrap();
    let rates = table.values::<f64>("train.lr").unwrap();
    assert_eq!(widths, [4, 4, 8, 8]);
    assert_eq!(rates, [0.01, 0.02, 0.01, 0.02]);
    assert_eq!(table.values::<String>("status").unwrap(), ["done"; 4]);
    for (row, name) in table.values::<String>("name").unwrap().iter().enumerate() {
        let trial = project.json(&format!("{FOLDER}/trials/{name}/metrics.json"));
        let config = project.json(&format!("{FOLDER}/trials/{name}/config.json"));
        let best = table.values::<f64>("best_accuracy").unwrap()[row];
        assert_eq!(trial["metric"]["accuracy"]["best"], best);
        assert_eq!(config["train.hidden_dim"], widths[row]);
        assert_eq!(config["train.adaptation_epochs"], 2);
        assert_eq!(config["train.rng_seed"], 7, "of the section `train`");
    }
}

#[test]
fn csv_has_the_columns_of_the_table_under_the_names_of_the_original() {
    let (project, _) = swept(PARAMETERS);
    let table = project.table(&format!("{FOLDER}/sweep.parquet"));
    let path = project.path(&format!("{FOLDER}/sweep_summary.csv"));
    let mut csv = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..3], ["run_id", "run_slug", "train.hidden_dim"]);
    assert_eq!(header.len(), table.columns().len());
    let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let losses = records.iter().map(|record| record[8].parse().unwrap());
    let losses: Vec<f64> = losses.collect();
    assert_eq!(losses, table.values::<f64>("final_loss").unwrap());
}

#[test]
fn the_best_trial_is_the_first_of_the_most_accurate() {
    let (project, _) = swept(PARAMETERS);
    let metrics = project.json(&format!("{FOLDER}/metrics.json"));
    let table = project.table(&format!("{FOLDER}/sweep.parquet"));
    let accuracies = table.values::<f64>("best_accuracy").unwrap();
    let best = accuracies.iter().copied().fold(0.0, f64::max);
    let first = accuracies.iter().position(|&one| one >= best).unwrap();
    assert_eq!(metrics["best"]["accuracy"], best);
    let names = table.values::<String>("name").unwrap();
    assert_eq!(metrics["best"]["name"], names[first]);
    let widths = table.values::<i64>("train.hidden_dim").unwrap();
    assert_eq!(metrics["best"]["params"]["train.hidden_dim"], widths[first]);
    assert_eq!(metrics["trials"], 4);
}

#[test]
fn a_trial_that_fails_is_a_row() {
    let (project, log) = swept("{lr: [0.01, 1.0e+30]}");
    assert_eq!(log, ["2 trials: 1 trained, 0 from the cache, 1 failed"]);
    let table = project.table(&format!("{FOLDER}/sweep.parquet"));
    assert_eq!(
        table.values::<String>("status").unwrap(),
        ["done", "failed"]
    );
    let reasons = table.cells::<String>("reason").unwrap();
    assert_eq!(reasons[0], None);
    assert!(reasons[1].as_ref().unwrap().contains("became"));
    assert_eq!(table.cells::<f64>("best_accuracy").unwrap()[1], None);
    let metrics = project.json(&format!("{FOLDER}/metrics.json"));
    assert_eq!(
        (&metrics["succeeded"], &metrics["failed"]),
        (&1.into(), &1.into())
    );
    let folders = std::fs::read_dir(project.path(&format!("{FOLDER}/trials"))).unwrap();
    assert_eq!(folders.count(), 1, "nothing of the trial that failed");
}

#[test]
fn what_the_cache_holds_shapes_no_byte() {
    let (cold, _) = swept(PARAMETERS);
    // Two of the four trials are known already.
    let (warm, _) = swept("{hidden_dim: 4, lr: '0.01,0.02', adaptation_epochs: 2}");
    let params = std::fs::read_to_string(cold.path("params.yaml")).unwrap();
    warm.write("params.yaml", &params);
    let ran = warm.repro_until("sweep", 1, |_| false);
    assert_eq!(ran.log("sweep"), ["4 trials: 2 trained, 2 from the cache"]);
    let (cold, warm) = (files(&cold.path(FOLDER)), files(&warm.path(FOLDER)));
    assert_eq!(cold.len(), 3 + 4 * 18);
    assert!(cold == warm, "the same files with the same bytes");
}

#[test]
fn the_order_of_the_params_shapes_no_byte() {
    let (one, _) = swept("{lr: [0.01, 0.02], hidden_dim: [4, 8]}");
    let (other, _) = swept("{hidden_dim: [4, 8], lr: [0.01, 0.02]}");
    assert!(files(&one.path(FOLDER)) == files(&other.path(FOLDER)));
}

#[test]
fn what_is_wrong_is_said() {
    let failure = |parameters: &str| {
        let ran = TestProject::new(&[(PARAMETERS, parameters)]).repro("sweep");
        ran.failure("sweep").to_owned()
    };
    assert!(failure("{}").starts_with("`sweep.parameters` is empty"));
    assert!(failure("{lrr: [1, 2]}").contains("did you mean `lr`?"));
    assert!(failure("{lr: [0.1, -1]}").contains("must be a float above 0"));
    let all = failure("{lr: [1.0e+30, 2.0e+30]}");
    assert!(
        all.starts_with("all 2 trials failed, the first because: "),
        "{all}"
    );
}

#[test]
fn it_stops_when_asked_to() {
    let project = TestProject::new(&[]);
    let ran = project.repro_until(
        "sweep",
        1,
        |event| matches!(event, Event::Progress { stage, .. } if stage == "sweep"),
    );
    assert_eq!(ran.outcomes["sweep"], Outcome::Cancelled);
    assert!(!project.path(FOLDER).exists());
}
