//! How far learned gates are open, beside what the weights of the model file say.

use kaslite_nn::{Config, Event, Openness, Operator, Outcome, SeedId, SeedStats};
use safetensors::SafeTensors;

use crate::support::{epochs, rings, small_config, train};

/// A run whose seeds, behind the first hidden layer alone, join by an operator, looked at closely
/// throughout.
fn config(operator: Operator) -> Config {
    let mut config = Config {
        operator,
        disabled: (1..=3).map(|index| SeedId { layer: 2, index }).collect(),
        ..small_config()
    };
    config.dense.always = true;
    config
}

/// `[rows, inputs]` to `[rows, outputs]`, in float64.
fn linear(file: &SafeTensors<'_>, name: &str, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let values = |part: &str| -> Vec<f64> {
        let tensor = file.tensor(&format!("{name}.{part}")).unwrap();
        let floats = tensor.data().chunks_exact(4);
        floats
            .map(|bytes| f64::from(f32::from_le_bytes(bytes.try_into().unwrap())))
            .collect()
    };
    let (weight, bias) = (values("weight"), values("bias"));
    let output = |row: &Vec<f64>, at: usize| {
        let weights = &weight[at * row.len()..][..row.len()];
        let products = weights.iter().zip(row).map(|(one, other)| one * other);
        bias[at] + products.sum::<f64>()
    };
    rows.iter()
        .map(|row| (0..bias.len()).map(|at| output(row, at)).collect())
        .collect()
}

fn relu(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let row = |row: Vec<f64>| row.into_iter().map(|value| value.max(0.0)).collect();
    rows.into_iter().map(row).collect()
}

/// How far the gate of a seed behind the first hidden layer is open for each validation row, lowest
/// first, from the weights that the model file holds.
fn by_hand(outcome: &Outcome, seed: SeedId) -> Vec<f64> {
    let path = tempfile::NamedTempFile::new().unwrap();
    outcome.model.save(path.path()).unwrap();
    let bytes = std::fs::read(path.path()).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let data = rings().select(&outcome.split.validation).unwrap();
    let data = outcome.model.scaler().transform(&data);
    let rows = data.features().chunks_exact(data.input_dim());
    let rows: Vec<Vec<f64>> = rows
        .map(|row| row.iter().map(|&value| f64::from(value)).collect())
        .collect();
    let given = relu(linear(
        &file,
        "layers.0",
        &relu(linear(&file, "input_layer", &rows)),
    ));
    let hidden = relu(linear(&file, &format!("{seed}.gate.0"), &given));
    let open = linear(&file, &format!("{seed}.gate.2"), &hidden);
    let sigmoid = |row: Vec<f64>| 1.0 / (1.0 + (-row[0]).exp());
    let mut open: Vec<f64> = open.into_iter().map(sigmoid).collect();
    open.sort_by(f64::total_cmp);
    open
}

/// Between two values of a sorted list where the place lies between them.
fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let place = quarters * (sorted.len() - 1);
    let (below, share) = (sorted[place / 4], (place % 4) as f64 / 4.0);
    let above = sorted[place.div_ceil(4)];
    below + share * (above - below)
}

fn close_looks(events: &[Event]) -> impl DoubleEndedIterator<Item = &[Openness]> {
    events.iter().filter_map(|event| {
        let Event::Dense { seen } = event else {
            return None;
        };
        Some(seen.openness.as_slice())
    })
}

#[test]
fn openness_is_what_the_weights_give() {
    let (outcome, events) = train(&rings(), &config(Operator::Gate));
    let (_, last): (_, &[SeedStats]) = *epochs(&events).last().unwrap();
    let close = |one: f64, other: f64| assert!((one - other).abs() < 1e-6, "{one} {other}");
    let mut checked = 0;
    for stats in last {
        let Some(openness) = stats.openness else {
            continue;
        };
        let open = by_hand(&outcome, stats.seed);
        let count = open.len() as f64;
        let mean = open.iter().sum::<f64>() / count;
        close(openness, mean);
        let seen = close_looks(&events).next_back().unwrap();
        let seen = seen.iter().find(|seen| seen.seed == stats.seed).unwrap();
        close(seen.mean, mean);
        let squares = open.iter().map(|value| (value - mean).powi(2));
        close(seen.deviation, (squares.sum::<f64>() / count).sqrt());
        for (quarters, found) in seen.quartiles.into_iter().enumerate() {
            close(found, quantile(&open, quarters));
        }
        assert!(seen.deviation > 0.0 && 0.0 < seen.quartiles[0] && seen.quartiles[4] < 1.0);
        checked += 1;
    }
    assert!(
        checked > 0,
        "no seed behind the first layer joins: {last:?}"
    );
}

/// Through a gate joins who blends or has blended in by that operator.
#[test]
fn who_joins_otherwise_has_no_openness() {
    for operator in [Operator::Add, Operator::Multiply, Operator::Gate] {
        let (_, events) = train(&rings(), &config(operator));
        let (mut open, mut shown) = (0, 0);
        for (_, seeds) in epochs(&events) {
            for stats in seeds {
                let joins = operator == Operator::Gate && stats.state.shows();
                assert_eq!(stats.openness.is_some(), joins, "{operator:?} {stats:?}");
                open += usize::from(joins);
                shown += usize::from(stats.state.shows());
            }
        }
        assert!(shown > 0);
        let seen: usize = close_looks(&events).map(<[Openness]>::len).sum();
        assert_eq!(seen, open, "{operator:?}");
    }
}
