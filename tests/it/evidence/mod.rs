//! What the seeds are worth, as a whole project shows it: in REPORT.md, in JSON and by `kaslite verdict`.

mod bad_input;
mod model_file;
mod origin;
mod planted;
mod project;
