//! Where `kaslite-torch` and the tests of this package find libtorch when they run.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // From the build script of kaslite-nn, which also watches it.
    let Ok(folder) = env::var("DEP_KASLITE_NN_LIBTORCH_LIB") else {
        return;
    };
    println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    println!("cargo::rustc-env=KASLITE_LIBTORCH_LIB={folder}");
    // Nothing calls into the CUDA half of libtorch: it announces itself when it is loaded. The
    // linker would leave it out as not needed.
    if Path::new(&folder).join("libtorch_cuda.so").exists() {
        println!("cargo::rustc-link-arg=-Wl,--no-as-needed,-ltorch_cuda,--as-needed");
    }
}
