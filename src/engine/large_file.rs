//! [`hash()`]: BLAKE3 of a large file, by several threads.

use blake3::Hasher;
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root,
};
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes that a thread reads and hashes at once: a power of two that stays in its cache.
const PART: usize = 1 << 18;

/// The digest of the first `size` bytes of a file; reading and hashing go on in all threads of the pool.
/// BLAKE3 is a tree, so parts are hashed apart and merged (the BLAKE3 paper, section 2.1).
pub(crate) fn hash(file: &File, size: u64) -> io::Result<[u8; 32]> {
    if size <= PART as u64 {
        return part(file, 0, size, |hasher| *hasher.finalize().as_bytes());
    }
    let (left, right) = halves(file, 0, size)?;
    Ok(*merge_subtrees_root(&left, &right, Mode::Hash).as_bytes())
}

/// What the bytes from `offset` on give for the merge with what stands beside them.
fn subtree(file: &File, offset: u64, size: u64) -> io::Result<ChainingValue> {
    if size <= PART as u64 {
        return part(file, offset, size, Hasher::finalize_non_root);
    }
    let (left, right) = halves(file, offset, size)?;
    Ok(merge_subtrees_non_root(&left, &right, Mode::Hash))
}

fn halves(file: &File, offset: u64, size: u64) -> io::Result<(ChainingValue, ChainingValue)> {
    let left = left_subtree_len(size);
    let (left, right) = rayon::join(
        || subtree(file, offset, left),
        || subtree(file, offset + left, size - left),
    );
    Ok((left?, right?))
}

fn part<T>(
    file: &File,
    offset: u64,
    size: u64,
    finish: impl FnOnce(&Hasher) -> T,
) -> io::Result<T> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(PART, 0);
        let bytes = &mut buffer[..usize::try_from(size).unwrap_or_default()];
        file.read_exact_at(bytes, offset)?;
        let mut hasher = Hasher::new();
        hasher.set_input_offset(offset);
        hasher.update(bytes);
        Ok(finish(&hasher))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree of parts is the tree of the whole, wherever the file ends.
    #[test]
    fn the_digest_of_the_whole() {
        let longest = 5 * PART + 77;
        let bytes: Vec<u8> = (0..longest)
            .map(|at| u8::try_from(at * at % 251).unwrap())
            .collect();
        let file = tempfile::tempfile().unwrap();
        for size in [
            0,
            1,
            1024,
            PART - 1,
            PART,
            PART + 1,
            2 * PART,
            3 * PART + 1024,
            longest,
        ] {
            file.set_len(0).unwrap();
            file.write_all_at(&bytes[..size], 0).unwrap();
            let expected = blake3::hash(&bytes[..size]);
            assert_eq!(
                hash(&file, size as u64).unwrap(),
                *expected.as_bytes(),
                "{size}"
            );
            let behind = hash(&file, size as u64 + 1).unwrap_err();
            assert_eq!(behind.kind(), io::ErrorKind::UnexpectedEof);
        }
    }
}
