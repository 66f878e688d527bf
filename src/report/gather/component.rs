//! [`Component`]: one part of the report on its way.

use crate::report::chart::ChartError;
use crate::report::sources::{Source, Sources};
use crate::report::view::{FigureView, Section};
use kaslite_track::table::TableError;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A picture to be written beside the report.
pub(in crate::report) struct Figure {
    pub(in crate::report) name: String,
    pub(in crate::report) svg: String,
}

/// Why a part cannot be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum GatherError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Chart(#[from] ChartError),
    #[error("{0}")]
    Other(String),
    /// A picture that there is nothing for.
    #[error("{reason}")]
    NotAsked { reason: String, to_enable: String },
}

/// What is said of a part that panicked.
const FAULT: &str = "This is a fault of kaslite (it panicked): please report it.";

/// What the parts share: where the figures go, and those drawn so far.
pub(super) struct Component<'a> {
    pub(super) sources: &'a Sources,
    link: &'a str,
    pub(super) figures: Vec<Figure>,
}

impl<'a> Component<'a> {
    pub(super) fn new(sources: &'a Sources, link: &'a str) -> Self {
        Self {
            sources,
            link,
            figures: Vec::new(),
        }
    }

    /// A part that is made from what the stage `uses` made.
    pub(super) fn section<T>(
        &mut self,
        uses: &str,
        read: impl FnOnce(&mut Self, &Source) -> Result<T, GatherError>,
    ) -> Section<T> {
        let Some(source) = self.sources.of(uses) else {
            return Section::Disabled {
                reason: format!(
                    "The stage of this report reads no out of a stage that uses `{uses}`."
                ),
                to_enable: format!(
                    "Add a stage with `uses: {uses}` to the pipeline, and its out to the `deps` of this one."
                ),
            };
        };
        let source = source.clone();
        if let Some(reason) = self.sources.why_unmade(&source) {
            return Section::Failed {
                reason: capitalised(&reason),
            };
        }
        if source.content.is_none() {
            let stage = source.stage.as_deref().unwrap_or(uses);
            return Section::Disabled {
                reason: format!("The stage `{stage}` has not made `{}` yet.", source.path),
                to_enable: format!("`kaslite repro {stage}` makes it."),
            };
        }
        guarded(|| match read(self, &source) {
            Ok(content) => Section::Success(content),
            Err(error) => Section::Failed {
                reason: sentence(&error),
            },
        })
    }

    /// Keeps a chart; one that could not be drawn, or that panicked, is told in its place.
    pub(super) fn draw(
        &mut self,
        name: &str,
        description: &str,
        svg: impl FnOnce() -> Result<String, GatherError>,
    ) -> FigureView {
        let svg = catch_unwind(AssertUnwindSafe(svg));
        let svg = svg.unwrap_or_else(|_| Err(GatherError::Other(FAULT.to_owned())));
        let mut view = FigureView {
            name: name.to_owned(),
            description: description.to_owned(),
            ..FigureView::default()
        };
        match svg {
            Ok(svg) => {
                let name = format!("{name}.svg");
                view.path = format!("{}/{name}", self.link);
                self.figures.push(Figure { name, svg });
            }
            Err(GatherError::NotAsked { reason, to_enable }) => {
                (view.missing, view.to_enable) = (Some(reason), Some(to_enable));
            }
            Err(error) => view.missing = Some(sentence(&error)),
        }
        view
    }
}

/// A part that panics has failed, and takes no other with it.
pub(super) fn guarded<T>(part: impl FnOnce() -> Section<T>) -> Section<T> {
    catch_unwind(AssertUnwindSafe(part)).unwrap_or_else(|_| Section::Failed {
        reason: FAULT.to_owned(),
    })
}

/// An error with its causes as a sentence.
pub(super) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    capitalised(&text)
}

/// A fragment as a sentence.
pub(super) fn capitalised(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_panics_fails_alone() {
        let sources = Sources {
            title: String::new(),
            root: std::path::PathBuf::new(),
            all: Vec::new(),
            unmade: crate::unmade::Unmade::default(),
            origins: crate::origins::Origins::default(),
        };
        let mut component = Component::new(&sources, "figures");
        let failed = component.draw("a", "one", || panic!("out of range"));
        let drawn = component.draw("b", "another", || Ok("<svg/>".to_owned()));
        assert!(
            failed
                .missing
                .is_some_and(|why| why.contains("fault of kaslite"))
        );
        assert_eq!(
            (drawn.path.as_str(), drawn.missing),
            ("figures/b.svg", None)
        );
        assert_eq!(component.figures.len(), 1);
    }

    #[test]
    fn a_part_that_panics_fails_alone() {
        let part: Section<()> = guarded(|| panic!("out of range"));
        let component = part.component("training");
        assert_eq!(component.status, "failed");
        assert!(
            component
                .reason
                .is_some_and(|reason| reason.contains("fault of kaslite"))
        );
    }
}
