//! `metrics` and `plots` at the top of the file: which outs people look at.

use crate::rel_path::RelPath;
use crate::stage::{Stage, View, ViewKind};
use crate::yaml::{Kind, Node};

/// Gives each stage the views on its outs that the file lists at its top. What no stage makes is only
/// described there, as `params` and `artifacts` are.
pub(super) fn add_top_views(file: &Node, folder: &RelPath, stages: &mut [Stage]) {
    for (word, kind) in [("metrics", ViewKind::Metrics), ("plots", ViewKind::Plots)] {
        for name in file.get(word).map(names).unwrap_or_default() {
            let path = folder.join(&name);
            let makes = |stage: &&mut Stage| stage.outs.iter().any(|out| out.path.contains(&path));
            let Some(stage) = stages.iter_mut().find(makes) else {
                continue;
            };
            let known = |view: &View| view.path == path && view.kind == kind;
            if !stage.views.iter().any(known) {
                stage.views.push(View { path, kind });
            }
        }
    }
}

/// The paths of a list of paths, of maps whose keys are paths, or of both.
fn names(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Scalar(value) => vec![value.to_string()],
        Kind::List(nodes) => nodes.iter().flat_map(names).collect(),
        Kind::Map(pairs) => pairs.iter().map(|(key, _)| key.text.clone()).collect(),
    }
}
