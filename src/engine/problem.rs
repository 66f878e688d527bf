//! [`Problem`]: one thing that is wrong in a file, with the place, the text and a hint.

use std::fmt;

/// A text file that problems point into.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name shown to people: the path relative to the project.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A place in a file; line and column count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Number of characters to underline.
    pub width: usize,
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    file: String,
    place: Place,
    excerpt: Option<String>,
    message: String,
    hint: Option<String>,
}

impl Problem {
    /// A problem at a place of a source.
    pub fn at(source: &Source, place: Place, message: impl Into<String>) -> Self {
        let excerpt = place
            .line
            .checked_sub(1)
            .and_then(|index| source.text.lines().nth(index));
        Self {
            file: source.name.clone(),
            place,
            excerpt: excerpt.map(str::to_owned),
            message: message.into(),
            hint: None,
        }
    }

    /// A problem of a file as a whole (missing, unreadable).
    pub fn in_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: Place::default(),
            excerpt: None,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds `did you mean` with the closest of `names`, if one is close.
    #[must_use]
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(wrong, names) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// The file it is in.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The message without place and hint.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The name closest to `wrong`, where one is close enough to be meant.
pub fn closest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, name)| *distance <= (wrong.len().max(name.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.place.line > 0 {
            write!(f, ":{}", self.place.line)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(excerpt) = &self.excerpt {
            let number = self.place.line.to_string();
            let blank = " ".repeat(number.len());
            let indent = " ".repeat(self.place.column.saturating_sub(1));
            let room = excerpt
                .chars()
                .count()
                .saturating_sub(self.place.column.saturating_sub(1));
            let marks = "^".repeat(self.place.width.clamp(1, room.max(1)));
            write!(f, "\n  {number} | {excerpt}\n  {blank} | {indent}{marks}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
