//! The stage as users run it.

use crate::shared::tests::TestProject;

const FOLDER: &str = "results/counterfactual";

fn evaluated(changes: &[(&str, &str)]) -> TestProject {
    let project = TestProject::new(changes);
    project
        .repro("counterfactual")
        .assert_done("counterfactual");
    project
}

fn floats(project: &TestProject, table: &str, column: &str) -> Vec<f64> {
    let table = project.table(&format!("{FOLDER}/{table}.parquet"));
    table.values::<f64>(column).unwrap()
}

#[test]
fn one_row_a_configuration() {
    let project = evaluated(&[]);
    let table = project.table(&format!("{FOLDER}/counterfactual.parquet"));
    let grown = project.json("results/train/metrics.json")["seeds"]["grown"].clone();
    let seeds = project.table(&format!("{FOLDER}/seeds.parquet"));
    assert_eq!(grown, seeds.rows());
    assert!(seeds.rows() >= 2, "too few seeds for this test: {grown}");
    assert_eq!(table.rows(), 1 << seeds.rows());
    let configs = table.values::<String>("config").unwrap();
    let names = seeds.values::<String>("seed").unwrap();
    for (at, name) in names.iter().enumerate() {
        let on = table.values::<bool>(&format!("on_{name}")).unwrap();
        for (row, config) in configs.iter().enumerate() {
            assert_eq!(on[row], &config[at..=at] == "1", "{name} in {config}");
        }
    }
    let count = |config: &String| i64::try_from(config.matches('1').count()).unwrap();
    let counts: Vec<i64> = configs.iter().map(count).collect();
    assert_eq!(table.values::<i64>("n_on").unwrap(), counts);
}

#[test]
fn the_whole_network_does_as_well_as_when_it_was_trained() {
    let project = evaluated(&[]);
    let trained = project.json("results/train/metrics.json");
    let accuracy = project.json(&format!("{FOLDER}/metrics.json"))["metric"]["accuracy"].clone();
    assert_eq!(accuracy["full"], trained["metric"]["accuracy"]["final"]);
    // What the seeds learn changes nothing of the host, which was frozen after the warm-up.
    let host_only = &trained["metric"]["accuracy"]["host_only"];
    assert_eq!(&accuracy["baseline"], host_only);
}

#[test]
fn shares_follow_from_the_configurations() {
    let project = evaluated(&[]);
    let metrics = project.json(&format!("{FOLDER}/metrics.json"));
    for (measure, path) in [("accuracy", "/metric/accuracy"), ("loss", "/loss")] {
        let values = floats(&project, "counterfactual", measure);
        let all = values.len() - 1;
        let gain = values[all] - values[0];
        let shapley = floats(&project, "seeds", &format!("shapley_{measure}"));
        assert!((shapley.iter().sum::<f64>() - gain).abs() < 1e-12);
        let told = metrics.pointer(path).unwrap();
        assert!((told["gain"].as_f64().unwrap() - gain).abs() < 1e-12);
        assert!((told["shapley_sum"].as_f64().unwrap() - gain).abs() < 1e-12);
        let costs = floats(&project, "seeds", &format!("removal_cost_{measure}"));
        let solos = floats(&project, "seeds", &format!("solo_{measure}"));
        for seed in 0..shapley.len() {
            let without = values[all & !(1 << seed)];
            assert!((costs[seed] - (values[all] - without)).abs() < 1e-12);
            assert!((solos[seed] - (values[1 << seed] - values[0])).abs() < 1e-12);
        }
    }
    let shapley = floats(&project, "seeds", "shapley_accuracy");
    let per_weight = floats(&project, "seeds", "accuracy_per_10k_parameters");
    let seeds = project.table(&format!("{FOLDER}/seeds.parquet"));
    let parameters = seeds.values::<i64>("parameters").unwrap();
    for (seed, share) in shapley.iter().enumerate() {
        let weights = parameters[seed] as f64;
        assert!((per_weight[seed] * weights / 10_000.0 - share).abs() < 1e-12);
    }
}

