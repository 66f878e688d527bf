//! [`page`]: all plots on one page of HTML that needs nothing else.

use crate::cli::error::{CliError, Exit};
use crate::cli::plots::drawn::{Drawn, Lacking};
use crate::cli::plots::picture::svg;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, context};

const TEMPLATE: &str = include_str!("page.html");

/// The page; a plot that cannot be drawn is added to `lacking`.
pub(crate) fn page(
    plots: &[Drawn],
    title: &str,
    lacking: &mut Lacking,
) -> Result<String, CliError> {
    let mut shown = Vec::new();
    for plot in plots {
        let picture = if plot.lines.is_empty() {
            None
        } else {
            let drawn = svg(plot);
            drawn
                .map_err(|error| lacking.push(format!("`{}`: {error}", plot.name)))
                .ok()
        };
        let images = plot.pictures.iter().map(|picture| {
            let data = STANDARD.encode(&picture.bytes);
            context! {
                source => format!("data:{};base64,{data}", picture.kind),
                caption => format!("{} ({})", picture.file, picture.side),
            }
        });
        shown.push(context! {
            name => plot.name.clone(),
            svg => picture,
            images => images.collect::<Vec<_>>(),
        });
    }
    let mut environment = Environment::new();
    environment
        .add_template("page.html", TEMPLATE)
        .and_then(|()| environment.get_template("page.html"))
        .and_then(|template| {
            template.render(context! { title, plots => shown, lacking => lacking.clone() })
        })
        .map_err(|error| CliError::from_error(&error, Exit::Internal))
}
