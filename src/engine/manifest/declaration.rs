//! [`Declaration`]: one stage as the file declares it, checked for shape but not yet for meaning.

use crate::limits::Limits;
use crate::manifest::keys::{self, OUT_FLAGS, PLOT_FLAGS};
use crate::manifest::reader::Reader;
use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};
use litemap::LiteMap;

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
    /// Where it stands: no stage reads it.
    pub(crate) with: Option<Place>,
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
    pub(crate) limits: Limits,
    /// Where each key stands.
    pub(crate) keys: LiteMap<String, Place>,
    /// Keys whose value is wrong, or that were likely meant by one that is: no more is said of them.
    pub(crate) faulty: Vec<String>,
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
        let mut stage = Self {
            name: name.to_owned(),
            place,
            ..Self::default()
        };
        let Some(entries) = node.entries() else {
            problems.push(no_map(name, place, node, source));
            stage.faulty.extend(["cmd".to_owned(), "uses".to_owned()]);
            return stage;
        };
        let mut reader = Reader {
            source,
            problems,
            stage: name,
        };
        stage.keys.reserve(entries.len());
        for (key, value) in entries {
            let before = reader.problems.len();
            stage.field(key, value, &mut reader);
            if reader.problems.len() > before {
                let meant = keys::meant(&key.text).unwrap_or(&key.text);
                stage.faulty.push(meant.to_owned());
            }
            stage.keys.insert(key.text.clone(), key.place);
        }
        stage.check_action(source, problems);
        stage
    }

    /// Whether something of this key was refused already.
    pub(crate) fn is_faulty(&self, key: &str) -> bool {
        self.faulty.iter().any(|faulty| faulty == key)
    }

    /// Whether it says, or means to say, which built-in stage it is.
    pub(crate) fn is_builtin(&self) -> bool {
        self.uses.is_some() || self.is_faulty("uses")
    }

    /// The place of a key, or of the stage where it has none.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        self.keys.get(key).copied().unwrap_or(self.place)
    }

    fn check_action(&self, source: &Source, problems: &mut Vec<Problem>) {
        let name = &self.name;
        let excused = ["cmd", "uses"].map(|key| self.is_faulty(key));
        match (&self.cmd, &self.uses) {
            (None, None) if !excused.contains(&true) => {
                let message = format!("stage `{name}` has neither `cmd` nor `uses`");
                let problem = Problem::at(source, self.place, message);
                problems.push(
                    problem
                        .hint("`cmd: python x.py` runs a command, `uses: train` a built-in stage"),
                );
            }
            (Some(_), Some(_)) => {
                let message = format!("stage `{name}` has both `cmd` and `uses`");
                let (cmd, uses) = (self.place_of("cmd"), self.place_of("uses"));
                let problem = Problem::at(source, cmd.max(uses), message);
                let other = cmd.min(uses).line;
                problems.push(problem.hint(format!("remove it, or the one on line {other}")));
            }
            (None | Some(_), None) | (None, Some(_)) => {}
        }
    }

    fn field(&mut self, key: &Key, value: &Node, reader: &mut Reader<'_>) {
        let name = key.text.as_str();
        match name {
            "cmd" => self.cmd = reader.commands(key, value),
            "uses" => self.uses = reader.text(name, key.place, value),
            "with" => self.with = Some(key.place),
            "wdir" => self.wdir = reader.text(name, key.place, value),
            "desc" => {
                self.desc = reader.text(name, key.place, value).map(|desc| desc.value);
            }
            "meta" => {}
            "frozen" => self.frozen = reader.flag(name, value),
            "always_changed" => self.always_changed = reader.flag(name, value),
            "resources" => reader.resources(value, &mut self.limits),
            "pool" => {
                let pool = reader.text(name, key.place, value);
                self.limits.pool = pool.map(|pool| pool.value);
            }
            "timeout" => self.limits.timeout = reader.time(name, value),
            "retries" => self.limits.retries = reader.count(name, value, 0).unwrap_or(0),
            "deps" => self.deps = reader.paths(name, value),
            "outs" => self.outs = reader.outs(name, value, OUT_FLAGS),
            "metrics" => self.metrics = reader.outs(name, value, OUT_FLAGS),
            "plots" => self.plots = reader.outs(name, value, PLOT_FLAGS),
            "params" => self.params = reader.params(value),
            "env" => self.env = reader.env(value),
            _ => reader.unknown(name, key.place),
        }
    }
}

fn no_map(name: &str, place: Place, node: &Node, source: &Source) -> Problem {
    if node.is_null() {
        let message = format!("stage `{name}` is empty");
        return Problem::at(source, place, message)
            .hint("`cmd: python x.py` below it runs a command, `uses: train` a built-in stage");
    }
    let what = node.described();
    let message = format!("stage `{name}` must be a map, not {what}");
    let hint = if let Kind::Scalar(Value::Text(text)) = &node.kind {
        format!("a command needs its key: `cmd: {text}`")
    } else {
        "write `key: value` lines below its name".to_owned()
    };
    Problem::at(source, node.place, message).hint(hint)
}
