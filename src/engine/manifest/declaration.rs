//! [`Declaration`]: one stage as the file declares it, checked for shape but not yet for meaning.

use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Kind, Node};

/// Keys of a stage that are understood.
const KEYS: &[&str] = &[
    "cmd",
    "uses",
    "with",
    "wdir",
    "deps",
    "params",
    "outs",
    "metrics",
    "plots",
    "env",
    "desc",
    "meta",
    "frozen",
    "always_changed",
];

/// Keys of DVC, and of later versions, that are refused by name instead of being called unknown.
const REFUSED: &[(&str, &str)] = &[
    ("foreach", "write the stages out one by one"),
    (
        "do",
        "it belongs to `foreach`, which is not supported: write the stages out one by one",
    ),
    (
        "matrix",
        "write the stages out one by one, or use the built-in stage `sweep`",
    ),
    (
        "vars",
        "put the values into params.yaml, which `${…}` reads",
    ),
    (
        "resources",
        "limit what runs at once with `kaslite repro -j N`",
    ),
    ("pool", "limit what runs at once with `kaslite repro -j N`"),
    (
        "timeout",
        "put `timeout` before the command: `cmd: timeout 30m python x.py`",
    ),
    ("retries", "retry inside the command"),
];

/// Flags of an out.
const OUT_FLAGS: &[&str] = &["cache", "persist", "desc", "type", "labels", "meta"];

/// Flags of an entry of `plots`, which say how to draw it.
const PLOT_FLAGS: &[&str] = &[
    "cache", "persist", "desc", "x", "y", "x_label", "y_label", "title", "template", "header",
];

/// Text with its place.
#[derive(Clone, Debug)]
pub(crate) struct Declared<T> {
    /// What was declared.
    pub(crate) value: T,
    /// Where.
    pub(crate) place: Place,
}

/// A path with the flags of an out.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredOut {
    pub(crate) path: String,
    pub(crate) cache: bool,
    pub(crate) persist: bool,
}

/// `params:` of one file.
#[derive(Clone, Debug)]
pub(crate) struct DeclaredParams {
    /// `None` for the default file.
    pub(crate) file: Option<String>,
    /// `None` for the whole file.
    pub(crate) keys: Option<Vec<Declared<String>>>,
}

/// One stage of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) cmd: Option<Vec<String>>,
    pub(crate) uses: Option<Declared<String>>,
    pub(crate) with: Option<Declared<Value>>,
    pub(crate) wdir: Option<Declared<String>>,
    pub(crate) deps: Vec<Declared<String>>,
    pub(crate) params: Vec<Declared<DeclaredParams>>,
    pub(crate) outs: Vec<Declared<DeclaredOut>>,
    pub(crate) metrics: Vec<Declared<DeclaredOut>>,
    pub(crate) plots: Vec<Declared<DeclaredOut>>,
    pub(crate) env: Vec<Declared<(String, Option<String>)>>,
    pub(crate) desc: Option<String>,
    pub(crate) frozen: bool,
    pub(crate) always_changed: bool,
}

impl Declaration {
    /// Reads one stage; every problem of it is added.
    pub(crate) fn read(
        name: &str,
        place: Place,
        node: &Node,
        source: &Source,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut reader = Reader {
            source,
            problems,
            stage: name,
        };
        let mut stage = Self {
            name: name.to_owned(),
            place,
            ..Self::default()
        };
        let Some(entries) = node.entries() else {
            reader.report(
                node.place,
                format!("stage `{name}` must be a map, not {}", node.type_name()),
            );
            return stage;
        };
        for (key, value) in entries {
            stage.field(&key.text, key.place, value, &mut reader);
        }
        match (&stage.cmd, &stage.uses) {
            (None, None)
                if entries
                    .iter()
                    .all(|(key, _)| key.text != "cmd" && key.text != "uses") =>
            {
                let problem = Problem::at(
                    source,
                    place,
                    format!("stage `{name}` has neither `cmd` nor `uses`"),
                );
                problems.push(
                    problem
                        .hint("`cmd: python x.py` runs a command, `uses: train` a built-in stage"),
                );
            }
            (Some(_), Some(uses)) => {
                let message = format!("stage `{name}` has both `cmd` and `uses`");
                problems.push(Problem::at(source, uses.place, message).hint("keep one of them"));
            }
            _ => {}
        }
        stage
    }

    fn field(&mut self, key: &str, at: Place, value: &Node, reader: &mut Reader<'_>) {
        match key {
            "cmd" => self.cmd = reader.commands(value),
            "uses" => self.uses = reader.text(key, value),
            "with" => {
                self.with = Some(Declared {
                    value: value.to_value(),
                    place: at,
                });
            }
            "wdir" => self.wdir = reader.text(key, value),
            "desc" => self.desc = reader.text(key, value).map(|desc| desc.value),
            "meta" => {}
            "frozen" => self.frozen = reader.flag(key, value),
            "always_changed" => self.always_changed = reader.flag(key, value),
            "deps" => self.deps = reader.paths(key, value),
            "outs" => self.outs = reader.outs(key, value, OUT_FLAGS),
            "metrics" => self.metrics = reader.outs(key, value, OUT_FLAGS),
            "plots" => self.plots = reader.outs(key, value, PLOT_FLAGS),
            "params" => self.params = reader.params(value),
            "env" => self.env = reader.env(value),
            _ => reader.unknown(key, at),
        }
    }
}

