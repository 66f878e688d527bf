//! What users of pipeline runners expect, one test a behaviour, numbered as in our list of them.

mod data;
