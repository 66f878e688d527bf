//! [`Problem`]: one thing that is wrong in a file, with the place, the text and a hint.

use crate::problem::excerpt::Excerpt;
use crate::problem::shown::shown;
use crate::problem::{Place, Source, closest};
use std::fmt;

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
    /// A problem at a place of a source. The end of a text is a place in its last line.
    pub fn at(source: &Source, place: Place, message: impl Into<String>) -> Self {
        let last = source.lines().count();
        let place = Place {
            line: place.line.min(last),
            ..place
        };
        Self {
            file: source.name.clone(),
            place,
            excerpt: source.line(place.line).map(str::to_owned),
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

    /// Adds what to do about it, where something is known.
    #[must_use]
    pub(crate) fn maybe_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Adds `did you mean` with the closest of `names`, if one is close.
    #[must_use]
    pub fn suggest<'a>(self, wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        let near = closest(wrong, names);
        self.maybe_hint(near.map(|name| format!("did you mean `{name}`?")))
    }

    /// The file it is in.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where in the file; line 0 where the whole file is meant.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The message without place and hint.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Adds it to the others, unless the same is said of the same place already.
    pub(crate) fn add_to(self, problems: &mut Vec<Self>) {
        let same = |other: &Self| {
            other.place == self.place && other.message == self.message && other.file == self.file
        };
        if !problems.iter().any(same) {
            problems.push(self);
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.place.line > 0 {
            write!(f, ":{}", self.place.line)?;
        }
        write!(f, ": {}", shown(&self.message))?;
        if let Some(line) = &self.excerpt {
            let place = self.place;
            write!(f, "{}", Excerpt { place, line })?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", shown(hint))?;
        }
        Ok(())
    }
}
