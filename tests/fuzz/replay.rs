//! The kept inputs hold.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn every_kept_input_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, property) in kaslite_fuzz::ALL {
        let mut count = 0;
        for entry in fs::read_dir(corpus.join(name)).expect("a corpus") {
            let path = entry.expect("an input").path();
            let (data, began) = (fs::read(&path).expect("an input"), Instant::now());
            property(&data);
            count += 1;
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{}",
                path.display()
            );
        }
        assert!(count > 0, "no inputs for {name}");
    }
}
