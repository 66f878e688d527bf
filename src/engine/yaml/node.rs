//! [`Node`]: a value with its place.

use crate::problem::{Place, brief};
use crate::value::Value;

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

    /// A value as a tree whose nodes all stand at one place.
    pub(crate) fn lifted(value: Value, place: Place) -> Self {
        let kind = match value {
            Value::List(values) => {
                let nodes = values.into_iter().map(|value| Self::lifted(value, place));
                Kind::List(nodes.collect())
            }
            Value::Map(map) => {
                let pairs = map.into_iter();
                let pairs =
                    pairs.map(|(text, value)| (Key { text, place }, Self::lifted(value, place)));
                Kind::Map(pairs.collect())
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
                Kind::Scalar(value)
            }
        };
        Self { place, kind }
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

    /// The key and the node under a dotted key of maps in maps.
    pub fn find(&self, dotted: &str) -> Option<(&Key, &Self)> {
        let (head, rest) = dotted
            .split_once('.')
            .map_or((dotted, None), |(head, rest)| (head, Some(rest)));
        let (key, node) = self.entries()?.iter().find(|(key, _)| key.text == head)?;
        match rest {
            None => Some((key, node)),
            Some(rest) => node.find(rest),
        }
    }

    /// Removes a key of a mapping.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Kind::Map(pairs) = &mut self.kind {
            pairs.retain(|(own, _)| own.text != key);
        }
    }

    /// Puts a node under a key of maps in maps and lists, making the maps that are lacking; whether there
    /// was a place for it.
    pub(crate) fn put(&mut self, parts: &[&str], node: Self) -> bool {
        let Some((head, rest)) = parts.split_first() else {
            *self = node;
            return true;
        };
        let place = self.place;
        match &mut self.kind {
            Kind::Map(pairs) => {
                if let Some((_, child)) = pairs.iter_mut().find(|(key, _)| key.text == *head) {
                    return child.put(rest, node);
                }
                let mut child = Self::lifted(Value::Null, place);
                let fits = child.put(rest, node);
                let text = (*head).to_owned();
                pairs.push((Key { text, place }, child));
                fits
            }
            Kind::List(nodes) => {
                let index = head.parse::<usize>().ok();
                let child = index.and_then(|index| nodes.get_mut(index));
                child.is_some_and(|child| child.put(rest, node))
            }
            Kind::Scalar(Value::Null) => {
                self.kind = Kind::Map(Vec::new());
                self.put(parts, node)
            }
            Kind::Scalar(_) => false,
        }
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

    /// What it is, as it stands after "not" in a message.
    pub(crate) fn described(&self) -> String {
        match &self.kind {
            Kind::Scalar(Value::Null) => "empty".to_owned(),
            Kind::Scalar(value) => {
                format!("the {} `{}`", value.type_name(), brief(&value.to_string()))
            }
            Kind::List(_) | Kind::Map(_) => format!("a {}", self.type_name()),
        }
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
