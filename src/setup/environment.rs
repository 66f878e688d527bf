//! What the set-up knows of the machine and of the user's wishes.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::flavour::Flavour;
use crate::platform::Platform;

/// Name of the link in the checkout that `.cargo/config.toml` gives to cargo as `LIBTORCH`.
pub(crate) const LINK: &str = ".libtorch";

/// Everything that is read from the process's environment, read once.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// The per-user cache folder of kaslite; `None` where the user has no home.
    pub(crate) cache: Option<PathBuf>,
    /// `LIBTORCH` if the user set it, `None` if it only comes from `.cargo/config.toml`.
    pub(crate) user_libtorch: Option<PathBuf>,
    /// `KASLITE_TORCH`; `None` where the user does not say.
    pub(crate) flavour: Option<Flavour>,
    /// `None` on a system that the torch wheels do not cover.
    pub(crate) platform: Option<Platform>,
    /// `PATH`, where `python3`, `cc` and `cargo` are looked for.
    pub(crate) search_path: OsString,
    /// The cargo that started this program.
    pub(crate) cargo: OsString,
}

impl Environment {
    /// Reads the environment of this process.
    pub(crate) fn of_process() -> Result<Self, Failure> {
        let here = env::current_dir()
            .map_err(|error| Failure::io("read the current folder", Path::new("."), &error))?;
        Self::read(|name| env::var_os(name), &here)
    }

    fn read(variable: impl Fn(&str) -> Option<OsString>, here: &Path) -> Result<Self, Failure> {
        let root = root(
            variable("CARGO_MANIFEST_DIR").as_deref().map(Path::new),
            here,
        )?;
        let user_libtorch = variable("LIBTORCH")
            .map(PathBuf::from)
            .filter(|path| !is_link_of(path, &root));
        let flavour = match variable("KASLITE_TORCH") {
            Some(word) if !word.is_empty() => Some(Flavour::parse(&word)?),
            _ => None,
        };
        Ok(Self {
            cache: cache(variable("XDG_CACHE_HOME"), variable("HOME")),
            user_libtorch,
            flavour,
            platform: Platform::of_this_machine(),
            search_path: variable("PATH").unwrap_or_default(),
            cargo: variable("CARGO").unwrap_or_else(|| "cargo".into()),
            root,
        })
    }

    /// The link in the checkout.
    pub(crate) fn link(&self) -> PathBuf {
        self.root.join(LINK)
    }
}

/// Cargo names the folder of this package; started by hand, the program looks upward.
fn root(manifest_dir: Option<&Path>, here: &Path) -> Result<PathBuf, Failure> {
    let is_root = |folder: &&Path| folder.join("src/setup/Cargo.toml").is_file();
    manifest_dir
        .into_iter()
        .flat_map(Path::ancestors)
        .chain(here.ancestors())
        .find(is_root)
        .map(Path::to_path_buf)
        .ok_or_else(|| {
            Failure::new("this is no checkout of kaslite")
                .hint("run `cargo xtask` inside the checkout")
        })
}

/// Cargo's `[env]` leaves a value of the user's alone and otherwise injects the path of the link.
/// Nothing else says which of the two happened, so the value itself has to: it is the user's unless
/// it names the link of this checkout.
fn is_link_of(path: &Path, root: &Path) -> bool {
    let same = |parent: &Path| match (parent.canonicalize(), root.canonicalize()) {
        (Ok(parent), Ok(root)) => parent == root,
        _ => parent == root,
    };
    path.file_name().is_some_and(|name| name == LINK) && path.parent().is_some_and(same)
}

/// `$XDG_CACHE_HOME/kaslite`, else `~/.cache/kaslite`. The XDG base directory specification has a
/// relative path ignored.
fn cache(xdg: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute = |value: Option<OsString>| value.map(PathBuf::from).filter(|p| p.is_absolute());
    absolute(xdg)
        .or_else(|| absolute(home).map(|home| home.join(".cache")))
        .map(|folder| folder.join("kaslite"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn checkout() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("src/setup")).unwrap();
        std::fs::write(root.path().join("src/setup/Cargo.toml"), "").unwrap();
        root
    }

    fn read(root: &Path, values: &[(&str, &str)]) -> Result<Environment, Failure> {
        let values: BTreeMap<&str, &str> = values.iter().copied().collect();
        Environment::read(|name| values.get(name).map(OsString::from), root)
    }

    #[test]
    fn libtorch_is_the_users_unless_it_names_the_link_of_the_checkout() {
        let root = checkout();
        let link = root.path().join(LINK);
        let injected = read(root.path(), &[("LIBTORCH", link.to_str().unwrap())]).unwrap();
        assert_eq!(injected.user_libtorch, None);
        let own = read(root.path(), &[("LIBTORCH", "/opt/libtorch")]).unwrap();
        assert_eq!(own.user_libtorch, Some("/opt/libtorch".into()));
        let other = read(root.path(), &[("LIBTORCH", "/elsewhere/.libtorch")]).unwrap();
        assert_eq!(other.user_libtorch, Some("/elsewhere/.libtorch".into()));
        assert_eq!(read(root.path(), &[]).unwrap().user_libtorch, None);
    }

    #[test]
    fn the_cache_follows_xdg_and_ignores_a_relative_folder() {
        let root = checkout();
        let cache = |values: &[(&str, &str)]| read(root.path(), values).unwrap().cache;
        assert_eq!(
            cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")]),
            Some("/x/kaslite".into())
        );
        let home = Some("/h/.cache/kaslite".into());
        assert_eq!(cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "x")]), home);
        assert_eq!(cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "")]), home);
        assert_eq!(cache(&[]), None);
    }

    #[test]
    fn the_checkout_is_found_from_a_folder_inside_it_and_not_from_outside() {
        let root = checkout();
        let inside = root.path().join("src/setup");
        assert_eq!(read(&inside, &[]).unwrap().root, root.path());
        let outside = tempfile::tempdir().unwrap();
        let named = [("CARGO_MANIFEST_DIR", inside.to_str().unwrap())];
        assert_eq!(read(outside.path(), &named).unwrap().root, root.path());
        let failure = read(outside.path(), &[]).unwrap_err();
        assert_eq!(failure.message, "this is no checkout of kaslite");
    }

    #[test]
    fn an_unknown_flavour_is_refused() {
        let root = checkout();
        assert_eq!(
            read(root.path(), &[("KASLITE_TORCH", "cuda")])
                .unwrap()
                .flavour,
            Some(Flavour::Cuda)
        );
        let failure = read(root.path(), &[("KASLITE_TORCH", "rocm")]).unwrap_err();
        assert_eq!(failure.message, "`KASLITE_TORCH` is `rocm`");
        assert_eq!(failure.code, 2);
    }
}
