//! [`Config`]: how kaslite works in a project, `.kaslite/config.yaml`, and for a user.
//!
//! Nothing in it changes a result. The project's file goes before the user's
//! (`~/.config/kaslite/config.yaml`), key by key.

use crate::error::EngineError;
use crate::problem::{Problem, Source};
use crate::project::Project;
use crate::yaml::{self, Key, Kind, Node};
use std::path::PathBuf;

/// How kaslite works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How outs and the cache share files; the first that the file system can.
    pub links: Vec<Link>,
}

/// How a file comes from the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A copy that shares blocks until either is written.
    Reflink,
    /// Another name of the cache's file, read-only.
    Hardlink,
    /// A link to the cache's file, read-only.
    Symlink,
    /// A copy.
    Copy,
}

impl Link {
    const ALL: [(&'static str, Self); 4] = [
        ("reflink", Self::Reflink),
        ("hardlink", Self::Hardlink),
        ("symlink", Self::Symlink),
        ("copy", Self::Copy),
    ];

    /// Whether the file is shared with the cache.
    pub(crate) fn is_shared(self) -> bool {
        matches!(self, Self::Hardlink | Self::Symlink)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            links: vec![Link::Reflink, Link::Copy],
        }
    }
}

impl Config {
    /// Reads both files; what neither says is as by default.
    ///
    /// # Errors
    /// [`EngineError::Problems`] with everything that is wrong in them.
    pub fn load(project: &Project) -> Result<Self, EngineError> {
        let mut config = Self::default();
        let mut problems = Vec::new();
        let own = project.state_dir().join("config.yaml");
        let files = [
            user_file(project),
            Some((".kaslite/config.yaml".to_owned(), own)),
        ];
        for (name, path) in files.into_iter().flatten() {
            match Source::read(&name, &path) {
                Ok(Some(source)) => config.read(&source, &mut problems),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        EngineError::of_any(problems).map(|()| config)
    }

    fn read(&mut self, source: &Source, problems: &mut Vec<Problem>) {
        let node = match yaml::parse(source) {
            Ok(node) => node,
            Err(found) => return problems.extend(found),
        };
        for (key, value) in map("the configuration", &node, source, problems) {
            if key.text == "cache" {
                for (key, value) in map("`cache`", value, source, problems) {
                    if key.text == "link" {
                        self.links = links(key, value, source, problems);
                    } else {
                        let message = format!("unknown key `cache.{}`", key.text);
                        let problem = Problem::at(source, key.place, message);
                        problems.push(problem.hint("`cache` has the key `link`"));
                    }
                }
            } else {
                let message = format!("unknown key `{}`", key.text);
                let problem = Problem::at(source, key.place, message);
                problems.push(problem.hint("the configuration has the key `cache`"));
            }
        }
    }
}

/// The user's file, and how messages name it.
fn user_file(project: &Project) -> Option<(String, PathBuf)> {
    let set = |name: &str| {
        let value = project.environment.get(name);
        value
            .filter(|value| value.starts_with('/'))
            .map(PathBuf::from)
    };
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    let path = folder.join("kaslite").join("config.yaml");
    Some((path.display().to_string(), path))
}

fn map<'a>(
    what: &str,
    node: &'a Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> &'a [(Key, Node)] {
    if node.is_null() {
        return &[];
    }
    node.entries().unwrap_or_else(|| {
        let message = format!("{what} must be a map, not {}", node.described());
        problems.push(Problem::at(source, node.place, message));
        &[]
    })
}

fn links(key: &Key, node: &Node, source: &Source, problems: &mut Vec<Problem>) -> Vec<Link> {
    let one;
    let nodes = match &node.kind {
        Kind::List(nodes) => nodes.as_slice(),
        Kind::Scalar(_) | Kind::Map(_) => {
            one = [node.clone()];
            &one
        }
    };
    let names = Link::ALL.map(|(name, _)| name);
    let mut links = Vec::new();
    for node in nodes {
        let value = node.to_value();
        let text = value.as_text().unwrap_or_default();
        if let Some((_, link)) = Link::ALL.iter().find(|(name, _)| *name == text) {
            links.push(*link);
            continue;
        }
        let message = format!(
            "`cache.link` lists {}, not {}",
            names.join(", "),
            node.described()
        );
        problems.push(Problem::at(source, node.place, message).suggest(text, names));
    }
    if nodes.is_empty() {
        let problem = Problem::at(source, key.place, "`cache.link` lists no way to link");
        problems.push(problem.hint(format!("name some of {}", names.join(", "))));
    }
    links
}
