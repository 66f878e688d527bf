/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// There is nothing to draw.
    #[error("there are no {0} to draw")]
    NoData(&'static str),
    /// The drawing library refused.
    #[error("cannot draw: {0}")]
    Draw(String),
}
