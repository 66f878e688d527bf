use crate::shared::tests::TestProject;

fn trained(changes: &[(&str, &str)]) -> TestProject {
    let project = TestProject::new(changes);
    project.repro("train").assert_done("train");
    project
}

#[test]
fn what_is_predicted_is_as_accurate_as_the_last_epoch() {
    let project = trained(&[]);
    let table = project.table("results/train/predictions.parquet");
    let labels = table.values::<i64>("label").unwrap();
    let predicted = table.values::<i64>("predicted").unwrap();
    let right = labels.iter().zip(&predicted).filter(|(a, b)| a == b);
    let accuracy = right.count() as f64 / labels.len() as f64;
    let metrics = project.json("results/train/metrics.json");
    let told = metrics["metric"]["accuracy"]["final"].as_f64().unwrap();
    assert!((accuracy - told).abs() < 1e-9, "{accuracy} and {told}");
    // A row is that of the dataset.
    let data = project.table("data/samples.parquet");
    let rows = table.values::<i64>("row").unwrap();
    let classes = data.values::<i64>("y").unwrap();
    let at = |row: &i64| classes[usize::try_from(*row).unwrap()];
    assert_eq!(rows.iter().map(at).collect::<Vec<_>>(), labels);
    let sure = table.values::<f64>("probability").unwrap();
    assert!(
        sure.iter().all(|sure| (0.5..=1.0).contains(sure)),
        "two classes"
    );
}

#[test]
fn the_plane_is_told_of_where_there_is_one() {
    let project = trained(&[]);
    let grid = project.table("results/train/boundary.parquet");
    assert_eq!(grid.rows(), 96 * 96);
    let (across, up) = (
        grid.values::<f64>("x0").unwrap(),
        grid.values::<f64>("x1").unwrap(),
    );
    assert!(across[..96].is_sorted() && up[..96].iter().all(|y| y.total_cmp(&up[0]).is_eq()));
    let samples = project.table("results/train/predictions.parquet");
    let range = (across[0], across[95]);
    for x in samples.values::<f64>("x0").unwrap() {
        assert!(range.0 < x && x < range.1, "{x} in {range:?}");
    }
    let project = trained(&[("input_dim: 2", "input_dim: 3")]);
    assert_eq!(project.table("results/train/boundary.parquet").rows(), 0);
    let samples = project.table("results/train/predictions.parquet");
    assert!(
        samples
            .cells::<f64>("x0")
            .unwrap()
            .iter()
            .all(Option::is_none)
    );
}
