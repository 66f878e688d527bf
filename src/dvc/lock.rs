//! [`DvcLock`]: what DVC last made, from what.

use kaslite_engine::pointer::DvcDigest;
use kaslite_engine::problem::{Problem, Source};
use kaslite_engine::value::Value;
use kaslite_engine::yaml::{self, Kind, Node};
use std::collections::BTreeMap;

/// `dvc.lock`: stage → what it was made from.
#[derive(Debug, Default)]
pub(crate) struct DvcLock {
    pub(crate) stages: BTreeMap<String, DvcStage>,
}

/// A stage of `dvc.lock`.
#[derive(Debug, Default)]
pub(crate) struct DvcStage {
    pub(crate) cmd: Vec<String>,
    pub(crate) deps: Vec<DvcPath>,
    pub(crate) outs: Vec<DvcPath>,
    /// File → key → value.
    pub(crate) params: BTreeMap<String, BTreeMap<String, Value>>,
}

/// A path as DVC remembers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DvcPath {
    /// As it is written, relative to the folder of the stage.
    pub(crate) path: String,
    /// Of the content; `None` where DVC has another digest, or none.
    pub(crate) digest: Option<DvcDigest>,
}

impl DvcLock {
    /// Reads the text of a `dvc.lock`.
    pub(crate) fn parse(source: &Source) -> Result<Self, Vec<Problem>> {
        let node = yaml::parse(source)?;
        // The first version of the format had the stages alone.
        let stages = match (node.get("schema"), node.get("stages")) {
            (Some(_), stages) => stages,
            (None, _) => Some(&node),
        };
        let entries = stages.and_then(Node::entries).unwrap_or_default();
        let stages = entries
            .iter()
            .map(|(name, stage)| (name.text.clone(), DvcStage::read(stage)));
        Ok(Self {
            stages: stages.collect(),
        })
    }
}

impl DvcStage {
    fn read(node: &Node) -> Self {
        let cmd = match node.get("cmd").map(|cmd| &cmd.kind) {
            Some(Kind::List(commands)) => commands.iter().map(text).collect(),
            Some(Kind::Scalar(Value::Null) | Kind::Map(_)) | None => Vec::new(),
            Some(Kind::Scalar(cmd)) => vec![cmd.to_string()],
        };
        let mut params: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        for (file, values) in node
            .get("params")
            .and_then(Node::entries)
            .unwrap_or_default()
        {
            let known = params.entry(file.text.clone()).or_default();
            for (key, value) in values.entries().unwrap_or_default() {
                known.extend(value.to_value().leaves(&key.text));
            }
        }
        Self {
            cmd,
            deps: DvcPath::list(node.get("deps")),
            outs: DvcPath::list(node.get("outs")),
            params,
        }
    }
}

impl DvcPath {
    /// The paths of a list of `deps` or `outs`.
    pub(crate) fn list(node: Option<&Node>) -> Vec<Self> {
        let Some(Kind::List(items)) = node.map(|node| &node.kind) else {
            return Vec::new();
        };
        items.iter().map(Self::read).collect()
    }

    fn read(node: &Node) -> Self {
        Self {
            path: node.get("path").map(text).unwrap_or_default(),
            digest: node.get("md5").map(|md5| DvcDigest {
                md5: text(md5),
                is_legacy: node.get("hash").is_none(),
            }),
        }
    }

    /// Whether it is no file of this machine.
    pub(crate) fn is_remote(&self) -> bool {
        self.path.contains("://")
    }
}

fn text(node: &Node) -> String {
    node.to_value().to_string()
}
