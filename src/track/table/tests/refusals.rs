use std::fs;
use std::path::Path;

use super::sample;
use crate::table::{Table, TableError};

fn refusal(table: &Table) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    let error = table.write(&path).unwrap_err();
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing may be left behind"
    );
    error.to_string()
}

#[test]
fn a_table_that_is_not_one_is_not_written() {
    assert_eq!(refusal(&Table::new()), "a table needs at least one column");
    let twice = Table::new().with("a", vec![1_i64]).with("a", vec![2_i64]);
    assert_eq!(refusal(&twice), "two columns are named `a`");
    let ragged = Table::new()
        .with("a", vec![1_i64])
        .with("b", vec![true, false]);
    assert_eq!(
        refusal(&ragged),
        "column `b` has 2 rows, the columns before it have 1"
    );
    let reserved = sample(1).with_metadata("ARROW:schema", "x");
    assert_eq!(
        refusal(&reserved),
        "the metadata key `ARROW:schema` is reserved by the file format"
    );
}

#[test]
fn getters_name_the_column_and_its_type() {
    let table = sample(4);
    let text = |error: TableError| error.to_string();
    assert_eq!(
        text(table.cells::<f64>("los").unwrap_err()),
        "no column `los`; there are `epoch`, `loss`, `x0`, `ok`, `seed`"
    );
    assert_eq!(
        text(table.cells::<f64>("epoch").unwrap_err()),
        "column `epoch` holds int64, expected float64"
    );
    assert_eq!(
        text(table.values::<f32>("x0").unwrap_err()),
        "column `x0` is null in row 0"
    );
}

#[test]
fn files_that_cannot_be_opened_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.parquet");
    let error = Table::read(&missing).unwrap_err();
    assert!(matches!(error, TableError::Missing { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        format!("no file at `{}`", missing.display())
    );
    let error = Table::read(folder.path()).unwrap_err();
    assert!(
        matches!(error, TableError::Io { action: "read", .. }),
        "{error}"
    );
    let error = sample(1)
        .write(&folder.path().join("no/such/folder"))
        .unwrap_err();
    assert!(
        matches!(
            error,
            TableError::Io {
                action: "write",
                ..
            }
        ),
        "{error}"
    );
    let error = sample(1).write(Path::new("")).unwrap_err();
    assert!(
        matches!(
            error,
            TableError::Io {
                action: "write",
                ..
            }
        ),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn writing_replaces_a_link_and_not_what_it_points_to() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let [cached, path, plain] = ["cached", "out", "plain"].map(|name| folder.path().join(name));
    fs::write(&cached, "cached").unwrap();
    fs::hard_link(&cached, &path).unwrap();
    sample(3).write(&path).unwrap();
    assert_eq!(fs::read(&cached).unwrap(), b"cached");
    assert_eq!(Table::read(&path).unwrap(), sample(3));
    fs::write(&plain, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&plain), "as readable as any new file");
}
