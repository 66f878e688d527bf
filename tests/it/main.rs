//! Black-box tests: the programs as a person runs them, in projects of their own, and rules that the
//! sources keep.

mod behaviours;
mod broken;
mod cache;
mod changes;
mod commands;
mod crashes;
mod dag;
mod declaration;
mod diff;
mod failures;
mod folders;
mod freshness;
mod given;
mod interpolation;
mod json;
mod kills;
mod metrics;
mod outs;
mod params;
mod place;
mod programs;
mod refusals;
mod remembered;
mod runs;
mod schedule;
mod selection;
mod special;
mod status;
mod support;
mod terminal;
mod texts;
mod tidy;
mod tour;
mod training;
mod why;
