//! What a built-in stage is, as data: name, slots, params, program, code digest.
//!
//! The engine knows built-in stages by these tables alone; the code that runs is registered apart
//! ([`crate::registry::Registry`]), and only in the program that has it.

use crate::problem::{brief, closest};
use crate::value::Value;
use crate::yaml;

/// A built-in stage (`uses: NAME`).
#[derive(Debug)]
pub struct StageSpec {
    /// The word after `uses:`.
    pub name: &'static str,
    /// What it does, one line.
    pub summary: &'static str,
    /// The program that can run it.
    pub program: Program,
    /// The paths it reads, in the order of `deps:`.
    pub deps: &'static [SlotSpec],
    /// The paths it makes, in the order of `outs:`.
    pub outs: &'static [SlotSpec],
    /// Every param it reads.
    pub params: &'static [ParamSpec],
    /// Its code.
    pub code: CodeSpec,
}

/// Which of the two programs holds a stage's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// `kaslite`, without libtorch.
    Kaslite,
    /// `kaslite-torch`.
    KasliteTorch,
}

/// One path of a built-in stage.
#[derive(Debug)]
pub struct SlotSpec {
    /// The name by which the stage's code asks for it.
    pub name: &'static str,
    /// File or folder.
    pub kind: SlotKind,
    /// What it holds.
    pub doc: &'static str,
}

/// What a slot is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// One file.
    File,
    /// One folder.
    Folder,
    /// All paths that are left, any number of them.
    Rest,
}

/// One param of a built-in stage.
#[derive(Debug)]
pub struct ParamSpec {
    /// The dotted key in params.yaml, its section first: `train.lr`.
    pub key: &'static str,
    /// Type and range.
    pub kind: ParamKind,
    /// The default as YAML text; `None` where a value must be given.
    pub default: Option<&'static str>,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// The type of a param and the values it may take.
#[derive(Debug)]
pub enum ParamKind {
    /// An integer in a closed range.
    Int {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A finite float in a range.
    Float {
        /// Lower bound.
        min: f64,
        /// Upper bound.
        max: f64,
        /// Whether the lower bound itself is refused.
        above: bool,
        /// Whether the upper bound itself is refused.
        below: bool,
    },
    /// `true` or `false`.
    Bool,
    /// Any text.
    Text,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A list of finite floats, or the comma string of one.
    Floats,
    /// A map whose keys the stage itself checks.
    Map,
}

/// The code that a built-in stage can reach.
#[derive(Debug)]
pub struct CodeSpec {
    /// Over all files below, and the versions of tch and libtorch where it uses them; 64 hex digits.
    pub digest: &'static str,
    /// Each source file with the digest of its normalised tokens.
    pub files: &'static [(&'static str, &'static str)],
}

impl StageSpec {
    /// The sections of params.yaml it reads, each once.
    pub fn sections(&self) -> Vec<&'static str> {
        let mut sections: Vec<_> = self.params.iter().map(ParamSpec::section).collect();
        sections.dedup();
        sections
    }

    /// The spec of one param.
    pub fn param(&self, key: &str) -> Option<&'static ParamSpec> {
        self.params.iter().find(|param| param.key == key)
    }
}

