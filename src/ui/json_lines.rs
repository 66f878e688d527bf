//! [`JsonLines`]: every event as one JSON object a line on stdout.

use crate::ui::Terminal;
use kaslite_engine::event::{Event, EventSink};

/// Events for programs.
pub(crate) struct JsonLines(pub(crate) Terminal);

impl EventSink for JsonLines {
    fn emit(&self, event: &Event) {
        // Events are plain data: they always serialise.
        if let Ok(line) = serde_json::to_string(event) {
            self.0.data(line);
        }
    }
}
