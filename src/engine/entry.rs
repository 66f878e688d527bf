//! [`Entry`]: what one stage last made, from what.

use crate::fingerprint::{Code, Contents, Fingerprint, Params};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one stage last made, from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "EntryText", into = "EntryText")]
pub struct Entry {
    /// From what.
    pub fingerprint: Arc<Fingerprint>,
    /// Path → content.
    pub outs: Contents,
}

impl Entry {
    /// The same with other names for all paths.
    #[must_use]
    pub(crate) fn renamed(self, name: impl Fn(&str) -> String) -> Self {
        fn keys<T>(map: LiteMap<String, T>, name: &impl Fn(&str) -> String) -> LiteMap<String, T> {
            let renamed = map.into_iter().map(|(key, value)| (name(&key), value));
            renamed.collect()
        }
        let from = Arc::unwrap_or_clone(self.fingerprint);
        let mut makes: Vec<String> = from.makes.iter().map(|path| name(path)).collect();
        makes.sort();
        Self {
            fingerprint: Arc::new(Fingerprint {
                wdir: name(&from.wdir),
                params: keys(from.params, &name),
                deps: keys(from.deps, &name),
                makes,
                ..from
            }),
            outs: keys(self.outs, &name),
        }
    }
}

/// An entry as the lock has it: the fields of the fingerprint and the outs side by side. (Serde's
/// `flatten` would do the same, but a mistake in it has no line.)
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cmd: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uses: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    wdir: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    env: BTreeMap<String, Option<String>>,
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    params: Params,
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    deps: Contents,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    makes: Vec<String>,
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    outs: Contents,
}

impl From<EntryText> for Entry {
    /// A map that was read has room for more than is in it, which adds up over thousands of entries.
    fn from(text: EntryText) -> Self {
        let EntryText {
            cmd,
            uses,
            code,
            wdir,
            env,
            params,
            deps,
            makes,
            outs,
        } = text;
        Self {
            fingerprint: Arc::new(Fingerprint {
                cmd,
                uses,
                code,
                wdir,
                env,
                params: exact(
                    params
                        .into_iter()
                        .map(|(file, values)| (file, exact(values))),
                ),
                deps: exact(deps),
                makes,
            }),
            outs: exact(outs),
        }
    }
}

fn exact<T>(map: impl IntoIterator<Item = (String, T)>) -> LiteMap<String, T> {
    let mut pairs: Vec<_> = map.into_iter().collect();
    pairs.shrink_to_fit();
    LiteMap::from_sorted_store_unchecked(pairs)
}

impl From<Entry> for EntryText {
    fn from(entry: Entry) -> Self {
        let Fingerprint {
            cmd,
            uses,
            code,
            wdir,
            env,
            params,
            deps,
            makes,
        } = Arc::unwrap_or_clone(entry.fingerprint);
        Self {
            cmd,
            uses,
            code,
            wdir,
            env,
            params,
            deps,
            makes,
            outs: entry.outs,
        }
    }
}