impl ParamSpec {
    /// The part of the key before the first dot.
    pub fn section(&self) -> &'static str {
        self.key.split('.').next().unwrap_or(self.key)
    }

    /// The default as a value.
    pub fn default_value(&self) -> Option<Value> {
        self.default
            .map(|text| match self.kind {
                ParamKind::Map => Value::Map(indexmap::IndexMap::new()),
                ParamKind::Text | ParamKind::Choice(_) | ParamKind::Floats => {
                    Value::Text(text.to_owned())
                }
                ParamKind::Int { .. } | ParamKind::Float { .. } | ParamKind::Bool => {
                    yaml::plain(text)
                }
            })
            .map(|value| self.check(&value).unwrap_or(value))
    }

    /// The value in the type of this param (`1` is the float 1.0, `"1,2"` is the list 1, 2).
    ///
    /// # Errors
    /// What is wrong with it, as a fragment: "must be a float from 0 to 1, not `1.5`".
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        let wanted = || format!("must be {}, not {}", self.kind, found(value));
        match (&self.kind, value) {
            (ParamKind::Int { min, max }, value) => match int(value) {
                Some(int) if (*min..=*max).contains(&int) => Ok(Value::Int(int)),
                _ => Err(wanted()),
            },
            (
                ParamKind::Float {
                    min,
                    max,
                    above,
                    below,
                },
                value,
            ) => match value.as_f64() {
                Some(float)
                    if float.is_finite()
                        && (if *above { float > *min } else { float >= *min })
                        && (if *below { float < *max } else { float <= *max }) =>
                {
                    Ok(Value::Float(float))
                }
                _ => Err(wanted()),
            },
            (ParamKind::Bool, Value::Bool(_)) | (ParamKind::Map, Value::Map(_)) => {
                Ok(value.clone())
            }
            (ParamKind::Text, Value::Text(_)) => Ok(value.clone()),
            (ParamKind::Choice(words), Value::Text(text)) if words.contains(&text.as_str()) => {
                Ok(value.clone())
            }
            (ParamKind::Floats, value) => floats(value).map(Value::List).ok_or_else(wanted),
            (ParamKind::Bool | ParamKind::Map | ParamKind::Text | ParamKind::Choice(_), _) => {
                Err(wanted())
            }
        }
    }

    /// What to write instead of a value that [`Self::check`] refuses, where that can be guessed.
    pub fn remedy(&self, value: &Value) -> Option<String> {
        match (&self.kind, value) {
            (_, Value::Null) => {
                let default = self.default?;
                Some(format!("without the key it has its default, `{default}`"))
            }
            (ParamKind::Choice(words), Value::Text(text)) => {
                let near = closest(text, words.iter().copied())?;
                Some(format!("did you mean `{near}`?"))
            }
            (ParamKind::Bool, Value::Text(text)) => match text.to_lowercase().as_str() {
                "yes" | "on" | "y" => Some("write `true`".to_owned()),
                "no" | "off" | "n" => Some("write `false`".to_owned()),
                _ => None,
            },
            (ParamKind::Int { .. } | ParamKind::Float { .. }, Value::Text(text)) => {
                self.number_in(text)
            }
            (ParamKind::Text, Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
                Some(format!("in quotes it is text: `\"{value}\"`"))
            }
            _ => None,
        }
    }

    /// The number that a text was meant to be: quoted, with `_` between digits, with a decimal comma.
    fn number_in(&self, text: &str) -> Option<String> {
        let spellings = [
            text.to_owned(),
            text.replace('_', ""),
            text.replace(',', "."),
        ];
        let number = spellings
            .iter()
            .find(|spelling| self.check(&yaml::plain(spelling)).is_ok())?;
        Some(if number == text {
            format!("without quotes it is a number: `{number}`")
        } else {
            format!("write `{number}`")
        })
    }
}

/// A value as it stands after "not".
fn found(value: &Value) -> String {
    let text = brief(&value.to_string());
    match value {
        Value::Null => "empty".to_owned(),
        Value::Int(_) | Value::Float(_) => format!("`{text}`"),
        Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Map(_) => {
            format!("the {} `{text}`", value.type_name())
        }
    }
}

/// An int, or a float that is one (`1e3`).
fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the value is integral and small"
        )]
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Some(*float as i64),
        Value::Float(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_) => None,
    }
}

fn floats(value: &Value) -> Option<Vec<Value>> {
    let parse = |value: &Value| {
        value
            .as_f64()
            .filter(|float| float.is_finite())
            .map(Value::Float)
    };
    match value {
        Value::List(values) => values.iter().map(parse).collect(),
        Value::Text(text) => text
            .split(',')
            .map(|part| parse(&yaml::plain(part.trim())))
            .collect(),
        Value::Int(_) | Value::Float(_) => parse(value).map(|value| vec![value]),
        Value::Null | Value::Bool(_) | Value::Map(_) => None,
    }
}

impl ParamKind {
    /// Whether any word is of this type, as it is typed.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Choice(_))
    }
}

impl std::fmt::Display for ParamKind {
    /// As it reads after "must be" and in the table of `kaslite stages`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int { min, max } => match (*min, *max) {
                (i64::MIN, i64::MAX) => f.write_str("an int"),
                (min, i64::MAX) => write!(f, "an int from {min}"),
                (i64::MIN, max) => write!(f, "an int up to {max}"),
                (min, max) => write!(f, "an int from {min} to {max}"),
            },
            Self::Float {
                min,
                max,
                above,
                below,
            } => match (min.is_finite(), max.is_finite(), above, below) {
                (false, false, _, _) => f.write_str("a finite float"),
                (true, false, false, _) => write!(f, "a float from {min}"),
                (true, false, true, _) => write!(f, "a float above {min}"),
                (false, true, _, false) => write!(f, "a float up to {max}"),
                (false, true, _, true) => write!(f, "a float below {max}"),
                (true, true, false, false) => write!(f, "a float from {min} to {max}"),
                (true, true, true, true) => write!(f, "a float above {min} and below {max}"),
                (true, true, true, false) => write!(f, "a float above {min}, up to {max}"),
                (true, true, false, true) => write!(f, "a float from {min}, below {max}"),
            },
            Self::Bool => f.write_str("true or false"),
            Self::Text => f.write_str("text"),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Floats => f.write_str("a list of floats"),
            Self::Map => f.write_str("a map"),
        }
    }
}
