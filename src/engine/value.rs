//! [`Value`]: a parameter or a literal argument, as YAML 1.2 (core schema) has it.

use indexmap::IndexMap;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A value of a params file. Maps keep the order of the file; equality ignores it.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`, `~` or nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float; `.nan` and `.inf` included.
    Float(f64),
    /// A string.
    Text(String),
    /// A sequence.
    List(Vec<Self>),
    /// A mapping with string keys.
    Map(IndexMap<String, Self>),
}

/// Integers beyond this cannot be told apart as floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Value {
    /// The name of the type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "text",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// The value under a dotted key (`a.b`, list elements by index: `layers.0`).
    pub fn get(&self, dotted: &str) -> Option<&Self> {
        dotted.split('.').try_fold(self, |value, part| match value {
            Self::Map(map) => map.get(part),
            Self::List(list) => part.parse::<usize>().ok().and_then(|index| list.get(index)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_) => None,
        })
    }

    /// Puts `value` under a dotted key, making the maps on the way; what is no map there is replaced.
    pub fn set(&mut self, dotted: &str, value: Self) {
        let (head, rest) = dotted
            .split_once('.')
            .map_or((dotted, None), |(h, r)| (h, Some(r)));
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(IndexMap::new());
        }
        if let Self::Map(map) = self {
            match rest {
                None => {
                    map.insert(head.to_owned(), value);
                }
                Some(rest) => map.entry(head.to_owned()).or_default().set(rest, value),
            }
        }
    }

    /// Takes the value under one key of a map out of it; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Self> {
        if let Self::Map(map) = self {
            map.shift_remove(key)
        } else {
            None
        }
    }

    /// The leaves as `(dotted key, value)`: maps are walked, lists and empty maps are leaves.
    pub fn leaves(&self, prefix: &str) -> Vec<(String, Self)> {
        match self {
            Self::Map(map) if !map.is_empty() => map
                .iter()
                .flat_map(|(key, value)| {
                    let path = if prefix.is_empty() {
                        key.clone()
                    } else {
                        format!("{prefix}.{key}")
                    };
                    value.leaves(&path)
                })
                .collect(),
            Self::Map(_)
            | Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::List(_) => vec![(prefix.to_owned(), self.clone())],
        }
    }

    /// The number, where this is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a param as a float, as YAML would give it"
            )]
            Self::Int(int) => Some(*int as f64),
            Self::Float(float) => Some(*float),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, where this is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The whole number; `None` for all that is none.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(int) = self {
            Some(*int)
        } else {
            None
        }
    }

    /// An integral float as the int it equals, so that `1` and `1.0` have one digest.
    fn canonical(&self) -> Self {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the value is integral and small"
            )]
            Self::Float(float) if float.fract() == 0.0 && float.abs() < EXACT => {
                Self::Int(*float as i64)
            }
            Self::Float(_)
            | Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Map(_) => self.clone(),
        }
    }

    /// Appends the canonical, length-prefixed encoding: injective, independent of key order.
    pub fn encode(&self, into: &mut Vec<u8>) {
        match self.canonical() {
            Self::Null => into.push(b'n'),
            Self::Bool(value) => into.extend([b'b', u8::from(value)]),
            Self::Int(value) => {
                into.push(b'i');
                into.extend(value.to_le_bytes());
            }
            Self::Float(value) => {
                let bits = if value.is_nan() {
                    f64::NAN.to_bits()
                } else {
                    value.to_bits()
                };
                into.push(b'f');
                into.extend(bits.to_le_bytes());
            }
            Self::Text(value) => {
                into.push(b't');
                encode_bytes(value.as_bytes(), into);
            }
            Self::List(values) => {
                into.push(b'l');
                into.extend((values.len() as u64).to_le_bytes());
                for value in &values {
                    value.encode(into);
                }
            }
            Self::Map(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by_key(|(key, _)| *key);
                into.push(b'm');
                into.extend((pairs.len() as u64).to_le_bytes());
                for (key, value) in pairs {
                    encode_bytes(key.as_bytes(), into);
                    value.encode(into);
                }
            }
        }
    }
}

/// Appends a length and the bytes.
pub(crate) fn encode_bytes(bytes: &[u8], into: &mut Vec<u8>) {
    into.extend((bytes.len() as u64).to_le_bytes());
    into.extend(bytes);
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        self.encode(&mut a);
        other.encode(&mut b);
        a == b
    }
}

impl fmt::Display for Value {
    /// As one would type it in a params file, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&float_text(*value)),
            Self::Text(value) => f.write_str(value),
            Self::List(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                f.write_str("{")?;
                for (index, (key, value)) in map.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A float as YAML 1.1 readers (`PyYAML`) take for a float too: always with a dot.
fn float_text(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 {
            ".inf".to_owned()
        } else {
            "-.inf".to_owned()
        }
    } else {
        let text = format!("{value:?}");
        match text.split_once('e') {
            Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
            _ => text,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                values
                    .iter()
                    .try_for_each(|value| list.serialize_element(value))?;
                list.end()
            }
            Self::Map(map) => {
                let mut entries = serializer.serialize_map(Some(map.len()))?;
                map.iter()
                    .try_for_each(|(key, value)| entries.serialize_entry(key, value))?;
                entries.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "beyond i64 only a float can hold it"
        )]
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = IndexMap::new();
        while let Some((key, value)) = access.next_entry::<String, Value>()? {
            map.insert(key, value);
        }
        Ok(Value::Map(map))
    }
}
