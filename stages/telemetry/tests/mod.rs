//! The dictionary is what the code says; a number that is none reaches no file unmarked.

mod dictionary;
mod marks;
