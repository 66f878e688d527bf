//! [`Pointer`]: a `.dvc` file: data that DVC keeps, and where it came from.

use crate::dvc::DvcPath;
use kaslite_engine::problem::{Problem, Source};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::yaml::{self, Node};

/// A `.dvc` file of `dvc add`, `dvc import` or `dvc import-url`.
#[derive(Debug)]
pub(crate) struct Pointer {
    /// Where the data lies in the project, and what DVC remembers of it.
    pub(crate) outs: Vec<(RelPath, DvcPath)>,
    /// Where the data was taken from; `None` for `dvc add`.
    pub(crate) from: Option<String>,
}

impl Pointer {
    /// Reads the text of a `.dvc` file.
    pub(crate) fn parse(path: &RelPath, source: &Source) -> Result<Self, Vec<Problem>> {
        let node = yaml::parse(source)?;
        let value = |node: &Node, key: &str| Some(node.get(key)?.to_value().to_string());
        let wdir = value(&node, "wdir").unwrap_or_default();
        let folder = path.join("..").join(&wdir);
        let outs = DvcPath::list(node.get("outs"));
        let deps = node.get("deps").map(|deps| &deps.kind);
        let from = match deps {
            Some(yaml::Kind::List(deps)) => deps.first().and_then(|dep| {
                let repository = dep.get("repo").and_then(|repo| value(repo, "url"));
                repository.or_else(|| value(dep, "path"))
            }),
            Some(yaml::Kind::Map(_) | yaml::Kind::Scalar(_)) | None => None,
        };
        Ok(Self {
            outs: outs
                .into_iter()
                .map(|out| (folder.join(&out.path), out))
                .collect(),
            from,
        })
    }
}
