//! Tests of the charts as SVG. How they look was judged by eye; what can break is kept here.

mod curves;
mod planes;
mod rows;
mod size_curve;

use super::ChartError;

/// The texts of a chart, in the order they are drawn.
fn texts(svg: &str) -> Vec<&str> {
    let after = |part: &'static str| svg.split(part).skip(1);
    after("<text ")
        .filter_map(|text| text.split('\n').nth(1))
        .collect()
}

/// Every number of the chart's geometry must be finite, every text on the card.
fn check(svg: &Result<String, ChartError>) -> &str {
    let svg = svg.as_ref().unwrap();
    assert!(
        svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"),
        "{svg}"
    );
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    assert_eq!(
        svg.matches("<text ").count(),
        svg.matches("</text>").count()
    );
    svg
}
