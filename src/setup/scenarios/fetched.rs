//! Set-ups that fetch.

use std::fs;
use std::thread;

use super::expect::linked;
use crate::environment::Environment;
use crate::flavour::Flavour;
use crate::libtorch::set_up;
use crate::link;
use crate::testing::{Bench, DOWNLOAD};

#[test]
fn the_first_set_up_fetches_and_the_second_does_nothing() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    bench.pip(DOWNLOAD);
    let environment = bench.environment();
    let folder = set_up(&environment).unwrap();
    assert_eq!(folder, bench.path("cache/kaslite/libtorch-2.13.0-cpu"));
    assert_eq!(link::target(&environment.link()), Some(folder.clone()));
    assert!(linked(&environment));
    assert_eq!(bench.cached(), ["libtorch-2.13.0-cpu", "libtorch.lock"]);
    assert!(!folder.join("lib/libtorch_python.so").exists());
    if cfg!(target_os = "linux") {
        let member = fs::read_to_string(folder.join("lib/libcupti.so.13")).unwrap();
        assert!(member.starts_with("nvidia/cu13/lib/libcupti.so.13"));
        assert!(
            fs::read(folder.join("lib/libtorch.so"))
                .unwrap()
                .starts_with(b"\x7fELF")
        );
    }

    assert_eq!(set_up(&environment).unwrap(), folder);
    assert_eq!(bench.downloads(), 1);
    // Another clone of the same user: no download either, only its link.
    let clone = Environment {
        root: bench.path("clone"),
        ..environment
    };
    fs::create_dir(&clone.root).unwrap();
    set_up(&clone).unwrap();
    assert!(linked(&clone));
    assert_eq!(bench.downloads(), 1);
}

#[test]
fn two_set_ups_at_once_fetch_once() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cpu);
    bench.pip(&format!("sleep 1; {DOWNLOAD}"));
    let environment = bench.environment();
    thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| set_up(&environment)));
        for one in both {
            one.join().unwrap().unwrap();
        }
    });
    assert_eq!(bench.downloads(), 1);
    assert!(linked(&environment));
    assert_eq!(bench.cached(), ["libtorch-2.13.0-cpu", "libtorch.lock"]);
}

#[cfg(target_os = "linux")]
#[test]
fn cuda_keeps_the_libraries_of_all_wheels_in_one_folder() {
    let bench = Bench::new();
    bench.make_wheels(Flavour::Cuda);
    bench.make_wheel(
        "nvidia_cudnn-9-py3-none-any.whl",
        &["nvidia/cudnn/lib/libcudnn.so.9".into()],
    );
    bench.make_wheel(
        "nvidia_headers-1-py3-none-any.whl",
        &["nvidia/x/include/x.h".into()],
    );
    bench.make_wheel("sympy-1-py3-none-any.whl", &["sympy/lib/sympy.so".into()]);
    bench.pip(DOWNLOAD);
    let environment = Environment {
        flavour: Some(Flavour::Cuda),
        ..bench.environment()
    };
    let folder = set_up(&environment).unwrap();
    assert_eq!(folder, bench.path("cache/kaslite/libtorch-2.13.0-cuda"));
    let mut libraries: Vec<_> = fs::read_dir(folder.join("lib"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    libraries.sort();
    let expected = [
        "cu13.so",
        "libc10.so",
        "libcudnn.so.9",
        "libgomp.so.1",
        "libtorch.so",
        "libtorch_cpu.so",
        "libtorch_cuda.so",
    ];
    assert_eq!(libraries, expected);
    assert!(
        fs::read_to_string(folder.join("lib/libtorch.so"))
            .unwrap()
            .starts_with("torch/lib/")
    );
}
