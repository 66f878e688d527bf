//! `plots` of stages and at the top of the file: what is drawn from which columns.

use crate::plot::{Plot, PlotColumn};
use crate::rel_path::RelPath;
use crate::yaml::{Key, Kind, Node};

/// Every plot that the file in the folder `root` describes, `${…}` put in; one at the top goes before one
/// of a stage.
pub(super) fn plots(file: &Node, root: &RelPath) -> Vec<Plot> {
    let top = file.get("plots").map(|node| entries(node, root));
    let stages = file.get("stages").and_then(Node::entries);
    let of_stages = stages.unwrap_or_default().iter().flat_map(|(_, stage)| {
        let folder = stage.get("wdir").and_then(text).unwrap_or_default();
        let folder = root.join(&folder);
        let plots = stage.get("plots");
        plots.map_or(Vec::new(), |node| entries(node, &folder))
    });
    top.into_iter().flatten().chain(of_stages).collect()
}

/// A list of paths and of maps of them, or one map.
fn entries(node: &Node, folder: &RelPath) -> Vec<Plot> {
    match &node.kind {
        Kind::Scalar(_) => text(node).map_or(Vec::new(), |name| vec![plot(&name, None, folder)]),
        Kind::List(nodes) => nodes
            .iter()
            .flat_map(|node| entries(node, folder))
            .collect(),
        Kind::Map(pairs) => {
            let one = |(name, node): &(Key, Node)| plot(&name.text, Some(node), folder);
            pairs.iter().map(one).collect()
        }
    }
}

fn plot(name: &str, node: Option<&Node>, folder: &RelPath) -> Plot {
    let get = |key: &str| node.and_then(|node| node.get(key));
    let word = |key: &str| get(key).and_then(text);
    let own = folder.join(name);
    let is_named = get("y").is_some_and(|y| y.entries().is_some());
    Plot {
        name: if is_named {
            name.to_owned()
        } else {
            own.to_string()
        },
        columns: columns(get("y"), get("x"), &own, folder),
        x: word("x"),
        title: word("title"),
        x_label: word("x_label"),
        y_label: word("y_label"),
        template: word("template"),
        header: word("header").as_deref() != Some("false"),
    }
}

/// `y: a`, `y: [a, b]`, `y: {file: a}`, `y: {file: [a, b]}`; none is the last column of the plot's own
/// file.
fn columns(y: Option<&Node>, x: Option<&Node>, own: &RelPath, folder: &RelPath) -> Vec<PlotColumn> {
    let column = |file: &RelPath, column: Option<String>, x: Option<String>| PlotColumn {
        file: file.clone(),
        column,
        x,
    };
    let Some(files) = y.and_then(Node::entries) else {
        let names = y.map(names).unwrap_or_default();
        if names.is_empty() {
            return vec![column(own, None, None)];
        }
        let names = names.into_iter();
        return names.map(|name| column(own, Some(name), None)).collect();
    };
    let of_file = |(file, node): &(Key, Node)| {
        let x = x.and_then(|x| x.get(&file.text)).and_then(text);
        let file = folder.join(&file.text);
        let names = names(node).into_iter();
        names
            .map(|name| column(&file, Some(name), x.clone()))
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

fn names(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Scalar(_) => text(node).into_iter().collect(),
        Kind::List(nodes) => nodes.iter().filter_map(text).collect(),
        Kind::Map(_) => Vec::new(),
    }
}

fn text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Scalar(value) if !value.is_null() => Some(value.to_string()),
        Kind::Scalar(_) | Kind::List(_) | Kind::Map(_) => None,
    }
}
