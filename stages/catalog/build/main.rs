//! Writes the table of built-in stages: their descriptions, and a digest of the code each can reach.

mod describe;
mod emit;
mod normalise;
mod reach;

use std::error::Error;
use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?)
        .join("../..")
        .canonicalize()?;
    let stages = describe::all(&root)?;
    let mut reach = reach::Reach::new(&root)?;
    let mut table = emit::Table::default();
    for stage in &stages {
        table.stage(stage, &reach.of(stage)?);
    }
    let out = Path::new(&std::env::var("OUT_DIR")?).join("table.rs");
    std::fs::write(out, table.finish(reach.raw()))?;
    for path in reach.watched() {
        writeln!(
            std::io::stdout(),
            "cargo::rerun-if-changed={}",
            path.display()
        )?;
    }
    Ok(())
}
