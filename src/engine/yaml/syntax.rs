//! [`explain`]: what the parser says, in words for the person who wrote the file.
//!
//! The parser names the rule of the grammar that broke, and the character at which it noticed. The
//! mistakes that people make are few; each is told by the text around that character.

use crate::problem::{Place, Problem, Source};

/// The problem behind an error of the parser at a place; `open` is where the innermost list or map
/// begins that is not at its end.
pub(super) fn explain(source: &Source, info: &str, at: Place, open: Option<Place>) -> Problem {
    let at = within(source, at);
    let fault = Fault { source, at, open };
    let known = match info {
        "mapping values are not allowed in this context" => Some(fault.colon()),
        "while parsing a block mapping, did not find expected key"
        | "while parsing a block collection, did not find expected '-' indicator"
        | "invalid indentation" => Some(fault.indentation()),
        "while parsing node, found unknown anchor"
        | "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
            Some(fault.anchor())
        }
        "found unprintable character" => Some(fault.say(
            "a control character, which YAML does not allow",
            "remove it",
        )),
        "misplaced bracket" => Some(fault.say(
            "this bracket closes nothing",
            "remove it, or add the one that it closes",
        )),
        "recursion limit exceeded" => Some(fault.say(
            "nested too deeply",
            "a file may nest lists and maps 128 levels deep",
        )),
        "simple key expect ':'" | "simple key expected" => Some(fault.no_colon()),
        "block sequence entries are not allowed in this context" => Some(fault.say(
            "a list with `-` cannot begin on the line of its key",
            "put each `- …` on a line of its own, or write `[a, b]`",
        )),
        "while parsing a quoted scalar, found unknown escape character" => Some(fault.say(
            "an escape that YAML does not know, in double quotes",
            "write `\\\\` for one backslash, or put the text in single quotes",
        )),
        "invalid trailing content after double-quoted scalar" => Some(fault.after_quote()),
        _ if info.starts_with("tab") => Some(fault.tab()),
        _ if info.contains("quoted scalar") => Some(fault.quote(info)),
        _ if info.starts_with("unexpected character") => Some(fault.reserved()),
        _ => fault.bracket(),
    };
    known.unwrap_or_else(|| Problem::at(source, at, format!("not valid YAML: {info}")))
}

struct Fault<'a> {
    source: &'a Source,
    at: Place,
    open: Option<Place>,
}

