//! [`Templates`]: ours, and those of a user that may extend them.

use crate::report::render::{Markup, RenderError, environment, failed};
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Ours, by the names by which others extend them.
const OURS: [(&str, &str); 7] = [
    (
        "kaslite/base.html.j2",
        include_str!("../../templates/base.html.j2"),
    ),
    (
        "kaslite/REPORT.html.j2",
        include_str!("../../templates/REPORT.html.j2"),
    ),
    (
        "kaslite/REPORT.md.j2",
        include_str!("../../templates/REPORT.md.j2"),
    ),
    (
        "kaslite/STAGE.html.j2",
        include_str!("../../templates/STAGE.html.j2"),
    ),
    (
        "kaslite/STAGE.md.j2",
        include_str!("../../templates/STAGE.md.j2"),
    ),
    (
        "kaslite/RUNS.html.j2",
        include_str!("../../templates/RUNS.html.j2"),
    ),
    (
        "kaslite/RUNS.md.j2",
        include_str!("../../templates/RUNS.md.j2"),
    ),
];

/// The pictures of a report: the path by which it names them → SVG.
pub type Pictures = BTreeMap<String, String>;

/// Ours, and those of a user that may extend them.
#[derive(Debug, Default)]
pub struct Templates {
    /// Name → text, of the user.
    own: Vec<(String, String)>,
    /// The one that is filled.
    chosen: Option<String>,
}

impl Templates {
    /// The template at a path, and those beside it, which it may include or extend.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of_user(path: &Path, shown: &str) -> Result<Self, RenderError> {
        let read = |path: &Path| std::fs::read_to_string(path);
        let text = read(path).map_err(|error| RenderError {
            template: shown.to_owned(),
            line: None,
            reason: error.to_string(),
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let beside = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut own: Vec<(String, String)> = beside
            .map(|entry| entry.path())
            .filter(|other| other != path && other.extension().is_some_and(|ending| ending == "j2"))
            .filter_map(|other| Some((other.file_name()?.to_str()?.to_owned(), read(&other).ok()?)))
            .collect();
        own.push((shown.to_owned(), text));
        Ok(Self {
            own,
            chosen: Some(shown.to_owned()),
        })
    }

    /// Fills the user's template, or else ours of this name. In HTML, `svg(path)` is a picture.
    ///
    /// # Errors
    /// A template that does not parse, or asks for what does not exist; with its file and line.
    pub fn fill(
        &self,
        ours: &str,
        view: &impl Serialize,
        pictures: Pictures,
    ) -> Result<String, RenderError> {
        let name = self.chosen.as_deref().unwrap_or(ours);
        let mut environment = self.environment(name, ours)?;
        environment.add_function("svg", move |path: &str| {
            pictures
                .get(path)
                .map(|svg| Value::from_safe_string(svg.clone()))
        });
        let template = environment.get_template(name);
        template
            .and_then(|template| template.render(Serde(view)))
            .map_err(|error| failed(&error, name))
    }

    fn environment(&self, name: &str, ours: &str) -> Result<Environment<'static>, RenderError> {
        // A template of a user may be called anything: what it stands for says what it writes.
        let markup = if ours.contains(".html") {
            Markup::Html
        } else {
            Markup::Markdown
        };
        let mut environment = environment(markup).map_err(|error| failed(&error, name))?;
        for (name, text) in OURS {
            let added = environment.add_template(name, text);
            added.map_err(|error| failed(&error, name))?;
        }
        for (name, text) in &self.own {
            let added = environment.add_template_owned(name.clone(), text.clone());
            match added {
                Ok(()) => {}
                // One beside it that is not used does no harm.
                Err(_) if Some(name) != self.chosen.as_ref() => {}
                Err(error) => return Err(failed(&error, name)),
            }
        }
        Ok(environment)
    }
}
