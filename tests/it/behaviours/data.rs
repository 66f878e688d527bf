//! Nothing good is lost: the run cache, checkout, links, gc.

mod added;
mod checkout;
mod commit;
mod gc;
mod ignored;
mod links;
mod run_cache;

use crate::support::Space;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// One stage that makes a file and a folder from a file.
pub(crate) fn maker() -> Space {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp in.txt out.txt && mkdir d && cp in.txt d/x && echo y > d/y, deps: [in.txt], outs: [out.txt, d]}
",
    );
    space.write("in.txt", "one\n");
    space
}

/// One stage that makes what `../value` says, whatever it reads.
pub(crate) fn fickle() -> Space {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp ../value out.txt, deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.write("../value", "first\n");
    space
}

/// Every file below a folder of the cache.
pub(crate) fn cached(space: &Space, kind: &str) -> Vec<PathBuf> {
    let folders = fs::read_dir(space.path(".kaslite/cache").join(kind));
    let mut found = Vec::new();
    for folder in folders.into_iter().flatten() {
        let files = fs::read_dir(folder.expect("the cache").path()).expect("the cache");
        found.extend(files.map(|file| file.expect("the cache").path()));
    }
    found
}

/// Removes the content with these bytes from the cache.
#[track_caller]
pub(crate) fn lose(space: &Space, bytes: &str) {
    let is = |path: &PathBuf| fs::read(path).expect("the cache") == bytes.as_bytes();
    let blobs = cached(space, "blobs");
    let path = blobs.iter().find(|path| is(path)).expect("the content");
    fs::remove_file(path).expect("the cache");
}

pub(crate) fn mode(space: &Space, name: &str) -> u32 {
    let meta = space.path(name).metadata().expect("a file");
    meta.permissions().mode() & 0o777
}
