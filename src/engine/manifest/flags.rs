//! [`flags`]: a map of params as the flags of a command.

use crate::value::Value;

/// A map as flags: `{lr: 0.1, deep: {n: 2}, verbose: true, off: false, names: [a, b]}` is
/// `--lr 0.1 --deep.n 2 --verbose --names a b`. Texts are quoted for the shell where they need it.
///
/// # Errors
/// The dotted key whose list holds a list or a map.
pub(super) fn flags(map: &Value) -> Result<String, String> {
    let mut words = Vec::new();
    for (key, value) in map.leaves("") {
        match &value {
            Value::Bool(true) => words.push(format!("--{key}")),
            // What is off, and an empty map within the map: nothing to hand over.
            Value::Bool(false) | Value::Map(_) => {}
            Value::List(items) => {
                let words_of = items.iter().map(|item| word(item).ok_or(key.clone()));
                let items = words_of.collect::<Result<Vec<_>, _>>()?;
                if !items.is_empty() {
                    words.push(format!("--{key} {}", items.join(" ")));
                }
            }
            Value::Null | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
                words.extend(word(&value).map(|word| format!("--{key} {word}")));
            }
        }
    }
    Ok(words.join(" "))
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(quoted(text)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(value.to_string()),
        Value::List(_) | Value::Map(_) => None,
    }
}

/// A word as a POSIX shell takes it for itself.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use indexmap::IndexMap;

    fn of(pairs: &[(&str, Value)]) -> Result<String, String> {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()));
        flags(&Value::Map(pairs.collect::<IndexMap<_, _>>()))
    }

    #[test]
    fn texts_are_quoted_where_the_shell_would_read_them() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(of(&[("a", text("x.y/z-1"))]), Ok("--a x.y/z-1".to_owned()));
        assert_eq!(of(&[("a", text(""))]), Ok("--a ''".to_owned()));
        assert_eq!(
            of(&[("a", text("it's $x"))]),
            Ok("--a 'it'\"'\"'s $x'".to_owned())
        );
    }

    #[test]
    fn a_list_in_a_list_has_no_flag() {
        let inner = Value::List(vec![Value::List(vec![])]);
        assert_eq!(of(&[("a", inner)]), Err("a".to_owned()));
    }
}
