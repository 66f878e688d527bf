//! `stage.yaml`: what a built-in stage is.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The stages in the order of a pipeline, each with the folder of its code.
const ORDER: &[(&str, &str)] = &[
    ("generate_data", "stages/generate_data"),
    ("train", "stages/train"),
    ("counterfactual", "stages/counterfactual"),
    ("control", "stages/control"),
    ("size_curve", "stages/size_curve"),
    ("sweep", "stages/sweep"),
    ("report", "src/report"),
];

/// A built-in stage as its `stage.yaml` has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    #[serde(skip)]
    pub(crate) name: String,
    /// Relative to the root.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) deps: Vec<Slot>,
    #[serde(default)]
    pub(crate) outs: Vec<Slot>,
    #[serde(default)]
    pub(crate) params: Sections,
    /// Params of another stage that this one takes over, its runs being that stage's.
    #[serde(default)]
    pub(crate) runs: Option<String>,
    /// The folder of that stage, relative to the root.
    #[serde(skip)]
    pub(crate) runs_folder: Option<PathBuf>,
    /// Files that the code embeds from elsewhere.
    #[serde(default)]
    pub(crate) embeds: Vec<PathBuf>,
}

/// Section → key → param, both in the order of the file.
pub(crate) type Sections = Ordered<Ordered<Param>>;

/// A map in the order of the file.
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Ordered<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Ordered(pairs))
            }
        }
        deserializer.deserialize_map(Visitor(std::marker::PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) kind: SlotKind,
    pub(crate) doc: String,
}

#[derive(Deserialize, Clone, Copy, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SlotKind {
    File,
    Folder,
    Rest,
}

/// A param; bounds belong to numbers, `of` to a choice.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(crate) struct Param {
    #[serde(rename = "type")]
    pub(crate) kind: Kind,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    /// The bound itself is refused.
    pub(crate) above: Option<f64>,
    /// The bound itself is refused.
    pub(crate) below: Option<f64>,
    #[serde(default)]
    pub(crate) of: Vec<String>,
    pub(crate) default: Option<serde_yaml::Value>,
    pub(crate) doc: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Int,
    Float,
    Bool,
    Text,
    Choice,
    Floats,
    Map,
}

/// All descriptions, `runs` resolved.
pub(crate) fn all(root: &Path) -> Result<Vec<Description>, Box<dyn Error>> {
    let mut found: BTreeMap<&str, Description> = BTreeMap::new();
    for (name, folder) in ORDER {
        let path = root.join(folder).join("stage.yaml");
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut stage: Description =
            serde_yaml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        (*name).clone_into(&mut stage.name);
        stage.folder = PathBuf::from(folder);
        let runs = ORDER
            .iter()
            .find(|(name, _)| stage.runs.as_deref() == Some(*name));
        stage.runs_folder = runs.map(|(_, folder)| PathBuf::from(folder));
        found.insert(name, stage);
    }
    let mut taken = Vec::new();
    for stage in found.values() {
        if let Some(other) = &stage.runs {
            let base = found.get(other.as_str()).ok_or("`runs` names no stage")?;
            let sections = base
                .params
                .0
                .iter()
                .map(|(name, params)| (name.clone(), Ordered(params.0.clone())));
            taken.push((stage.name.clone(), sections.collect::<Vec<_>>()));
        }
    }
    for (name, sections) in taken {
        if let Some(stage) = found.get_mut(name.as_str()) {
            stage.params.0.extend(sections);
        }
    }
    Ok(ORDER
        .iter()
        .filter_map(|(name, _)| found.remove(name))
        .collect())
}
