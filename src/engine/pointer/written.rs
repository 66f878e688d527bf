//! [`Pointer`]: the file that stands for data.

use crate::error::EngineError;
use crate::fingerprint::Content;
use crate::fs;
use crate::pointer::ENDING;
use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::yaml;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Data that a small file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The data.
    pub path: RelPath,
    /// What it holds.
    pub content: Content,
}

#[derive(Serialize, Deserialize)]
struct Text {
    path: String,
    #[serde(flatten)]
    content: Content,
}

impl Pointer {
    /// The pointer of `path`.
    pub fn file_of(path: &RelPath) -> RelPath {
        RelPath::root().join(&format!("{path}{ENDING}"))
    }

    /// Its own file.
    pub fn file(&self) -> RelPath {
        Self::file_of(&self.path)
    }

    /// The text of a pointer that lies at `file`.
    ///
    /// # Errors
    /// It is none, with the line.
    pub fn parse(file: &RelPath, text: &str) -> Result<Self, EngineError> {
        let source = Source {
            name: file.to_string(),
            text: text.to_owned(),
        };
        let wrong = |place, message: String| {
            let problem = Problem::at(&source, place, message);
            let hint = "`kaslite add` writes it anew from the data";
            EngineError::Problems(vec![problem.hint(hint)])
        };
        let read = yaml::from_text::<Text>(text);
        let read =
            read.map_err(|(message, place)| wrong(place, format!("no pointer: {message}")))?;
        let own = file.as_str().strip_suffix(ENDING).unwrap_or_default();
        let path = RelPath::root().join(own);
        if path.name() != read.path {
            let place = crate::problem::Place::default();
            let message = format!("names `{}`, not `{}`", read.path, path.name());
            return Err(wrong(place, message));
        }
        let content = read.content;
        Ok(Self { path, content })
    }

    /// The pointer at `file`, where there is one.
    ///
    /// # Errors
    /// It cannot be read, or is none.
    pub fn read(root: &Path, file: &RelPath) -> Result<Option<Self>, EngineError> {
        let text = fs::read_if_exists(&file.under(root))?;
        text.map(|text| Self::parse(file, &text)).transpose()
    }

    /// Writes it beside the data.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, root: &Path) -> Result<(), EngineError> {
        let body = yaml::to_text(&Text {
            path: self.path.name().to_owned(),
            content: self.content.clone(),
        });
        let path = &self.path;
        let text = format!(
            "# `kaslite checkout {path}` brings the data back, `kaslite add {path}` takes in a change\n{body}"
        );
        Ok(fs::write_atomic(&self.file().under(root), text.as_bytes())?)
    }
}
