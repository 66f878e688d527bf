//! The kept inputs hold.
//!
//! `corpus/NAME/` has inputs with names of their own, in `found/NAME.txt` lie the ones that the fuzzer
//! found to reach all of the code that it reached, parted by lines.

use kaslite_fuzz::Property;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The line between two inputs of one file.
const PARTING: &[u8] = b"\n~~~~~~~~ next input ~~~~~~~~\n";

fn holds(name: &str, property: Property, data: &[u8]) {
    let began = Instant::now();
    property(data);
    assert!(began.elapsed() < Duration::from_secs(20), "{name}");
}

#[test]
fn every_kept_input_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, property) in kaslite_fuzz::ALL {
        let entries = fs::read_dir(folder.join("corpus").join(name)).expect("a corpus");
        let mut count = 0;
        for entry in entries {
            let path = entry.expect("an input").path();
            let data = fs::read(&path).expect("an input");
            holds(&path.display().to_string(), *property, &data);
            count += 1;
        }
        assert!(count > 0, "no inputs for {name}");
    }
}

#[test]
fn every_found_input_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    for (name, property) in kaslite_fuzz::ALL {
        let found = fs::read(folder.join(name).with_extension("txt")).expect("what was found");
        let (mut rest, mut count) = (found.as_slice(), 0);
        while let Some(end) = rest.windows(PARTING.len()).position(|part| part == PARTING) {
            count += 1;
            holds(&format!("{name} {count}"), *property, &rest[..end]);
            rest = &rest[end + PARTING.len()..];
        }
        assert!(count > 0, "no inputs for {name}");
    }
}
