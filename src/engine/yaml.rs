//! YAML: the only user of the YAML crates.
//!
//! Files that people write are parsed with places:
//!
//! [`parse`] gives a tree in which every key and value knows its line, so that a problem found much
//! later can still point at it. YAML 1.2 core schema: `1e-4` is a float, `yes` and `010` are not what
//! YAML 1.1 made of them. Duplicate keys are problems, `<<` merges, anchors are resolved within a
//! budget.

use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;

/// Nodes a file may expand to: aliases of aliases grow without bound otherwise.
const MAX_NODES: usize = 1_000_000;
/// Levels of nesting, far beyond what a person writes, within the stack.
const MAX_DEPTH: usize = 128;

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it starts.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Null, bool, number or text.
    Scalar(Value),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping with its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key as text; `1: x` has the key `1`.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// The plain value, places dropped.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(nodes) => Value::List(nodes.iter().map(Self::to_value).collect()),
            Kind::Map(pairs) => Value::Map(
                pairs
                    .iter()
                    .map(|(key, node)| (key.text.clone(), node.to_value()))
                    .collect(),
            ),
        }
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[(Key, Self)]> {
        if let Kind::Map(pairs) = &self.kind {
            Some(pairs)
        } else {
            None
        }
    }

    /// The node under one key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries()?
            .iter()
            .find(|(k, _)| k.text == key)
            .map(|(_, node)| node)
    }

    /// The place of a dotted key: of the key itself, or of the deepest part of it that exists.
    pub fn locate(&self, dotted: &str) -> Place {
        let (mut node, mut place) = (self, self.place);
        for part in dotted.split('.') {
            match &node.kind {
                Kind::Map(pairs) => match pairs.iter().find(|(key, _)| key.text == part) {
                    Some((key, child)) => (node, place) = (child, key.place),
                    None => return place,
                },
                Kind::List(nodes) => match part.parse::<usize>().ok().and_then(|i| nodes.get(i)) {
                    Some(child) => (node, place) = (child, child.place),
                    None => return place,
                },
                Kind::Scalar(_) => return place,
            }
        }
        place
    }

    /// `null` or nothing at all.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Scalar(Value::Null))
    }

    /// What it is, in a word, for messages.
    pub fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(value) => value.type_name(),
            Kind::List(_) => "list",
            Kind::Map(_) => "map",
        }
    }
}

/// Parses one YAML document. An empty file is an empty map.
///
/// # Errors
/// Every problem found: at most one of syntax (the parser stops there), all duplicate keys.
pub fn parse(source: &Source) -> Result<Node, Vec<Problem>> {
    let mut builder = Builder {
        source,
        anchors: BTreeMap::new(),
        budget: MAX_NODES,
        problems: vec![],
    };
    let mut parser = Parser::new_from_str(&source.text);
    let root = builder
        .document(&mut parser)
        .map_err(|problem| vec![*problem])?;
    if builder.problems.is_empty() {
        Ok(root)
    } else {
        Err(builder.problems)
    }
}

type Events<'a> = Parser<'a, saphyr_parser::StrInput<'a>>;

