//! [`plain`]: text → value, by the YAML 1.2 core schema.

use crate::value::Value;
use saphyr_parser::ScalarStyle;

/// A scalar by the core schema; quoted and block scalars and `!!str` are text.
pub(super) fn scalar(text: &str, style: ScalarStyle, tag: Option<&str>) -> Value {
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
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Value::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Value::Float(f64::NEG_INFINITY),
        _ => number(text).unwrap_or_else(|| Value::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Value> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let plain = digits.chars().all(|c| c.is_digit(radix));
            let int = i64::from_str_radix(digits, radix).ok();
            return int.filter(|_| plain).map(Value::Int);
        }
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
