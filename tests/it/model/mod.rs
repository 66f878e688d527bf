//! A model of whole projects: random stages, edits, runs, crashes and losses, against an oracle that
//! knows what each stage makes of what it reads.
//!
//! After every run that succeeds, each stage's outs hold what the oracle makes of its deps as they lie
//! there; nothing ran whose result was known; `status` had said what was done. The engine is driven
//! through the library, and less often as the real program.
//!
//! `KASLITE_TEST_STEPS` asks for more steps than the few of the test suite, `KASLITE_TEST_SEED` for
//! other ones.

mod builtin;
mod check;
mod definition;
mod disk;
mod driver;
mod edits;
mod laws;
mod library;
mod oracle;
mod program;
mod stage;
mod step;
mod world;