struct Reader<'a> {
    source: &'a Source,
    problems: &'a mut Vec<Problem>,
    stage: &'a str,
}

impl Reader<'_> {
    fn report(&mut self, place: Place, message: String) {
        self.problems.push(Problem::at(self.source, place, message));
    }

    fn unknown(&mut self, key: &str, at: Place) {
        if let Some((_, hint)) = REFUSED.iter().find(|(name, _)| *name == key) {
            let message = format!("`{key}` (stage `{}`) is not supported", self.stage);
            self.problems
                .push(Problem::at(self.source, at, message).hint(*hint));
        } else {
            let message = format!("unknown key `{key}` in stage `{}`", self.stage);
            let problem = Problem::at(self.source, at, message).suggest(key, KEYS.iter().copied());
            self.problems.push(problem);
        }
    }

    fn wrong(&mut self, key: &str, wanted: &str, node: &Node) {
        let message = format!(
            "`{key}` of stage `{}` must be {wanted}, not {}",
            self.stage,
            node.type_name()
        );
        self.report(node.place, message);
    }

    /// Text; numbers and bools count as the text they are.
    fn text(&mut self, key: &str, node: &Node) -> Option<Declared<String>> {
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
                self.report(
                    node.place,
                    format!("`{key}` of stage `{}` is empty", self.stage),
                );
                None
            }
            Kind::List(_) | Kind::Map(_) => {
                self.wrong(key, "text", node);
                None
            }
        }
    }

    fn flag(&mut self, key: &str, node: &Node) -> bool {
        if let Kind::Scalar(Value::Bool(value)) = node.kind {
            return value;
        }
        self.wrong(key, "true or false", node);
        false
    }

    fn list<'n>(&mut self, key: &str, node: &'n Node) -> &'n [Node] {
        match &node.kind {
            Kind::List(nodes) => nodes,
            Kind::Scalar(Value::Null) => &[],
            Kind::Scalar(_) | Kind::Map(_) => {
                self.wrong(key, "a list", node);
                &[]
            }
        }
    }

    fn commands(&mut self, node: &Node) -> Option<Vec<String>> {
        match &node.kind {
            Kind::List(nodes) if !nodes.is_empty() => nodes
                .iter()
                .map(|node| self.text("cmd", node).map(|text| text.value))
                .collect(),
            Kind::List(_) => {
                self.report(
                    node.place,
                    format!("`cmd` of stage `{}` is empty", self.stage),
                );
                None
            }
            Kind::Scalar(_) | Kind::Map(_) => self.text("cmd", node).map(|text| vec![text.value]),
        }
    }

    fn paths(&mut self, key: &str, node: &Node) -> Vec<Declared<String>> {
        self.list(key, node)
            .iter()
            .filter_map(|node| self.text(key, node))
            .collect()
    }

    fn outs(&mut self, key: &str, node: &Node, flags: &[&str]) -> Vec<Declared<DeclaredOut>> {
        let mut outs = Vec::new();
        for item in self.list(key, node) {
            let Some(pairs) = item.entries() else {
                if let Some(text) = self.text(key, item) {
                    let value = DeclaredOut {
                        path: text.value,
                        cache: true,
                        persist: false,
                    };
                    outs.push(Declared {
                        value,
                        place: text.place,
                    });
                }
                continue;
            };
            for (path, options) in pairs {
                let mut value = DeclaredOut {
                    path: path.text.clone(),
                    cache: true,
                    persist: false,
                };
                for (flag, setting) in options.entries().unwrap_or_default() {
                    match flag.text.as_str() {
                        "cache" => value.cache = self.flag("cache", setting),
                        "persist" => value.persist = self.flag("persist", setting),
                        known if flags.contains(&known) => {}
                        other => {
                            let message = format!("unknown flag `{other}` of `{}`", path.text);
                            let problem = Problem::at(self.source, flag.place, message);
                            self.problems
                                .push(problem.suggest(other, flags.iter().copied()));
                        }
                    }
                }
                if options.entries().is_none() && !options.is_null() {
                    self.wrong(key, "a path, or a path with a map of flags", options);
                }
                outs.push(Declared {
                    value,
                    place: path.place,
                });
            }
        }
        outs
    }

    fn params(&mut self, node: &Node) -> Vec<Declared<DeclaredParams>> {
        let mut params = Vec::new();
        for item in self.list("params", node) {
            let Some(pairs) = item.entries() else {
                if let Some(key) = self.text("params", item) {
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
    fn env(&mut self, node: &Node) -> Vec<Declared<(String, Option<String>)>> {
        if let Some(pairs) = node.entries() {
            return pairs
                .iter()
                .filter_map(|(key, value)| {
                    let text = self.text("env", value)?;
                    Some(Declared {
                        value: (key.text.clone(), Some(text.value)),
                        place: key.place,
                    })
                })
                .collect();
        }
        self.paths("env", node)
            .into_iter()
            .map(|name| Declared {
                value: (name.value, None),
                place: name.place,
            })
            .collect()
    }
}