#[test]
fn a_network_without_grown_seeds_is_one_configuration() {
    let project = TestProject::new(&[("patience: 2", "patience: 50")]);
    let ran = project.repro("counterfactual");
    ran.assert_done("counterfactual");
    let log = ran.log("counterfactual").join("\n");
    assert!(log.starts_with("no seed has grown"), "{log}");
    let table = project.table(&format!("{FOLDER}/counterfactual.parquet"));
    assert_eq!(table.values::<String>("config").unwrap(), [""]);
    let seeds = project.table(&format!("{FOLDER}/seeds.parquet"));
    assert_eq!(seeds.rows(), 0);
    let metrics = project.json(&format!("{FOLDER}/metrics.json"));
    assert_eq!(metrics["attribution"]["status"], "disabled");
    assert_eq!(metrics["metric"]["accuracy"]["gain"], 0.0);
    let text = std::fs::read_to_string(project.path(&format!("{FOLDER}/metrics.json"))).unwrap();
    assert!(!text.contains("-0.0"), "{text}");
}

/// Orders of seeds instead of all configurations: the shares are near, and add up exactly.
#[test]
fn more_seeds_than_are_counted_out_are_sampled() {
    let exact = evaluated(&[]);
    let params =
        "counterfactual: {exact_seeds: 1, max_orders: 512, standard_error: 0.0001}\nsweep:";
    let sampled = evaluated(&[("sweep:", params)]);
    let metrics = sampled.json(&format!("{FOLDER}/metrics.json"));
    assert_eq!(metrics["attribution"]["method"], "sampled");
    assert_eq!(metrics["attribution"]["orders"], 512);
    let accuracy = &metrics["metric"]["accuracy"];
    let (gain, sum) = (accuracy["gain"].as_f64(), accuracy["shapley_sum"].as_f64());
    assert!((gain.unwrap() - sum.unwrap()).abs() < 1e-9);
    let found = floats(&sampled, "seeds", "shapley_accuracy");
    let errors = floats(&sampled, "seeds", "shapley_accuracy_standard_error");
    let expected = floats(&exact, "seeds", "shapley_accuracy");
    for seed in 0..found.len() {
        let off = (found[seed] - expected[seed]).abs();
        assert!(
            off <= 4.0 * errors[seed] + 1e-12,
            "{seed}: {off} {}",
            errors[seed]
        );
    }
    for column in ["removal_cost_accuracy", "solo_loss"] {
        let (found, expected) = (
            floats(&sampled, "seeds", column),
            floats(&exact, "seeds", column),
        );
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{column}");
        }
    }
    // What takes all configurations was not measured.
    let seeds = sampled.table(&format!("{FOLDER}/seeds.parquet"));
    let marginal = seeds.cells::<f64>("marginal_accuracy").unwrap();
    assert!(marginal.iter().all(Option::is_none));
    let pairs = sampled.table(&format!("{FOLDER}/interactions.parquet"));
    assert_eq!(pairs.rows(), 0);
}

#[test]
fn intervals_enclose_what_was_found() {
    let project = evaluated(&[]);
    for measure in ["accuracy", "loss"] {
        for share in ["marginal", "removal_cost", "solo", "shapley"] {
            let column = |end: &str| floats(&project, "seeds", &format!("{share}_{measure}{end}"));
            let (values, lows, highs) = (column(""), column("_low"), column("_high"));
            for seed in 0..values.len() {
                assert!(lows[seed] <= values[seed] + 1e-9, "{share} {measure}");
                assert!(values[seed] <= highs[seed] + 1e-9, "{share} {measure}");
            }
        }
    }
    let without = evaluated(&[("sweep:", "counterfactual: {resamples: 0}\nsweep:")]);
    let seeds = without.table(&format!("{FOLDER}/seeds.parquet"));
    let lows = seeds.cells::<f64>("shapley_accuracy_low").unwrap();
    assert!(lows.iter().all(Option::is_none));
}

