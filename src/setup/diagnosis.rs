//! What went wrong in pip, in one line.

use std::path::Path;

use crate::failure::Failure;
use crate::recipe::VERSION;

/// What pip writes when it cannot reach the index, over its versions.
const NO_NETWORK: &[&str] = &[
    "NewConnectionError",
    "NameResolutionError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "Network is unreachable",
    "Connection refused",
    "Connection reset by peer",
    "connection broken",
    "Could not fetch URL",
];

/// Reads `complaints`, which also lie in `log`, of a download into `downloads`.
pub(crate) fn of(complaints: &str, downloads: &Path, log: &Path) -> Failure {
    let says = |signs: &[&str]| signs.iter().any(|sign| complaints.contains(sign));
    let log = log.display();
    if says(&["No space left on device", "Disk quota exceeded"]) {
        return Failure::disk_full(downloads);
    }
    if says(NO_NETWORK) {
        let message = format!("cannot reach the package index for libtorch (pip's words: `{log}`)");
        return Failure::new(message).hint(format!(
            "connect to the network and run it again, or set `LIBTORCH` to a libtorch {VERSION}"
        ));
    }
    if says(&["No matching distribution found"]) {
        let message =
            format!("the package index has not all wheels of libtorch (pip's words: `{log}`)");
        return Failure::new(message)
            .hint("see which index `python3 -m pip config list` names; PyPI has them");
    }
    let last = complaints
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("ERROR: "));
    Failure::new(format!(
        "pip could not download libtorch: {}",
        last.unwrap_or("it ended early")
    ))
    .hint(format!("all of pip's words are in `{log}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_has_its_own_line() {
        let line = |complaints| of(complaints, Path::new("/d"), Path::new("/l")).message;
        assert_eq!(
            line("ERROR: Could not install: [Errno 28] No space left on device"),
            "the disk that holds `/d` is full"
        );
        assert_eq!(
            line("ERROR: No matching distribution found for torch==2.13.0"),
            "the package index has not all wheels of libtorch (pip's words: `/l`)"
        );
        assert_eq!(
            line("WARNING: x\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n  y"),
            "pip could not download libtorch: THESE PACKAGES DO NOT MATCH THE HASHES"
        );
        assert_eq!(line(""), "pip could not download libtorch: it ended early");
    }
}
