//! [`parse`]: a params file in Python → tree with places. No code is executed.
//!
//! What is read is what DVC reads: variables of the module, attributes of classes, and what `__init__`
//! sets on `self`, where the value is written out (numbers, texts, lists, …).

use crate::params::text::place;
use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};
use indexmap::IndexMap;
use std::path::Path;
use tree_sitter::{Node as Syntax, Parser};

/// What a name stands for.
enum Named {
    Value(Node),
    /// A class.
    Names(Names),
    /// Something that only running the code would tell.
    Computed,
}

type Names = IndexMap<String, (Place, Named)>;

/// Levels of nesting: more than Python allows, and less than the stack has room for.
const DEEPEST: usize = 1000;

/// The tree of a params file; what only running it would tell is left out.
///
/// # Errors
/// It is no Python, with the line.
pub(super) fn parse(source: &Source) -> Result<Node, Vec<Problem>> {
    let start = place(source, &(0..0));
    Ok(map(start, names(source)?))
}

/// The place of a dotted key whose value only running the code would tell.
pub(crate) fn computed(source: &Source, dotted: &str) -> Option<Place> {
    let ending = Path::new(&source.name).extension()?;
    let names = ending.eq_ignore_ascii_case("py").then(|| names(source));
    let mut names = names?.ok()?;
    let mut parts = dotted.split('.');
    loop {
        let (place, named) = names.swap_remove(parts.next()?)?;
        match named {
            Named::Value(_) => return None,
            Named::Names(below) => names = below,
            Named::Computed => return Some(place),
        }
    }
}

fn map(place: Place, names: Names) -> Node {
    let pairs = names.into_iter().filter_map(|(text, (place, named))| {
        let node = match named {
            Named::Value(node) => node,
            Named::Names(names) => map(place, names),
            Named::Computed => return None,
        };
        Some((Key { text, place }, node))
    });
    let kind = Kind::Map(pairs.collect());
    Node { place, kind }
}

fn names(source: &Source) -> Result<Names, Vec<Problem>> {
    let mut parser = Parser::new();
    let language = tree_sitter_python::LANGUAGE.into();
    let tree = parser.set_language(&language).ok();
    let tree = tree.and_then(|()| parser.parse(&source.text, None));
    let Some(tree) = tree else {
        return Err(vec![Problem::in_file(&source.name, "cannot be parsed")]);
    };
    let root = tree.root_node();
    if let Some(fault) = fault(root) {
        // What lacks its end ends behind the last letter.
        let mut range = fault.byte_range();
        let last = source.text.trim_end().char_indices().last();
        range.start = range.start.min(last.map_or(0, |(at, _)| at));
        let at = place(source, &range);
        return Err(vec![Problem::at(source, at, "not Python")]);
    }
    let mut names = Names::new();
    Reader { source }.block(root, false, &mut names);
    Ok(names)
}

/// The first place that is no Python, or so deep in others that Python would refuse it.
fn fault(root: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut ahead = vec![(root, 0)];
    while let Some((node, depth)) = ahead.pop() {
        if node.is_error() || node.is_missing() || depth > DEEPEST {
            return Some(node);
        }
        let children = children(node).into_iter().rev();
        ahead.extend(children.map(|child| (child, depth + 1)));
    }
    None
}

fn children(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}

/// The children that stand for something: no brackets, commas and comments.
fn items(node: Syntax<'_>) -> Vec<Syntax<'_>> {
    let mut items = children(node);
    items.retain(|item| item.is_named() && item.kind() != "comment");
    items
}

struct Reader<'s> {
    source: &'s Source,
}