#[test]
fn interactions_of_every_two_or_more() {
    let project = evaluated(&[]);
    let seeds = project.table(&format!("{FOLDER}/seeds.parquet")).rows();
    let table = project.table(&format!("{FOLDER}/interactions.parquet"));
    assert_eq!(table.rows(), (1 << seeds) - seeds - 1);
    let orders = table.values::<i64>("order").unwrap();
    let dividends = floats(&project, "interactions", "dividend_accuracy");
    let lows = table.cells::<f64>("interaction_accuracy_low").unwrap();
    let values = floats(&project, "counterfactual", "accuracy");
    for (row, order) in orders.iter().enumerate() {
        assert_eq!(lows[row].is_some(), *order == 2);
    }
    // The first row is the first two seeds.
    let expected = values[3] - values[2] - values[1] + values[0];
    assert!((dividends[0] - expected).abs() < 1e-12);
}

#[test]
fn accuracies_of_the_classes_make_the_whole() {
    let project = evaluated(&[("sweep:", "counterfactual: {per_class: true}\nsweep:")]);
    let [first, second] = [0, 1].map(|class| {
        floats(
            &project,
            "counterfactual",
            &format!("accuracy_class_{class}"),
        )
    });
    let whole = floats(&project, "counterfactual", "accuracy");
    for row in 0..whole.len() {
        let (low, high) = (first[row].min(second[row]), first[row].max(second[row]));
        assert!((low..=high).contains(&whole[row]), "{row}");
    }
}

#[test]
fn another_dataset_is_refused() {
    let project = TestProject::new(&[]);
    let other = "\n  other: {uses: generate_data, params: [data], outs: [other.npz]}";
    let text = crate::shared::tests::PIPELINE.replace(
        "[data/samples.parquet, results/train/]",
        "[other.npz, results/train/]",
    );
    project.write("pipeline.yaml", &(text + other));
    let ran = project.repro("counterfactual");
    let reason = "`other.npz` is not the dataset that the network was trained on";
    assert_eq!(ran.failure("counterfactual"), reason);
}

/// A network of the same features that another run made is not the one that `config.json` tells of.
#[test]
fn a_network_of_another_training_is_refused() {
    let project = evaluated(&[]);
    let train = ["config.json", "model.safetensors"];
    std::fs::create_dir(project.path("mine")).unwrap();
    for name in train {
        let from = project.path(&format!("results/train/{name}"));
        std::fs::copy(from, project.path(&format!("mine/{name}"))).unwrap();
    }
    let pipeline = crate::shared::tests::PIPELINE.replace(
        "[data/samples.parquet, results/train/]",
        "[data/samples.parquet, mine/]",
    );
    project.write("pipeline.yaml", &pipeline);
    project
        .repro("counterfactual")
        .assert_done("counterfactual");
    let refused = |change: (&str, &str)| {
        let other = TestProject::new(&[change]);
        other.repro("train").assert_done("train");
        let model = "model.safetensors";
        let from = other.path(&format!("results/train/{model}"));
        std::fs::copy(from, project.path(&format!("mine/{model}"))).unwrap();
        let ran = project.repro("counterfactual");
        ran.failure("counterfactual").to_owned()
    };
    assert_eq!(
        refused(("hidden_dim: 8", "hidden_dim: 4")),
        "`mine/model.safetensors` is of another training than `mine/config.json` beside it: it has \
         `train.hidden_dim` 4 instead of 8; run the stage that makes `mine` again (`--force`)"
    );
    let reason = refused(("rng_seed: 7", "rng_seed: 8"));
    assert!(
        reason.contains("`train.rng_seed` 8 instead of 7"),
        "{reason}"
    );
}
