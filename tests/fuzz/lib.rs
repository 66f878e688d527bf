//! What holds of any bytes that are read as a pipeline, as params, as a lock: nothing panics or takes
//! for ever, each problem has its place, what is read is what is written.
//!
//! `cargo test -p kaslite-fuzz` tries the kept inputs in `corpus/` and in `found/`; to look for new ones:
//!
//! ```text
//! cargo +nightly fuzz run --fuzz-dir tests/fuzz --features libfuzzer -s none pipeline -- \
//!     -dict=tests/fuzz/yaml.dict -timeout=10 -rss_limit_mb=1024 -max_total_time=600
//! ```
//!
//! What it found goes to `found/` in its shortest form: with `-set_cover_merge=1 -use_counters=0 FEW ALL`
//! it puts as few of the inputs ALL into the folder FEW as reach the same code, and
//!
//! ```text
//! for file in FEW/*; do cat "$file"; printf '\n~~~~~~~~ next input ~~~~~~~~\n'; done > found/pipeline.txt
//! ```

mod lock;
mod params;
mod pipeline;
mod problems;

pub use lock::{lock, merge};
pub use params::params;
pub use pipeline::pipeline;

/// What panics where it does not hold of these bytes.
pub type Property = fn(&[u8]);

/// Every property by the name of its corpus.
pub const ALL: &[(&str, Property)] = &[
    ("pipeline", pipeline),
    ("params", params),
    ("lock", lock),
    ("merge", merge),
];

/// The texts of an input, which a line `=== ` and a name part from each other.
fn parts(data: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(data);
    let mut parts = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("=== ") {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push_str(line);
        }
    }
    parts
}
