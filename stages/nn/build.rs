//! Where the tests of this package find libtorch when they run, and, handed on as
//! `DEP_KASLITE_NN_LIBTORCH_LIB`, where the programs that use this package find it.
//!
//! torch-sys tells its direct dependents alone where libtorch lies, which is why `Cargo.toml` names
//! it beside tch. A link is followed: a program must still find its libtorch after `.libtorch` in
//! the checkout has been made to lead elsewhere.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Not there on a system for which torch-sys has no run path (Windows).
    let Ok(named) = env::var("DEP_TCH_LIBTORCH_LIB") else {
        return;
    };
    let named = Path::new(&named);
    // `cargo xtask setup` renews the time of the stamp when it makes the link lead elsewhere.
    let stamp = named.with_file_name("build-version");
    let library = format!(
        "{}torch_cpu{}",
        env::consts::DLL_PREFIX,
        env::consts::DLL_SUFFIX
    );
    let watched = if stamp.is_file() {
        stamp
    } else {
        named.join(library)
    };
    println!("cargo::rerun-if-changed={}", watched.display());
    match named.canonicalize() {
        Ok(folder) => {
            let folder = folder.display();
            println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
            println!("cargo::metadata=libtorch_lib={folder}");
        }
        Err(error) => println!(
            "cargo::error=cannot read `{}`: {error}; run `cargo xtask setup`",
            named.display()
        ),
    }
}
