//! Which of several libtorches is taken.

use std::fs;

use super::expect::{failure, linked};
use crate::flavour::Flavour;
use crate::folder;
use crate::libtorch::set_up;
use crate::link;
use crate::recipe::VERSION;
use crate::testing::{Bench, DOWNLOAD, make_libtorch};

#[test]
fn libtorch_of_the_user_wins_and_is_checked() {
    let bench = Bench::new();
    bench.pip("exit 1");
    make_libtorch(&bench.path("own"), VERSION);
    make_libtorch(&bench.path("cache/kaslite/libtorch-2.13.0-cpu"), VERSION);
    let mut environment = bench.environment();
    environment.user_libtorch = Some(bench.path("own"));
    assert_eq!(set_up(&environment).unwrap(), bench.path("own"));
    assert_eq!(link::target(&environment.link()), Some(bench.path("own")));

    fs::write(bench.path("own").join(folder::STAMP), "2.4.0+cpu\n").unwrap();
    let message = failure(&environment).message;
    assert!(
        message.ends_with("which is libtorch 2.4.0+cpu; kaslite needs 2.13.0"),
        "{message}"
    );
    environment.user_libtorch = Some(bench.path("nowhere"));
    let message = failure(&environment).message;
    assert!(
        message.contains("is no libtorch: `lib/libtorch_cpu."),
        "{message}"
    );
    environment.user_libtorch = Some("own".into());
    assert!(
        failure(&environment)
            .message
            .ends_with("`own`, which is no absolute path")
    );
    assert_eq!(bench.downloads(), 0);
}

#[test]
fn a_real_folder_in_the_links_place_stops_the_set_up_before_it_downloads() {
    let bench = Bench::new();
    bench.pip(DOWNLOAD);
    make_libtorch(&bench.path("checkout/.libtorch"), VERSION);
    let environment = bench.environment();
    assert!(
        failure(&environment)
            .message
            .ends_with("is in the way: it is no link")
    );
    assert_eq!(bench.downloads(), 0);
    assert!(linked(&environment));
}

#[test]
fn a_linked_libtorch_stays_until_another_flavour_is_asked_for() {
    let bench = Bench::new();
    bench.pip("exit 1");
    let folder = |flavour: &str| bench.path(&format!("cache/kaslite/libtorch-2.13.0-{flavour}"));
    make_libtorch(&folder("cpu"), VERSION);
    make_libtorch(&folder("cuda"), VERSION);
    let mut environment = bench.environment();
    assert_eq!(set_up(&environment).unwrap(), folder("cpu"));
    environment.flavour = Some(Flavour::Cuda);
    assert_eq!(set_up(&environment).unwrap(), folder("cuda"));
    environment.flavour = None;
    assert_eq!(set_up(&environment).unwrap(), folder("cuda"));
    environment.flavour = Some(Flavour::Cpu);
    assert_eq!(set_up(&environment).unwrap(), folder("cpu"));
    assert_eq!(link::target(&environment.link()), Some(folder("cpu")));
}
