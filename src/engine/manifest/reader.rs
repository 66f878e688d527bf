//! [`Reader`]: the values of a stage's keys.

use crate::manifest::keys::{self, is_open};
use crate::manifest::{Declared, DeclaredOut, DeclaredParams};
use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};

const NESTED: &str = "write one list, not a list in a list";

/// Reads the values of one stage's keys; what is wrong is added to the problems.
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) problems: &'a mut Vec<Problem>,
    pub(super) stage: &'a str,
}

impl Reader<'_> {
    pub(super) fn report(&mut self, place: Place, message: String, hint: Option<String>) {
        let problem = Problem::at(self.source, place, message);
        self.problems.push(problem.maybe_hint(hint));
    }

    pub(super) fn unknown(&mut self, key: &str, at: Place) {
        let message = format!("unknown key `{key}` in stage `{}`", self.stage);
        let hint = match keys::meant(key) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("a stage has the keys {}", keys::STAGE.join(", ")),
        };
        self.report(at, message, Some(hint));
    }

    pub(super) fn wrong(&mut self, key: &str, wanted: &str, node: &Node, hint: Option<String>) {
        self.wrong_value(&format!("`{key}`"), wanted, node, hint);
    }

    /// An entry of the list `key`.
    fn wrong_entry(&mut self, key: &str, wanted: &str, node: &Node, hint: Option<&str>) {
        let hint = hint.map(str::to_owned);
        self.wrong_value(&format!("an entry of `{key}`"), wanted, node, hint);
    }

    fn wrong_value(&mut self, subject: &str, wanted: &str, node: &Node, hint: Option<String>) {
        if matches!(&node.kind, Kind::Scalar(Value::Text(text)) if is_open(text)) {
            return;
        }
        let what = node.described();
        let message = format!(
            "{subject} of stage `{}` must be {wanted}, not {what}",
            self.stage
        );
        self.report(node.place, message, hint);
    }

    /// Text; numbers and bools count as the text they are. What is empty is shown at its key.
    pub(super) fn text(&mut self, key: &str, at: Place, node: &Node) -> Option<Declared<String>> {
        match &node.kind {
            Kind::Scalar(value)
                if !matches!(value, Value::Null) && !value.to_string().is_empty() =>
            {
                Some(Declared {
                    value: value.to_string(),
                    place: node.place,
                })
            }
            Kind::Scalar(_) => {
                let message = format!("`{key}` of stage `{}` is empty", self.stage);
                self.report(at, message, None);
                None
            }
            Kind::List(_) | Kind::Map(_) => {
                self.wrong(key, "text", node, None);
                None
            }
        }
    }

    /// Text in the list `key`.
    fn entry(&mut self, key: &str, node: &Node) -> Option<Declared<String>> {
        let value = node.to_value();
        if node.is_null() || value.as_text() == Some("") {
            let message = format!("an entry of `{key}` of stage `{}` is empty", self.stage);
            self.report(node.place, message, None);
            return None;
        }
        if !matches!(node.kind, Kind::Scalar(_)) {
            self.wrong_entry(key, "text", node, None);
            return None;
        }
        Some(Declared {
            value: value.to_string(),
            place: node.place,
        })
    }

    pub(super) fn flag(&mut self, key: &str, node: &Node) -> bool {
        if let Kind::Scalar(Value::Bool(value)) = node.kind {
            return value;
        }
        let text = node.to_value().to_string().to_lowercase();
        let hint = match text.as_str() {
            "yes" | "on" | "y" | "1" => Some("write `true`".to_owned()),
            "no" | "off" | "n" | "0" => Some("write `false`".to_owned()),
            _ => None,
        };
        self.wrong(key, "true or false", node, hint);
        false
    }

    fn list<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Node] {
        let hint = match &node.kind {
            Kind::List(nodes) => return nodes,
            Kind::Scalar(Value::Null) => return &[],
            Kind::Scalar(Value::Text(text)) => Some(format!("write `{key}: [{text}]`")),
            Kind::Scalar(_) => None,
            Kind::Map(_) => Some("begin each entry with `- `".to_owned()),
        };
        self.wrong(key, "a list", node, hint);
        &[]
    }

    pub(super) fn commands(&mut self, key: &Key, node: &Node) -> Option<Vec<String>> {
        match &node.kind {
            Kind::List(nodes) if !nodes.is_empty() => {
                nodes.iter().map(|node| self.command(node)).collect()
            }
            Kind::List(_) => {
                let message = format!("`cmd` of stage `{}` is empty", self.stage);
                self.report(key.place, message, None);
                None
            }
            Kind::Map(_) => {
                self.wrong("cmd", "a command or a list of commands", node, None);
                None
            }
            Kind::Scalar(_) => {
                let text = self.text("cmd", key.place, node);
                text.map(|text| vec![text.value])
            }
        }
    }

    /// One of several commands.
    fn command(&mut self, node: &Node) -> Option<String> {
        if let Some([(key, value)]) = node.entries() {
            let line = format!("{}: {}", key.text, value.to_value());
            let message = format!(
                "the `: ` makes a map of a command of stage `{}`",
                self.stage
            );
            let hint = if line.contains('\'') {
                "put the command in quotes".to_owned()
            } else {
                format!("put it in quotes: `'{line}'`")
            };
            self.report(key.place, message, Some(hint));
            return None;
        }
        self.entry("cmd", node).map(|text| text.value)
    }

    pub(super) fn paths(&mut self, key: &str, node: &Node) -> Vec<Declared<String>> {
        let items = self.list(key, node);
        let mut paths = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::Scalar(_) => paths.extend(self.entry(key, item)),
                Kind::List(_) => self.wrong_entry(key, "text", item, Some(NESTED)),
                Kind::Map(pairs) => {
                    let named = pairs.first().filter(|(key, _)| key.text == "path");
                    let hint = named.map(|(_, path)| format!("write `- {}`", path.to_value()));
                    self.wrong_entry(key, "text", item, hint.as_deref());
                }
            }
        }
        paths
    }

    pub(super) fn outs(
        &mut self,
        key: &str,
        node: &Node,
        flags: &[&str],
    ) -> Vec<Declared<DeclaredOut>> {
        let items = self.list(key, node);
        let mut outs = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::Scalar(_) => {
                    let text = self.entry(key, item);
                    outs.extend(text.map(|text| plain_out(text.value, text.place)));
                }
                Kind::List(_) => {
                    self.wrong_entry(key, "a path", item, Some(NESTED));
                }
                Kind::Map(pairs) => self.flagged_outs(key, pairs, flags, &mut outs),
            }
        }
        outs
    }

    /// `- path: {flag: value}`.
    fn flagged_outs(
        &mut self,
        key: &str,
        pairs: &[(Key, Node)],
        flags: &[&str],
        outs: &mut Vec<Declared<DeclaredOut>>,
    ) {
        let mut pairs = pairs.iter();
        let first = pairs.next().into_iter();
        let (beside, others): (Vec<_>, Vec<_>) = pairs.partition(|(name, value)| {
            flags.contains(&name.text.as_str()) && value.entries().is_none()
        });
        if let (Some((flag, _)), Some(path)) = (beside.first(), first.clone().next()) {
            let path = &path.0.text;
            let message = format!("`{}` stands beside `{path}`, not below it", flag.text);
            let hint = "indent the flags of a path deeper than the path";
            self.report(flag.place, message, Some(hint.to_owned()));
        }
        for (path, options) in first.chain(others) {
            let mut out = plain_out(path.text.clone(), path.place);
            match &options.kind {
                Kind::Map(options) => {
                    for (flag, setting) in options {
                        self.out_flag(&mut out.value, flag, setting, flags);
                    }
                }
                Kind::Scalar(Value::Null) => {}
                Kind::Scalar(value) if path.text == "path" => {
                    let hint = format!("write `- {value}`");
                    let message = format!("an entry of `{key}` is the path itself");
                    self.report(path.place, message, Some(hint));
                    continue;
                }
                Kind::Scalar(_) | Kind::List(_) => {
                    let hint = "write `path: {cache: false}`, or the path alone".to_owned();
                    let subject = format!("what follows `{}` in `{key}`", path.text);
                    self.wrong_value(&subject, "a map of flags", options, Some(hint));
                }
            }
            outs.push(out);
        }
    }

    fn out_flag(&mut self, out: &mut DeclaredOut, flag: &Key, setting: &Node, flags: &[&str]) {
        match flag.text.as_str() {
            "cache" => out.cache = self.flag("cache", setting),
            "persist" => out.persist = self.flag("persist", setting),
            "push" => {
                self.flag("push", setting);
            }
            "remote" => {
                self.text("remote", flag.place, setting);
            }
            known if flags.contains(&known) => {}
            other => {
                let message = format!("unknown flag `{other}` of `{}`", out.path);
                let problem = Problem::at(self.source, flag.place, message);
                self.problems.push(
                    match crate::problem::closest(other, flags.iter().copied()) {
                        Some(name) => problem.hint(format!("did you mean `{name}`?")),
                        None => problem.hint(format!("there are {}", flags.join(", "))),
                    },
                );
            }
        }
    }

    pub(super) fn params(&mut self, node: &Node) -> Vec<Declared<DeclaredParams>> {
        let items = self.list("params", node);
        let mut params = Vec::with_capacity(items.len());
        for item in items {
            let Some(pairs) = item.entries() else {
                if let Some(key) = self.entry("params", item) {
                    let place = key.place;
                    let value = DeclaredParams {
                        file: None,
                        keys: Some(vec![key]),
                    };
                    params.push(Declared { value, place });
                }
                continue;
            };
            for (file, keys) in pairs {
                let keys = (!keys.is_null()).then(|| self.paths("params", keys));
                let value = DeclaredParams {
                    file: Some(file.text.clone()),
                    keys,
                };
                params.push(Declared {
                    value,
                    place: file.place,
                });
            }
        }
        params
    }

    /// `env: [NAME, …]` takes the value from outside, `env: {NAME: value}` sets it.
    pub(super) fn env(&mut self, node: &Node) -> Vec<Declared<(String, Option<String>)>> {
        if let Some(pairs) = node.entries() {
            return pairs
                .iter()
                .filter_map(|(key, value)| {
                    let text = self.variable(key, value)?;
                    Some(Declared {
                        value: (key.text.clone(), Some(text)),
                        place: key.place,
                    })
                })
                .collect();
        }
        if let Kind::Scalar(value) = &node.kind
            && !node.is_null()
        {
            let hint = format!("write `env: [{value}]`, or `env: {{NAME: value}}`");
            self.wrong("env", "a list of names or a map", node, Some(hint));
            return Vec::new();
        }
        self.paths("env", node)
            .into_iter()
            .map(|name| Declared {
                value: (name.value, None),
                place: name.place,
            })
            .collect()
    }

    /// The value of a variable, which may be empty if it says so.
    fn variable(&mut self, key: &Key, value: &Node) -> Option<String> {
        let name = &key.text;
        match &value.kind {
            Kind::Scalar(Value::Null) => {
                let message = format!("`{name}` in `env` of stage `{}` has no value", self.stage);
                let hint =
                    format!("`{name}: ''` makes it empty, `env: [{name}]` takes it from outside");
                self.report(key.place, message, Some(hint));
                None
            }
            Kind::Scalar(value) => Some(value.to_string()),
            Kind::List(_) | Kind::Map(_) => {
                self.wrong_value(&format!("`{name}` in `env`"), "text", value, None);
                None
            }
        }
    }
}

fn plain_out(path: String, place: Place) -> Declared<DeclaredOut> {
    let value = DeclaredOut {
        path,
        cache: true,
        persist: false,
    };
    Declared { value, place }
}
