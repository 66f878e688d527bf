//! [`Scope`]: what `${…}` can be looked up in.

use crate::problem::closest;
use crate::value::Value;

/// What `${…}` can be looked up in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The values of params.yaml and of `vars`.
    pub(super) base: Values<'a>,
    /// `item` and `key`, within a stage of a group.
    pub(super) own: Option<Own<'a>>,
    /// Whether `vars` added to what params.yaml has.
    pub(super) has_vars: bool,
    /// The params.yaml of the pipeline file.
    pub(super) default_file: &'a str,
}

/// The names that one stage of a group has.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    /// The name of the stage, for messages.
    pub(super) stage: &'a str,
    /// A map with `item`, and with `key` where there is one.
    pub(super) values: &'a Value,
}

/// The values that the whole file shares.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// These.
    Sound(&'a Value),
    /// There is no params.yaml, and there are no `vars`.
    Missing,
    /// A file is wrong in a way that was said already.
    Unusable,
}

/// Why a name gave no value.
pub(super) enum Lacking {
    /// There is none: what to say after the name, and what may have been meant.
    Unknown(String, String),
    /// There is no params.yaml.
    NoFile,
    /// It was said already.
    Said,
}

impl Scope<'_> {
    /// The value of a dotted key.
    pub(super) fn look_up(&self, dotted: &str) -> Result<Value, Lacking> {
        let head = dotted.split('.').next().unwrap_or(dotted);
        if let Some(own) = self.own
            && own.values.get(head).is_some()
        {
            return own.values.get(dotted).cloned().ok_or_else(|| {
                let message = format!("no such value in stage `{}`", own.stage);
                Lacking::Unknown(message, hint(dotted, own.values))
            });
        }
        match self.base {
            Values::Sound(values) => values.get(dotted).cloned().ok_or_else(|| {
                let place = if self.has_vars { " or `vars`" } else { "" };
                let message = format!("no such param in {}{place}", self.default_file);
                Lacking::Unknown(message, hint(dotted, values))
            }),
            Values::Missing => Err(Lacking::NoFile),
            Values::Unusable => Err(Lacking::Said),
        }
    }
}

/// What may have been meant by a key that is not there.
fn hint(dotted: &str, values: &Value) -> String {
    if let Some((list, _)) = dotted.rsplit_once('.')
        && let Some(Value::List(items)) = values.get(list)
    {
        return format!("`{list}` is a list of {}, counted from 0", items.len());
    }
    let keys = keys(values);
    match closest(dotted, keys.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write `\\${…}` for what is meant for the shell".to_owned(),
    }
}

/// All dotted keys, inner and leaf.
fn keys(values: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    for (leaf, _) in values.leaves("") {
        keys.extend(leaf.match_indices('.').map(|(at, _)| leaf[..at].to_owned()));
        keys.push(leaf);
    }
    keys.sort();
    keys.dedup();
    keys
}
