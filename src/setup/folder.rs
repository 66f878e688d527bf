//! Is this folder a whole libtorch of the right version?

use std::fs;
use std::path::Path;

use crate::recipe::VERSION;

/// Written last into a fetched folder; tch's build script reads it too.
pub(crate) const STAMP: &str = "build-version";

const HEADER: &str = "include/torch/csrc/api/include/torch/torch.h";

/// Name of the library that every flavour of libtorch has.
pub(crate) const LIBRARY: &str = if cfg!(target_os = "macos") {
    "libtorch_cpu.dylib"
} else {
    "libtorch_cpu.so"
};

/// What keeps a folder from being the libtorch that kaslite needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A file is not there; its path inside the folder.
    Missing(String),
    /// Another version.
    Version(String),
}

/// Looks at a folder: the library, the headers, the version.
pub(crate) fn examine(folder: &Path) -> Result<(), Flaw> {
    for file in [format!("lib/{LIBRARY}"), HEADER.into()] {
        if !folder.join(&file).is_file() {
            return Err(Flaw::Missing(file));
        }
    }
    let version = version(folder).ok_or_else(|| Flaw::Missing(STAMP.into()))?;
    // `2.13.0+cpu` is 2.13.0 built for the CPU.
    if version.split('+').next() == Some(VERSION) {
        Ok(())
    } else {
        Err(Flaw::Version(version))
    }
}

/// The zip files of libtorch hold `build-version`, the Python package `version.py`.
fn version(folder: &Path) -> Option<String> {
    if let Ok(stamp) = fs::read_to_string(folder.join(STAMP)) {
        return Some(stamp.trim().to_owned());
    }
    let module = fs::read_to_string(folder.join("version.py")).ok()?;
    let line = module
        .lines()
        .find_map(|line| line.strip_prefix("__version__ = "))?;
    Some(line.trim().trim_matches(['\'', '"']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::make_libtorch;

    #[test]
    fn a_whole_folder_is_told_from_one_that_lacks_something() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        assert_eq!(examine(path), Err(Flaw::Missing(format!("lib/{LIBRARY}"))));
        make_libtorch(path, VERSION);
        assert_eq!(examine(path), Ok(()));
        fs::write(path.join(STAMP), "2.13.0+cu130\n").unwrap();
        assert_eq!(examine(path), Ok(()));
        fs::write(path.join(STAMP), "2.13.01\n").unwrap();
        assert_eq!(examine(path), Err(Flaw::Version("2.13.01".into())));
        fs::remove_file(path.join(STAMP)).unwrap();
        assert_eq!(examine(path), Err(Flaw::Missing(STAMP.into())));
        fs::write(
            path.join("version.py"),
            "x = 1\n__version__ = '2.13.0+cpu'\n",
        )
        .unwrap();
        assert_eq!(examine(path), Ok(()));
        fs::remove_file(path.join(HEADER)).unwrap();
        assert_eq!(examine(path), Err(Flaw::Missing(HEADER.into())));
    }
}
