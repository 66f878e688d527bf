//! [`watcher`]: who shows a run while it goes on.

use crate::ui::{Bars, JsonLines, Lines, Talk, Terminal};
use kaslite_engine::event::EventSink;

/// Events as lines of JSON; or else bars where a person watches, lines where nobody does.
pub(crate) fn watcher(terminal: Terminal, json: bool) -> Box<dyn EventSink> {
    if json {
        Box::new(JsonLines(terminal))
    } else if Terminal::is_watched() && terminal.talk() == Talk::News {
        Box::new(Bars::default())
    } else {
        Box::new(Lines::new(terminal))
    }
}
