//! [`parse`]: text → tree of nodes with places.

use crate::problem::{Place, Problem, Source};
use crate::yaml::scalar::scalar;
use crate::yaml::syntax::explain;
use crate::yaml::{Key, Kind, Node};
use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use std::collections::BTreeMap;

/// Nodes a file may expand to: aliases of aliases grow without bound otherwise.
const MAX_NODES: usize = 1_000_000;
/// Levels of nesting, far beyond what a person writes, within the stack.
const MAX_DEPTH: usize = 128;

/// Parses one YAML document. An empty file is an empty map.
///
/// # Errors
/// Every problem found: at most one of syntax (the parser stops there), all duplicate keys before it.
pub fn parse(source: &Source) -> Result<Node, Vec<Problem>> {
    let mut reader = Reader {
        source,
        events: Parser::new_from_str(&source.text),
        anchors: BTreeMap::new(),
        open: Vec::new(),
        budget: MAX_NODES,
        problems: vec![],
    };
    match reader.document() {
        Ok(root) if reader.problems.is_empty() => Ok(root),
        Ok(_) => Err(reader.problems),
        Err(problem) => {
            reader.problems.push(*problem);
            Err(reader.problems)
        }
    }
}

type Found<T> = Result<T, Box<Problem>>;

struct Reader<'s> {
    source: &'s Source,
    events: Parser<'s, StrInput<'s>>,
    anchors: BTreeMap<usize, Node>,
    /// Where the lists and maps begin that are not at their end yet.
    open: Vec<Place>,
    budget: usize,
    problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    fn document(&mut self) -> Found<Node> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if root.is_some() => {
                    let message = "a second YAML document begins";
                    let problem = Problem::at(self.source, place(&span), message);
                    return Err(Box::new(
                        problem.hint("one file holds one document: remove the line `---`"),
                    ));
                }
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                event @ (Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd) => root = Some(self.node(event, span)?),
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

    fn next(&mut self) -> Found<(Event<'s>, Span)> {
        match self.events.next() {
            Some(Ok(pair)) => Ok(pair),
            Some(Err(error)) => {
                let marker = error.marker();
                let at = Place {
                    line: marker.line(),
                    column: marker.col() + 1,
                    width: 1,
                };
                let problem = explain(self.source, error.info(), at, self.open.last().copied());
                Err(Box::new(problem))
            }
            None => Err(Box::new(Problem::in_file(
                &self.source.name,
                "the file ends too early",
            ))),
        }
    }

    fn fail<T>(&self, at: Place, message: &str, hint: &str) -> Found<T> {
        Err(Box::new(Problem::at(self.source, at, message).hint(hint)))
    }

    fn node(&mut self, event: Event<'_>, span: Span) -> Found<Node> {
        let at = place(&span);
        self.spend(1, at)?;
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| tag.suffix.clone());
                (Kind::Scalar(scalar(&text, style, tag.as_deref())), anchor)
            }
            Event::SequenceStart(anchor, _) => (
                self.nested(at, |reader| reader.list().map(Kind::List))?,
                anchor,
            ),
            Event::MappingStart(anchor, _) => (
                self.nested(at, |reader| reader.map().map(Kind::Map))?,
                anchor,
            ),
            Event::Alias(id) => (self.alias(id, at)?, 0),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => {
                return Err(Box::new(explain(self.source, "no value here", at, None)));
            }
        };
        let node = Node { place: at, kind };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn nested(&mut self, at: Place, read: impl FnOnce(&mut Self) -> Found<Kind>) -> Found<Kind> {
        if self.open.len() >= MAX_DEPTH {
            let hint = "a file may nest lists and maps 128 levels deep";
            return self.fail(at, "nested too deeply", hint);
        }
        self.open.push(at);
        let kind = read(self)?;
        self.open.pop();
        Ok(kind)
    }

    fn alias(&mut self, id: usize, at: Place) -> Found<Kind> {
        let Some(target) = self.anchors.get(&id) else {
            let hint = "an alias can only stand after all that its anchor holds";
            return self.fail(at, "an alias inside its own anchor", hint);
        };
        let size = count(target);
        let kind = target.kind.clone();
        self.spend(size, at)?;
        Ok(kind)
    }

    fn list(&mut self) -> Found<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                // Of thousands of stages, room for more than there is adds up.
                nodes.shrink_to_fit();
                return Ok(nodes);
            }
            nodes.push(self.node(event, span)?);
        }
    }

    fn map(&mut self) -> Found<Vec<(Key, Node)>> {
        let mut pairs: IndexMap<String, (Key, Node)> = IndexMap::new();
        let mut merged: Vec<(Key, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = self.key(&event, &span)?;
            // In quotes it is a key like any other.
            let merges =
                matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            if merges {
                merged.extend(self.merge(value));
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
        let mut pairs: Vec<_> = pairs.into_values().collect();
        pairs.shrink_to_fit();
        Ok(pairs)
    }

    fn key(&self, event: &Event<'_>, span: &Span) -> Found<Key> {
        let at = place(span);
        let (message, hint) = match event {
            Event::Scalar(text, ..) => {
                return Ok(Key {
                    text: text.clone().into_owned(),
                    place: at,
                });
            }
            Event::MappingStart(..) => (
                "`{` begins a map, which cannot be a key",
                "a param stands in text as `${name}`; quote text that holds braces",
            ),
            Event::SequenceStart(..) => (
                "a list cannot be a key",
                "write one entry for each; quote text that begins with `[`",
            ),
            Event::Alias(_)
            | Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => (
                "an alias cannot be a key",
                "quote text that begins with `*`",
            ),
        };
        self.fail(at, message, hint)
    }

    /// The pairs that `<<: *anchor` or `<<: [*a, *b]` brings in.
    fn merge(&mut self, value: Node) -> Vec<(Key, Node)> {
        match value.kind {
            Kind::Map(pairs) => pairs,
            Kind::List(nodes) => nodes
                .into_iter()
                .flat_map(|node| self.merge(node))
                .collect(),
            Kind::Scalar(_) => {
                let problem = Problem::at(self.source, value.place, "`<<` can merge only a map");
                let hint = "name the anchor of one: `<<: *defaults`";
                self.problems.push(problem.hint(hint));
                Vec::new()
            }
        }
    }

    fn spend(&mut self, nodes: usize, at: Place) -> Found<()> {
        let Some(left) = self.budget.checked_sub(nodes) else {
            let hint = "a file may hold a million values, each alias counted as all it stands for";
            return self.fail(at, "too large once aliases are resolved", hint);
        };
        self.budget = left;
        Ok(())
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
