//! What went wrong while a network trained, from the windows of close looks.

use crate::report::gather::component::GatherError;
use crate::report::sources::Source;
use crate::report::trouble::{SignView, TroubleView};
use kaslite_track::table::Table;

/// Signs that are shown.
const SHOWN: usize = 10;

/// What the windows tell; none where nothing went wrong.
pub(super) fn read(source: &Source) -> Result<Option<TroubleView>, GatherError> {
    let path = |name: &str| source.path.join(name).to_string();
    let table = Table::read(&source.file.join("dense_windows.parquet"))?;
    let (epochs, wrong) = (
        table.values::<i64>("epoch")?,
        table.values::<bool>("anomaly")?,
    );
    let (triggers, because) = (
        table.values::<String>("trigger")?,
        table.values::<String>("because")?,
    );
    let rows = (0..table.rows()).filter(|&row| wrong[row]);
    let mut signs: Vec<SignView> = rows
        .map(|row| SignView {
            epoch: u32::try_from(epochs[row]).unwrap_or(u32::MAX),
            trigger: triggers[row].clone(),
            what: because[row].clone(),
        })
        .collect();
    let total = signs.len();
    signs.truncate(SHOWN);
    Ok((total > 0).then(|| TroubleView {
        signs,
        total,
        trace: path("dense_batches.parquet"),
        windows: path("dense_windows.parquet"),
    }))
}
