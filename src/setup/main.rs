//! `cargo xtask`: the set-up and the workshop of kaslite.
//!
//! | module | holds |
//! |---|---|
//! | [`command`] | the sub-commands and the help |
//! | [`environment`] | what the set-up knows of the machine and the user's wishes |
//! | [`libtorch`] | which libtorch the checkout uses: the user's, the linked one, the cached one, a fetched one |
//! | [`fetch`] | one fetch into the per-user cache: lock, download, unpack, rename |
//! | [`recipe`] | how a libtorch is made for a [`platform`] and a [`flavour`], out of which [`source`]s |
//! | [`pip`] · [`diagnosis`] · [`wheel`] · [`compiler`] | the tools that a fetch drives |
//! | [`folder`] | is this folder a whole libtorch of the right version |
//! | [`link`] | `.libtorch` in the checkout |
//! | [`cargo`] · [`tally`] | build, check, test; the closing line of `test` |
//! | [`failure`] · [`say`] | how a failure reads, and the one way to the terminal |
//!
//! Standard library only, so that the first `cargo xtask` compiles in a moment.

mod cargo;
mod command;
mod compiler;
mod diagnosis;
mod environment;
mod failure;
mod fetch;
mod flavour;
mod folder;
mod libtorch;
mod link;
mod pip;
mod platform;
mod recipe;
mod say;
#[cfg(test)]
mod scenarios;
mod source;
mod tally;
#[cfg(test)]
mod testing;
mod wheel;

use std::process::ExitCode;

fn main() -> ExitCode {
    match command::run(std::env::args_os().skip(1).collect()) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            say::failure(&failure);
            ExitCode::from(failure.code)
        }
    }
}
