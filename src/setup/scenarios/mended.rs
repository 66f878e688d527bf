//! Downloads that were cut off, damaged, or are not what they should be.

use std::fs;

use super::expect::{failure, linked};
use crate::flavour::Flavour;
use crate::folder;
use crate::libtorch::set_up;
use crate::recipe::VERSION;
use crate::testing::{Bench, DOWNLOAD, make_libtorch};

#[test]
fn what_an_interrupted_attempt_left_is_removed_or_used_again() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    let cache = bench.path("cache/kaslite");
    let downloads = cache.join("libtorch-2.13.0-cpu.downloads");
    make_libtorch(&cache.join("libtorch-2.13.0-cpu.tmp-1"), VERSION);
    // A folder that looks fetched, save for the stamp that is written last.
    let folder = cache.join("libtorch-2.13.0-cpu");
    make_libtorch(&folder, VERSION);
    fs::remove_file(folder.join(folder::STAMP)).unwrap();
    fs::write(folder.join("lib/old"), "").unwrap();
    // One wheel is finished, one is cut off; this pip keeps both as it finds them.
    fs::create_dir_all(&downloads).unwrap();
    let wheels: Vec<_> = fs::read_dir(bench.path("wheels"))
        .unwrap()
        .map(|wheel| wheel.unwrap().path())
        .collect();
    for wheel in &wheels {
        let bytes = fs::read(wheel).unwrap();
        let torch = wheel
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("torch-");
        let kept = if torch {
            &bytes[..bytes.len() / 2]
        } else {
            &bytes[..]
        };
        fs::write(downloads.join(wheel.file_name().unwrap()), kept).unwrap();
    }
    bench.pip("ls \"$folder\" >> \"$0.seen\"; cp -n \"$wheels\"/*.whl \"$folder\" || true");
    let environment = bench.environment();
    set_up(&environment).unwrap();
    assert!(linked(&environment));
    assert!(!folder.join("lib/old").exists());
    assert_eq!(bench.cached(), ["libtorch-2.13.0-cpu", "libtorch.lock"]);
    let seen = fs::read_to_string(bench.path("bin/python3.seen")).unwrap();
    assert!(!seen.contains("torch-"), "{seen}");
    assert_eq!(seen.matches(".whl").count(), wheels.len() - 1);
}

#[test]
fn a_wheel_that_arrives_broken_is_fetched_once_more_and_then_refused() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    // Damaged in the middle: it opens, but the check sum of a member is wrong.
    let damage = "for wheel in \"$folder\"/torch-*.whl; do \
        printf 'damage' | dd of=\"$wheel\" bs=1 seek=200 conv=notrunc 2>/dev/null; done";
    bench.pip(&format!(
        "{DOWNLOAD}; [ $(wc -l < \"$0.log\") -gt 1 ] || {{ {damage}; }}"
    ));
    let environment = bench.environment();
    set_up(&environment).unwrap();
    assert_eq!(bench.downloads(), 2);
    assert!(linked(&environment));

    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    bench.pip(&format!(
        "{DOWNLOAD}; truncate -s 300 \"$folder\"/torch-*.whl"
    ));
    let message = failure(&bench.environment()).message;
    assert_eq!(
        message,
        "pip downloaded a broken `torch-2.13.0-py3-none-any.whl` twice"
    );
    assert_eq!(bench.downloads(), 2);
    assert!(!bench.path("cache/kaslite/libtorch-2.13.0-cpu").exists());
}

#[test]
fn a_wheel_without_a_wanted_library_is_refused_by_its_name() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    bench.make_wheel(
        "torch-2.13.0-py3-none-any.whl",
        &["torch/include/a.h".into()],
    );
    bench.pip(DOWNLOAD);
    let message = set_up(&bench.environment()).unwrap_err().message;
    assert!(
        message.starts_with("`torch-2.13.0-py3-none-any.whl` holds no `torch/lib/"),
        "{message}"
    );
    assert!(!bench.path("cache/kaslite/libtorch-2.13.0-cpu").exists());
}
