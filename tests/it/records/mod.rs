//! What run records can do: give a run back, build it again, compare, report.

mod compare;
mod effects;
mod index;
mod inputs;
mod page;
mod replay;
mod report;
mod talk;
