//! What lies at a path, as the model sees it: bytes, read anew each time.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The files at and below a path of the project: path → executable, bytes. None: nothing is there.
pub(super) type Held = Option<BTreeMap<String, (bool, Vec<u8>)>>;

/// What lies at `path` of the project.
pub(super) fn held(root: &Path, path: &str) -> Held {
    let place = root.join(path);
    let meta = place.metadata().ok()?;
    let mut files = BTreeMap::new();
    if meta.is_dir() {
        let entries = fs::read_dir(&place).expect("a readable folder");
        for entry in entries {
            let name = entry.expect("an entry").file_name();
            let below = format!("{path}/{}", name.to_str().expect("a name of ours"));
            files.extend(held(root, &below).into_iter().flatten());
        }
    } else {
        let executable = meta.permissions().mode() & 0o100 != 0;
        files.insert(
            path.to_owned(),
            (executable, fs::read(&place).expect("a file")),
        );
    }
    Some(files)
}

/// The lines that `cksum` prints for the files, sorted by path.
pub(super) fn sums<'a>(held: impl IntoIterator<Item = &'a Held>) -> Vec<(String, u32, usize)> {
    let files = held.into_iter().flatten().flatten();
    let mut sums: Vec<_> = files
        .map(|(path, (_, bytes))| (path.clone(), cksum(bytes), bytes.len()))
        .collect();
    sums.sort();
    sums
}

/// The checksum of POSIX `cksum`.
fn cksum(bytes: &[u8]) -> u32 {
    let mut length = bytes.len();
    let mut tail = Vec::new();
    while length > 0 {
        tail.push(u8::try_from(length & 0xff).expect("a byte"));
        length >>= 8;
    }
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            (crc << 1)
                ^ if crc & 0x8000_0000 == 0 {
                    0
                } else {
                    0x04c1_1db7
                }
        })
    };
    !bytes.iter().chain(&tail).fold(0, step)
}

#[test]
fn the_checksum_is_that_of_posix() {
    assert_eq!(cksum(b""), 4_294_967_295);
    assert_eq!(cksum(b"123456789"), 930_766_865);
}
