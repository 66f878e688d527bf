//! What run records can do: give a run back, build it again, compare, report.

mod replay;