impl Fault<'_> {
    fn say(&self, message: &str, hint: &str) -> Problem {
        Problem::at(self.source, self.at, message).hint(hint)
    }

    fn line(&self, number: usize) -> &str {
        self.source.line(number).unwrap_or_default()
    }

    /// The text of the line before and from the place on.
    fn around(&self) -> (String, String) {
        let characters = self.line(self.at.line).chars();
        let before = characters.clone().take(self.at.column.saturating_sub(1));
        let after = characters.skip(self.at.column.saturating_sub(1));
        (before.collect(), after.collect())
    }

    fn tab(&self) -> Problem {
        let line = self.line(self.at.line);
        let tab = line.chars().position(|c| c == '\t').unwrap_or_default();
        let place = Place {
            column: tab + 1,
            width: 1,
            ..self.at
        };
        Problem::at(self.source, place, "a tab in the indentation")
            .hint("YAML indents with spaces only")
    }

    /// A `:` where no key can be: within a value, or after a line that lacks one.
    fn colon(&self) -> Problem {
        let (before, after) = self.around();
        if let Some((key, value)) = before.split_once(": ") {
            let value = format!("{}{}", value.trim(), after.trim_end());
            let key = key.trim_start_matches([' ', '-']);
            let hint = if value.starts_with(['{', '[']) || self.brackets().is_some() {
                "quote text that holds `: `".to_owned()
            } else if !value.contains('"') {
                format!("quote the value: `{key}: \"{value}\"`")
            } else if !value.contains('\'') {
                format!("quote the value: `{key}: '{value}'`")
            } else {
                format!("put the value on the next line, indented, below `{key}: |`")
            };
            return self.say("a second `: ` on one line", &hint);
        }
        self.no_key(self.at.line - 1).unwrap_or_else(|| {
            let place = whole_line(self.at.line, self.line(self.at.line));
            Problem::at(
                self.source,
                place,
                "this key is indented deeper than its place",
            )
            .hint("the keys of one map begin in the same column")
        })
    }

    fn no_colon(&self) -> Problem {
        self.bracket()
            .or_else(|| self.no_key(self.at.line))
            .unwrap_or_else(|| self.say("a key without its `:`", "a key ends with `:`"))
    }

    /// The first of the lines that end with `last` and have no key.
    fn no_key(&self, last: usize) -> Option<Problem> {
        let keyless = |number: &usize| {
            let text = self.line(*number).trim();
            !text.contains(": ") && !text.ends_with(':') && !text.starts_with('#')
        };
        let run = (1..=last).rev().take_while(keyless);
        let number = run
            .filter(|number| !self.line(*number).trim().is_empty())
            .last()?;
        let line = self.line(number);
        let text = line.trim();
        let place = whole_line(number, line);
        Some(match text.split_once(':') {
            Some((key, value)) => {
                Problem::at(self.source, place, format!("no blank after `{key}:`"))
                    .hint(format!("write `{key}: {value}`"))
            }
            None => Problem::at(
                self.source,
                place,
                format!("`{text}` is no key: it lacks a `:`"),
            )
            .hint("a key ends with `:`; text of several lines needs `|` after its key"),
        })
    }

    /// A line that begins in a column that fits none above; or text that goes on after its quotes.
    fn indentation(&self) -> Problem {
        let (before, _) = self.around();
        if !before.trim_matches([' ', '-']).is_empty() {
            return self.after_quote();
        }
        let line = self.line(self.at.line);
        let message = "the indentation fits no line above";
        Problem::at(self.source, whole_line(self.at.line, line), message)
            .hint("keys of one map, and `-` of one list, begin in the same column")
    }

    fn after_quote(&self) -> Problem {
        if let Some(problem) = self.bracket() {
            return problem;
        }
        self.say(
            "text goes on after its closing quote",
            "put quotes around all of it; `''` is one `'` within single quotes",
        )
    }

    fn anchor(&self) -> Problem {
        let (_, after) = self.around();
        let end = after.find([' ', ',', ']', '}']).unwrap_or(after.len());
        let word = &after[..end];
        let place = Place {
            width: word.chars().count().max(1),
            ..self.at
        };
        let message = if word.starts_with('&') {
            format!("`{word}` is no name of an anchor")
        } else {
            format!("`{word}` is an alias, and nothing has that anchor")
        };
        Problem::at(self.source, place, message).hint(format!(
            "quote text that begins with `*` or `&`: `\"{word}\"`"
        ))
    }

    fn reserved(&self) -> Problem {
        let (_, after) = self.around();
        let first = after.chars().next().unwrap_or_default();
        let message = format!("text cannot begin with `{first}`");
        self.say(&message, "put it in quotes")
    }

    fn quote(&self, info: &str) -> Problem {
        if info.contains("escape") || info.contains("hexadecimal") {
            let hint = "`\\` begins an escape in double quotes, not in single quotes";
            return self.say("an escape that is not complete", hint);
        }
        self.say(
            "a quote that is not closed",
            "close it on the same line, or indent the lines it goes on in",
        )
    }

    /// The innermost `[` or `{` that is not closed yet, and what closes it.
    fn brackets(&self) -> Option<(Place, char, char)> {
        let open = self.open?;
        let column = open.column.checked_sub(1)?;
        match self.line(open.line).chars().nth(column)? {
            '[' => Some((open, '[', ']')),
            '{' => Some((open, '{', '}')),
            _ => None,
        }
    }

    /// A `[` or `{` that is not closed, or something within it that cannot be there.
    fn bracket(&self) -> Option<Problem> {
        let (open, bracket, close) = self.brackets()?;
        let (before, after) = self.around();
        if before.ends_with('$') && after.starts_with('{') && self.at.line == open.line {
            return Some(self.parameter(&before, &after));
        }
        if self.at.line == open.line && !after.is_empty() {
            let message = format!("neither `,` nor `{close}` follows here");
            let hint = "separate with `,`; quote text that holds any of `[]{},:`";
            return Some(self.say(&message, hint));
        }
        let place = Place { width: 1, ..open };
        let message = format!("`{bracket}` is not closed");
        Some(Problem::at(self.source, place, message).hint(format!("a `{close}` is missing")))
    }

    /// `${…}` without quotes between brackets, where YAML takes `{` for a map.
    fn parameter(&self, before: &str, after: &str) -> Problem {
        let start = before.rfind(['[', '{', ',', ' ']).map_or(0, |at| at + 1);
        let inside = after.find('}').map_or(after.len(), |at| at + 1);
        let end = after[inside..]
            .find([',', ']', '}', ' '])
            .map_or(after.len(), |at| inside + at);
        let text = format!("{}{}", &before[start..], &after[..end]);
        let place = Place {
            column: before[..start].chars().count() + 1,
            width: text.chars().count(),
            ..self.at
        };
        Problem::at(self.source, place, "`${…}` within brackets needs quotes")
            .hint(format!("write `\"{text}\"`"))
    }
}

/// The place, or the end of the text where the parser names a line after the last.
fn within(source: &Source, at: Place) -> Place {
    let last = source.lines().count();
    if at.line <= last {
        return at;
    }
    let column = source.line(last).map_or(0, |line| line.chars().count()) + 1;
    Place {
        line: last,
        column,
        width: 1,
    }
}

/// The text of a line without the blanks around it.
fn whole_line(number: usize, line: &str) -> Place {
    let text = line.trim();
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    Place {
        line: number,
        column: indent + 1,
        width: text.chars().count().max(1),
    }
}
