//! [`RelPath`]: a path as the pipeline means it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// A path relative to the project's root, `/` between its parts, `.` and `..` resolved by text, no
/// slash at the end. A path that leads out of the project begins with `..` or `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RelPath(String);

impl RelPath {
    /// The root itself.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// `text` as seen from the folder `self`.
    #[must_use]
    pub fn join(&self, text: &str) -> Self {
        if text.starts_with('/') {
            return Self(normalise("", text));
        }
        Self(normalise(&self.0, text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path stays in the project, below its root.
    pub fn is_inside(&self) -> bool {
        !self.0.is_empty()
            && !self.0.starts_with('/')
            && self.0 != ".."
            && !self.0.starts_with("../")
    }

    /// Where it is on disk.
    pub fn under(&self, root: &Path) -> PathBuf {
        if self.0.is_empty() {
            root.to_owned()
        } else {
            root.join(&self.0)
        }
    }

    /// Whether `other` is this path or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        self.0.is_empty()
            || other.0 == self.0
            || other
                .0
                .strip_prefix(&self.0)
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The text by which the folder `self` names `other`: what [`RelPath::join`] makes `other` of.
    pub fn relative(&self, other: &Self) -> String {
        if other.0.starts_with('/') || self.0.is_empty() {
            return other.0.clone();
        }
        let own: Vec<&str> = self.0.split('/').collect();
        let others: Vec<&str> = other.0.split('/').filter(|part| !part.is_empty()).collect();
        let pairs = own.iter().zip(&others);
        let shared = pairs.take_while(|(a, b)| a == b && **a != "..").count();
        let ups = std::iter::repeat_n("..", own.len() - shared);
        let parts: Vec<&str> = ups.chain(others[shared..].iter().copied()).collect();
        parts.join("/")
    }

    /// What is left of `other` below this path.
    pub fn strip<'a>(&self, other: &'a Self) -> Option<&'a str> {
        other.0.strip_prefix(&self.0)?.strip_prefix('/')
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

fn normalise(base: &str, text: &str) -> String {
    let absolute = text.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(text.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_are_one_path() {
        let root = RelPath::root();
        for text in ["a/b", "./a/b", "a//b/", "a/x/../b", "x/../a/b"] {
            assert_eq!(root.join(text).as_str(), "a/b", "{text}");
        }
        assert_eq!(root.join("sub").join("../a").as_str(), "a");
        assert_eq!(root.join("/tmp/../x").as_str(), "/x");
        assert!(!root.join("../x").is_inside());
        assert!(root.join("a").contains(&root.join("a/b")));
        assert!(!root.join("a").contains(&root.join("ab")));
    }

    #[test]
    fn a_folder_names_any_path() {
        let path = |text: &str| RelPath::root().join(text);
        let folder = path("a/b");
        for (other, text) in [
            ("a/b/c", "c"),
            ("a/c", "../c"),
            ("x", "../../x"),
            ("../x", "../../../x"),
            ("/x", "/x"),
            ("a/b", ""),
            ("", "../.."),
        ] {
            assert_eq!(folder.relative(&path(other)), text);
            assert_eq!(folder.join(text), path(other), "{text}");
        }
        assert_eq!(path("").relative(&path("a/c")), "a/c");
    }
}