impl<'s> Reader<'s> {
    fn text(&self, node: Syntax<'_>) -> &'s str {
        self.source.text.get(node.byte_range()).unwrap_or_default()
    }

    fn place(&self, node: Syntax<'_>) -> Place {
        place(self.source, &node.byte_range())
    }

    /// The names that the statements of a block set; `of_self` looks for `self.name` alone.
    fn block(&self, block: Syntax<'_>, of_self: bool, names: &mut Names) {
        for statement in items(block) {
            match statement.kind() {
                "expression_statement" => {
                    for expression in items(statement) {
                        self.assigned(expression, of_self, names);
                    }
                }
                "decorated_definition" => {
                    if let Some(definition) = statement.child_by_field_name("definition") {
                        self.definition(definition, names);
                    }
                }
                _ => self.definition(statement, names),
            }
        }
    }

    fn definition(&self, node: Syntax<'_>, names: &mut Names) {
        let (Some(name), Some(body)) = (
            node.child_by_field_name("name"),
            node.child_by_field_name("body"),
        ) else {
            return;
        };
        match node.kind() {
            "class_definition" => {
                let mut own = Names::new();
                self.block(body, false, &mut own);
                names.insert(
                    self.text(name).to_owned(),
                    (self.place(name), Named::Names(own)),
                );
            }
            "function_definition" if self.text(name) == "__init__" => {
                self.block(body, true, names);
            }
            _ => {}
        }
    }

    fn assigned(&self, node: Syntax<'_>, of_self: bool, names: &mut Names) {
        let Some(name) = node
            .child_by_field_name("left")
            .and_then(|left| self.target(left, of_self))
        else {
            return;
        };
        let named = match (node.kind(), node.child_by_field_name("right")) {
            ("assignment", Some(right)) => self.value(right).map_or(Named::Computed, Named::Value),
            ("augmented_assignment", _) => Named::Computed,
            // A type without a value.
            _ => return,
        };
        names.insert(self.text(name).to_owned(), (self.place(name), named));
    }

    /// The name that an assignment sets.
    fn target<'t>(&self, left: Syntax<'t>, of_self: bool) -> Option<Syntax<'t>> {
        if !of_self {
            return Some(left).filter(|left| left.kind() == "identifier");
        }
        let object = left.child_by_field_name("object")?;
        let is_self = object.kind() == "identifier" && self.text(object) == "self";
        left.child_by_field_name("attribute").filter(|_| is_self)
    }

    /// A value that is written out.
    fn value(&self, node: Syntax<'_>) -> Option<Node> {
        let kind = match node.kind() {
            "parenthesized_expression" => return self.value(*items(node).first()?),
            "list" | "tuple" | "expression_list" => Kind::List(self.values(node)?),
            "set" => {
                // Its order is no part of it.
                let mut values = self.values(node)?;
                values.sort_by_cached_key(|value| value.to_value().to_string());
                values.dedup_by_key(|value| value.to_value().to_string());
                Kind::List(values)
            }
            "dictionary" => Kind::Map(self.pairs(node)?),
            _ => Kind::Scalar(self.scalar(node)?),
        };
        let place = self.place(node);
        Some(Node { place, kind })
    }

    fn values(&self, node: Syntax<'_>) -> Option<Vec<Node>> {
        items(node)
            .into_iter()
            .map(|item| self.value(item))
            .collect()
    }

    fn pairs(&self, node: Syntax<'_>) -> Option<Vec<(Key, Node)>> {
        let mut pairs: Vec<(Key, Node)> = Vec::new();
        for pair in items(node) {
            let key = pair.child_by_field_name("key")?;
            let value = self.value(pair.child_by_field_name("value")?)?;
            let text = self.scalar(key)?.to_string();
            let place = self.place(key);
            // Of two equal keys the last one counts.
            pairs.retain(|(known, _)| known.text != text);
            pairs.push((Key { text, place }, value));
        }
        Some(pairs)
    }

    fn scalar(&self, node: Syntax<'_>) -> Option<Value> {
        match node.kind() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "none" => Some(Value::Null),
            "integer" => int(self.text(node)),
            "float" => float(self.text(node)),
            "string" => Some(Value::Text(self.string(node)?)),
            "concatenated_string" => {
                let parts = items(node).into_iter().map(|part| self.string(part));
                Some(Value::Text(parts.collect::<Option<String>>()?))
            }
            "unary_operator" => {
                let value = self.scalar(node.child_by_field_name("argument")?)?;
                match (self.text(node.child_by_field_name("operator")?), value) {
                    ("-", Value::Int(number)) => Some(Value::Int(number.checked_neg()?)),
                    ("-", Value::Float(number)) => Some(Value::Float(-number)),
                    ("+", number @ (Value::Int(_) | Value::Float(_))) => Some(number),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn string(&self, node: Syntax<'_>) -> Option<String> {
        let parts = children(node);
        let (first, last) = (parts.first()?, parts.last()?);
        let prefix = self
            .text(*first)
            .trim_end_matches(['"', '\''])
            .to_ascii_lowercase();
        let inside = self.source.text.get(first.end_byte()..last.start_byte())?;
        let inside = inside.replace("\r\n", "\n");
        match prefix.as_str() {
            "" | "u" => unescaped(&inside),
            "r" => Some(inside),
            // Bytes, and text that is computed.
            _ => None,
        }
    }
}

fn int(text: &str) -> Option<Value> {
    let text = text.replace('_', "").to_ascii_lowercase();
    let number = match (text.get(..2), text.get(2..)) {
        (Some("0x"), Some(digits)) => i64::from_str_radix(digits, 16),
        (Some("0o"), Some(digits)) => i64::from_str_radix(digits, 8),
        (Some("0b"), Some(digits)) => i64::from_str_radix(digits, 2),
        _ => text.parse(),
    };
    number.ok().map(Value::Int)
}

fn float(text: &str) -> Option<Value> {
    text.replace('_', "").parse().ok().map(Value::Float)
}

/// The text that stands between quotes.
fn unescaped(inside: &str) -> Option<String> {
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        let escaped = rest.next()?;
        let simple = match escaped {
            '\n' => continue,
            '\\' | '\'' | '"' => escaped,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => code(&mut rest, 2)?,
            'u' => code(&mut rest, 4)?,
            'U' => code(&mut rest, 8)?,
            // A name of Unicode, and what Python itself warns about.
            _ => return None,
        };
        text.push(simple);
    }
    Some(text)
}

fn code(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let digits: String = rest.take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        let (name, text) = ("p.py".to_owned(), text.to_owned());
        Source { name, text }
    }

    #[track_caller]
    fn is(text: &str, json: &str) {
        let value = parse(&source(text)).unwrap().to_value();
        assert_eq!(value, serde_json::from_str::<Value>(json).unwrap());
    }

    #[test]
    fn literals_have_their_values() {
        is(
            "a = 1; b: int = -0x1F\nc = (1_000, .5, 1e-4,)\nd = 1, 2 # two\ne = [\n  True, # yes\n  None]\n",
            r#"{"a": 1, "b": -31, "c": [1000, 0.5, 0.0001], "d": [1, 2], "e": [true, null]}"#,
        );
        is(
            r#"s = 'a\x41\n' "b"
r = r'\d'
t = """x
y"""
n = {"k": {'z': +1}, 2: "ü"}
u = {3, 1, 3}
"#,
            r#"{"s": "aA\nb", "r": "\\d", "t": "x\ny", "n": {"k": {"z": 1}, "2": "ü"}, "u": [1, 3]}"#,
        );
    }

    #[test]
    fn classes_and_what_init_sets() {
        is(
            "import os\n@dataclass\nclass Train(Base):\n    '''Text.'''\n    lr: float = 0.1\n    def __init__(self, x):\n        \
             self.layers = 5\n        bar = 3\n        self.sum = x\n    def other(self):\n        self.no = 1\n    \
             class Inner:\n        n = 1\nif True:\n    no = 1\n",
            r#"{"Train": {"lr": 0.1, "layers": 5, "Inner": {"n": 1}}}"#,
        );
    }

    #[test]
    fn what_is_computed_has_its_place_and_no_value() {
        let text = "a = 1\na = a + 1\nb = f'{a}'\nc = [1, x]\nd = 1\nd += 1\nclass K:\n    e = dict(a=1)\n\
                    x: int\nf = b'1'\ng = 2j\nh = 99999999999999999999\ni = 'ok'\n";
        is(text, r#"{"K": {}, "i": "ok"}"#);
        let line = |key| Some(computed(&source(text), key)?.line);
        assert_eq!(
            ["a", "d", "K.e", "h"].map(line),
            [Some(2), Some(6), Some(8), Some(12)]
        );
        assert_eq!(["i", "x", "K", "K.z"].map(line), [None; 4]);
    }

    #[test]
    fn what_is_no_python_is_told_with_its_line() {
        let problems = parse(&source("a = 1\nb = = 2\n")).unwrap_err();
        assert_eq!(problems[0].place().line, 2);
        let problems = parse(&source("a = (1,\n\n\n")).unwrap_err();
        assert_eq!(problems[0].place().line, 1);
        let deep = format!("a = 1\nb = {}{}\n", "[".repeat(50_000), "]".repeat(50_000));
        let problems = parse(&source(&deep)).unwrap_err();
        assert_eq!(problems[0].place().line, 2);
        is("", "{}");
    }
}
