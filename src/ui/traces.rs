//! [`Traces`]: what commands opened, as a table after the run.

use crate::ui::{Table, Terminal, plural};
use kaslite_engine::event::{Event, EventSink};
use std::sync::{Mutex, PoisonError};

/// What was traced of a stage.
struct Traced {
    stage: String,
    undeclared: Vec<String>,
    unopened: Vec<String>,
}

/// What commands opened, as a table after the run.
#[derive(Default)]
pub(crate) struct Traces(Mutex<Vec<Traced>>);

impl Traces {
    /// The table, and the lines that `deps:` lack.
    pub(crate) fn show(self, terminal: Terminal) {
        let traced = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if traced.is_empty() {
            terminal.note("nothing was traced: no command ran (`-f` runs what is fresh)");
            return;
        }
        let mut table = Table::new(&["Stage", "File", ""]);
        let mut rows = 0;
        for one in &traced {
            let undeclared = one
                .undeclared
                .iter()
                .map(|path| (path, "read, not declared"));
            let unopened = one
                .unopened
                .iter()
                .map(|path| (path, "declared, never opened"));
            for (path, what) in undeclared.chain(unopened) {
                table.row([one.stage.clone(), path.clone(), what.to_owned()]);
                rows += 1;
            }
        }
        if rows == 0 {
            let stages = plural(traced.len(), "stage");
            terminal.note(format_args!(
                "{stages} traced: what was read is declared, what is declared was read"
            ));
            return;
        }
        terminal.note(table.text());
        for one in traced.iter().filter(|one| !one.undeclared.is_empty()) {
            terminal.note(format_args!("\nfor the `deps:` of {}:", one.stage));
            for path in &one.undeclared {
                terminal.note(format_args!("      - {path}"));
            }
        }
    }
}

impl EventSink for Traces {
    fn emit(&self, event: &Event) {
        if let Event::StageTraced {
            stage,
            undeclared,
            unopened,
        } = event
        {
            let mut traced = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            traced.push(Traced {
                stage: stage.clone(),
                undeclared: undeclared.clone(),
                unopened: unopened.clone(),
            });
        }
    }
}
