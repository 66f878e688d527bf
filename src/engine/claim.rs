//! [`Claim`]: what a stage that runs has to itself.

use crate::obstacle::InTheWay;
use crate::rel_path::RelPath;
use serde::{Deserialize, Serialize};

/// What a stage that runs has to itself, for all kaslites in the project to see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    /// The process that made it.
    pub(crate) process: u32,
    /// The pipeline file's name.
    pub(crate) pipeline: String,
    /// The stage; `None` for a command that works on the whole project.
    pub(crate) stage: Option<String>,
    /// Paths that nobody else may read or make.
    pub(crate) makes: Vec<RelPath>,
    /// Paths that nobody else may make.
    pub(crate) reads: Vec<RelPath>,
    pub(crate) cpus: u32,
    /// In bytes.
    pub(crate) memory: u64,
    pub(crate) gpus: Vec<String>,
    pub(crate) pool: Option<String>,
}

impl Claim {
    /// What of another claim forbids this one, the machine left aside.
    pub(crate) fn forbidden_by(&self, other: &Self) -> Option<InTheWay> {
        if other.stage.is_none() {
            return Some(InTheWay::Project);
        }
        if (&self.pipeline, &self.stage) == (&other.pipeline, &other.stage) {
            return Some(InTheWay::Stage);
        }
        let shared = |own: &[RelPath], others: &[RelPath]| {
            let meet = |path: &&RelPath| {
                let path: &RelPath = path;
                own.iter()
                    .any(|own| own.contains(path) || path.contains(own))
            };
            others.iter().find(meet).cloned()
        };
        shared(&self.makes, &other.makes)
            .or_else(|| shared(&self.reads, &other.makes))
            .map(InTheWay::Makes)
            .or_else(|| shared(&self.makes, &other.reads).map(InTheWay::Reads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(stage: &str, makes: &[&str], reads: &[&str]) -> Claim {
        let paths = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| RelPath::root().join(text))
                .collect()
        };
        Claim {
            stage: Some(stage.to_owned()),
            makes: paths(makes),
            reads: paths(reads),
            ..Claim::default()
        }
    }

    #[test]
    fn two_may_read_and_nobody_else_may_touch_what_one_makes() {
        let a = claim("a", &["out/a"], &["in"]);
        let path = |text| RelPath::root().join(text);
        let forbids = |other: Claim| a.forbidden_by(&other);
        assert_eq!(forbids(claim("b", &["out/b"], &["in"])), None);
        assert_eq!(forbids(claim("a", &[], &[])), Some(InTheWay::Stage));
        let makes = |text| Some(InTheWay::Makes(path(text)));
        assert_eq!(forbids(claim("b", &["out/a"], &[])), makes("out/a"));
        assert_eq!(forbids(claim("b", &["out"], &[])), makes("out"));
        assert_eq!(forbids(claim("b", &["out/a/x"], &[])), makes("out/a/x"));
        assert_eq!(forbids(claim("b", &["in/x"], &[])), makes("in/x"));
        let reads = Some(InTheWay::Reads(path("out")));
        assert_eq!(forbids(claim("b", &[], &["out"])), reads);
        assert_eq!(forbids(claim("b", &["out/ab"], &[])), None);
        let whole = Claim::default();
        assert_eq!(forbids(whole), Some(InTheWay::Project));
    }
}
