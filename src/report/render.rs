//! Templates: minijinja with the filters that reports use, and errors that name file and line.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::view::ReportView;

/// Shown where nothing was measured.
const NOTHING: &str = "—";
/// Hex digits of a digest that tell it apart from others in one report.
const SHORT_DIGEST: usize = 12;

/// Why a template gave no report.
#[derive(Debug, thiserror::Error)]
#[error("{template}{}: {reason}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct RenderError {
    /// The template's name as given.
    pub template: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong there.
    pub reason: String,
}

/// Fills a template. `template_name` is what errors call it, such as its path.
///
/// The fields of `view` are the template's variables; one that does not exist is an error. Beside
/// minijinja's own there are the filters `num(decimals)`, `percent(decimals)`,
/// `points(decimals)`, `bytes`, `digest` (all show `none` as `—`), `text` (Markdown characters
/// escaped), `message` (the same, backticks stay code) and `code` (inline code, `|` escaped as tables need it).
///
/// # Errors
/// A template that does not parse, asks for what does not exist, or gives a filter the wrong type.
pub fn render(
    template_source: &str,
    template_name: &str,
    view: &ReportView,
) -> Result<String, RenderError> {
    let failed = |error: Error| failed(&error, template_name);
    let environment = environment(Markup::Markdown).map_err(failed)?;
    let template = environment.template_from_named_str(template_name, template_source);
    template
        .and_then(|template| template.render(Serde(view)))
        .map_err(failed)
}

/// What a template writes: filters escape for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// An error of a template with its file and line; `name` is the template's, where the error names none.
pub fn failed(error: &Error, name: &str) -> RenderError {
    RenderError {
        template: error.name().unwrap_or(name).to_owned(),
        line: error.line(),
        reason: reason(error),
    }
}

/// minijinja with the filters that reports use.
///
/// # Errors
/// None in practice: its syntax is that of a constant.
pub fn environment(markup: Markup) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(move |_| match markup {
        Markup::Markdown => AutoEscape::None, // Markdown has filters of its own.
        Markup::Html => AutoEscape::Html,
    });
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_filter("num", |value: Value, decimals: usize| {
        number(&value, |number| format!("{number:.decimals$}"))
    });
    environment.add_filter("percent", |value: Value, decimals: usize| {
        number(&value, |number| format!("{:.decimals$} %", number * 100.0))
    });
    environment.add_filter("points", |value: Value, decimals: usize| {
        number(&value, |number| format!("{:+.decimals$}", number * 100.0))
    });
    environment.add_filter("bytes", |value: Value| number(&value, bytes));
    let short = |digest: &str| digest.chars().take(SHORT_DIGEST).collect::<String>();
    match markup {
        Markup::Markdown => {
            environment.add_filter("digest", move |value: Value| {
                string(&value, |digest| code(&short(digest)))
            });
            environment.add_filter("text", |value: Value| string(&value, text));
            environment.add_filter("message", |value: Value| string(&value, message));
            environment.add_filter("code", |value: Value| string(&value, code));
        }
        Markup::Html => {
            environment.add_filter("digest", move |value: Value| {
                safe(&value, |digest| html_code(&short(digest)))
            });
            environment.add_filter("text", |value: Value| safe(&value, html_text));
            environment.add_filter("message", |value: Value| safe(&value, html_message));
            environment.add_filter("code", |value: Value| safe(&value, html_code));
        }
    }
    Ok(environment)
}

/// HTML, which is not escaped once more.
fn safe(value: &Value, shown: impl Fn(&str) -> String) -> Result<Value, Error> {
    string(value, shown).map(Value::from_safe_string)
}

fn html_text(plain: &str) -> String {
    let plain = plain.replace('&', "&amp;").replace('<', "&lt;");
    plain.replace('>', "&gt;").replace('"', "&quot;")
}

fn html_code(plain: &str) -> String {
    if plain.trim().is_empty() {
        return NOTHING.to_owned();
    }
    format!("<code>{}</code>", html_text(plain))
}

/// A message of kaslite: literals in backticks are code.
fn html_message(plain: &str) -> String {
    let parts: Vec<&str> = plain.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html_text(plain);
    }
    let part = |(index, part): (usize, &&str)| match index % 2 {
        1 => html_code(part),
        _ => html_text(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Shows a number; `—` for `none` and for what is not finite.
fn number(value: &Value, shown: impl Fn(f64) -> String) -> Result<String, Error> {
    if value.is_none() {
        return Ok(NOTHING.to_owned());
    }
    let number = f64::try_from(value.clone()).map_err(|_| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("{value:?} is no number"),
        )
    })?;
    Ok(if number.is_finite() {
        unsigned_zero(shown(number))
    } else {
        NOTHING.to_owned()
    })
}

/// `-0.00` and `+0.00` as `0.00`.
fn unsigned_zero(shown: String) -> String {
    let signed = shown.starts_with(['-', '+']);
    let zero = !shown.contains(|digit: char| digit.is_ascii_digit() && digit != '0');
    if signed && zero {
        shown[1..].to_owned()
    } else {
        shown
    }
}

fn string(value: &Value, shown: impl Fn(&str) -> String) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if value.is_none() {
        return Ok(NOTHING.to_owned());
    }
    Ok(match value.as_str() {
        Some(plain) => shown(plain),
        None => shown(&value.to_string()),
    })
}

fn bytes(size: f64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    if size < 1024.0 {
        return format!("{size:.0} B");
    }
    let mut scaled = size / 1024.0;
    let mut unit = units[0];
    for larger in &units[1..] {
        if scaled < 1024.0 {
            break;
        }
        scaled /= 1024.0;
        unit = larger;
    }
    format!("{scaled:.1} {unit}")
}

/// Text in which no character is Markdown's.
fn text(plain: &str) -> String {
    escaped(&one_line(plain))
}

fn escaped(plain: &str) -> String {
    let mut escaped = String::new();
    for character in plain.chars() {
        if "\\`*_[]<>|#~&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A message of kaslite: text with literals in backticks, which stay code.
fn message(plain: &str) -> String {
    let parts: Vec<_> = plain.split('`').collect();
    if parts.len() % 2 == 0 {
        return text(plain); // A backtick without its pair quotes nothing.
    }
    let part = |(index, part): (usize, &&str)| match (index % 2, part.is_empty()) {
        (1, false) => code(part),
        _ => escaped(&part.replace(char::is_whitespace, " ")),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Inline code, fit for the cell of a table.
fn code(plain: &str) -> String {
    if plain.trim().is_empty() {
        return NOTHING.to_owned();
    }
    let plain = one_line(plain).replace('|', "\\|");
    let longest = plain
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{plain}{space}{fence}")
}

fn one_line(plain: &str) -> String {
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What minijinja says, with its causes, on one line.
fn reason(error: &Error) -> String {
    let detail = error
        .detail()
        .map(|detail| format!(": {detail}"))
        .unwrap_or_default();
    let mut reason = format!("{}{detail}", error.kind());
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        reason = format!("{reason}: {inner}");
        cause = inner.source();
    }
    reason
}

#[cfg(test)]
mod tests;
