//! Nothing good is ever lost: each way in which disks, clocks, other processes and people fail, by its
//! number in the list of them. Expected is one clear message, no wrong result shown as fresh, no half
//! of a file, and a next `repro` that completes.

mod concurrency;
mod crashes;
mod disk;
mod input;
mod integrity;
mod paths;
mod sizes;
mod time;
pub(crate) mod tools;