struct Builder<'s> {
    source: &'s Source,
    anchors: BTreeMap<usize, Node>,
    budget: usize,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn document(&mut self, events: &mut Events<'_>) -> Result<Node, Box<Problem>> {
        let mut root = None;
        loop {
            let (event, span) = self.next(events)?;
            match event {
                Event::StreamEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                event if root.is_none() => root = Some(self.node(event, span, events, 0)?),
                Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd => {
                    let problem = Problem::at(self.source, place(&span), "a second YAML document");
                    return Err(Box::new(
                        problem.hint("one file holds one document: remove `---`"),
                    ));
                }
            }
        }
        let empty = || Node {
            place: Place {
                line: 1,
                column: 1,
                width: 1,
            },
            kind: Kind::Map(Vec::new()),
        };
        Ok(root.filter(|node| !node.is_null()).unwrap_or_else(empty))
    }

    fn next<'a>(&self, events: &mut Events<'a>) -> Result<(Event<'a>, Span), Box<Problem>> {
        match events.next() {
            Some(Ok(pair)) => Ok(pair),
            Some(Err(error)) => {
                let marker = error.marker();
                let at = Place {
                    line: marker.line(),
                    column: marker.col() + 1,
                    width: 1,
                };
                Err(Box::new(Problem::at(
                    self.source,
                    at,
                    format!("not valid YAML: {}", error.info()),
                )))
            }
            None => Err(Box::new(Problem::in_file(
                &self.source.name,
                "the file ends too early",
            ))),
        }
    }

    fn node(
        &mut self,
        event: Event<'_>,
        span: Span,
        events: &mut Events<'_>,
        depth: usize,
    ) -> Result<Node, Box<Problem>> {
        let at = place(&span);
        self.spend(1, at)?;
        if depth > MAX_DEPTH {
            return Err(Box::new(Problem::at(self.source, at, "nested too deeply")));
        }
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| tag.suffix.clone());
                (Kind::Scalar(scalar(&text, style, tag.as_deref())), anchor)
            }
            Event::SequenceStart(anchor, _) => (Kind::List(self.list(events, depth)?), anchor),
            Event::MappingStart(anchor, _) => (Kind::Map(self.map(events, depth)?), anchor),
            Event::Alias(id) => {
                let Some(target) = self.anchors.get(&id).cloned() else {
                    return Err(Box::new(Problem::at(
                        self.source,
                        at,
                        "an alias inside its own anchor",
                    )));
                };
                self.spend(count(&target), at)?;
                (target.kind, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => {
                return Err(Box::new(Problem::at(
                    self.source,
                    at,
                    "not valid YAML here",
                )));
            }
        };
        let node = Node { place: at, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn list(&mut self, events: &mut Events<'_>, depth: usize) -> Result<Vec<Node>, Box<Problem>> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next(events)?;
            if event == Event::SequenceEnd {
                return Ok(nodes);
            }
            nodes.push(self.node(event, span, events, depth + 1)?);
        }
    }

    fn map(
        &mut self,
        events: &mut Events<'_>,
        depth: usize,
    ) -> Result<Vec<(Key, Node)>, Box<Problem>> {
        let mut pairs: IndexMap<String, (Key, Node)> = IndexMap::new();
        let mut merged: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, span) = self.next(events)?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.key(event, &span)?;
            let (event, span) = self.next(events)?;
            let value = self.node(event, span, events, depth + 1)?;
            if key.text == "<<" {
                merged.extend(self.merge(&key, value));
            } else if let Some((first, _)) = pairs.get(&key.text) {
                let message = format!("duplicate key `{}`", key.text);
                let hint = format!("it is already set on line {}", first.place.line);
                self.problems
                    .push(Problem::at(self.source, key.place, message).hint(hint));
            } else {
                pairs.insert(key.text.clone(), (key, value));
            }
        }
        for (key, value) in merged {
            pairs.entry(key.text.clone()).or_insert((key, value));
        }
        Ok(pairs.into_values().collect())
    }

    fn key(&self, event: Event<'_>, span: &Span) -> Result<Key, Box<Problem>> {
        if let Event::Scalar(text, ..) = event {
            return Ok(Key {
                text: text.into_owned(),
                place: place(span),
            });
        }
        let problem = Problem::at(self.source, place(span), "a key must be a plain word");
        Err(Box::new(
            problem.hint("quote text that holds `{`, `[` or `*`"),
        ))
    }

    /// The pairs that `<<: *anchor` or `<<: [*a, *b]` brings in.
    fn merge(&mut self, key: &Key, value: Node) -> Vec<(Key, Node)> {
        match value.kind {
            Kind::Map(pairs) => pairs,
            Kind::List(nodes) => nodes
                .into_iter()
                .flat_map(|node| self.merge(key, node))
                .collect(),
            Kind::Scalar(_) => {
                self.problems.push(Problem::at(
                    self.source,
                    key.place,
                    "`<<` can merge only a map",
                ));
                Vec::new()
            }
        }
    }

    fn spend(&mut self, nodes: usize, at: Place) -> Result<(), Box<Problem>> {
        match self.budget.checked_sub(nodes) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(Box::new(Problem::at(
                self.source,
                at,
                "too large once aliases are resolved",
            ))),
        }
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::List(nodes) => nodes.iter().map(count).sum(),
        Kind::Map(pairs) => pairs.iter().map(|(_, node)| count(node)).sum(),
    }
}

fn place(span: &Span) -> Place {
    let one_line = span.start.line() == span.end.line();
    let width = if one_line {
        span.end.col().saturating_sub(span.start.col())
    } else {
        1
    };
    Place {
        line: span.start.line(),
        column: span.start.col() + 1,
        width: width.max(1),
    }
}

/// A scalar by the core schema; quoted and block scalars and `!!str` are text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&str>) -> Value {
    if style == ScalarStyle::Plain && tag != Some("str") {
        plain(text)
    } else {
        Value::Text(text.to_owned())
    }
}

/// A plain scalar, or text typed on a command line, by the YAML 1.2 core schema.
pub fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" => Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Value::Float(f64::NEG_INFINITY),
        _ => number(text).unwrap_or_else(|| Value::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().map(Value::Int);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().map(Value::Int);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
        || (digits.starts_with('.') && digits[1..].starts_with(|c: char| c.is_ascii_digit()));
    if !numeric
        || !digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
    {
        return None;
    }
    if digits.chars().all(|c| c.is_ascii_digit())
        && let Ok(int) = text.parse::<i64>()
    {
        return Some(Value::Int(int));
    }
    text.parse::<f64>().ok().map(Value::Float)
}

/// A plain structure from YAML text that kaslite wrote.
///
/// # Errors
/// The message, and the place where it is known.
pub fn from_text<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, (String, Place)> {
    serde_yaml::from_str(text).map_err(|error| {
        let place = error.location().map_or_else(Place::default, |at| Place {
            line: at.line(),
            column: at.column().max(1),
            width: 1,
        });
        (error.to_string(), place)
    })
}

/// A plain structure as YAML text.
pub fn to_text(value: &impl serde::Serialize) -> String {
    // Structs of plain data always serialise.
    serde_yaml::to_string(value).unwrap_or_default()
}
