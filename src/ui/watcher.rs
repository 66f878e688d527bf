//! [`watcher`]: who shows a run while it goes on.

use crate::ui::{Bars, JsonLines, Lines, Talk, Terminal};
use kaslite_engine::event::EventSink;

/// Events as lines of JSON; or else bars where a person watches, lines where nobody does. The run is
/// `named` so.
pub(crate) fn watcher<'a>(
    terminal: Terminal,
    json: bool,
    named: impl Fn() -> Option<String> + Sync + 'a,
) -> Box<dyn EventSink + 'a> {
    if json {
        Box::new(JsonLines(terminal))
    } else if Terminal::is_watched() && terminal.talk() == Talk::News {
        Box::new(Bars::new(terminal, Box::new(named)))
    } else {
        Box::new(Lines::new(terminal))
    }
}
