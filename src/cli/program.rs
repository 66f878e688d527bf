//! [`main`]: parse, dispatch, print the error, exit code.

use crate::cli::arguments::{Arguments, Command};
use crate::cli::diagnostics::diagnostics;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::{
    add, checkout, commit, completions, dag, freeze, gc, git_merge_lock, import_dvc, init, metrics,
    params, plots, report, repro, runs, stage, stages, status, train, verdict, watch, why,
};
use crate::ui::{Talk, Terminal};
use clap::Parser;
use clap::error::ErrorKind;
use kaslite_engine::registry::{Registry, RunFn};
use std::process::ExitCode;

/// The whole program, given the code of the stages that only this program holds.
pub fn main(code: &[(&'static str, RunFn)]) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are data; clap chooses stdout for them and stderr for the rest.
            let _ = error.print();
            let fine = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            );
            return ExitCode::from(if fine { 0 } else { 2 });
        }
    };
    let own = crate::report::CODE.iter().chain(code).copied();
    let registry = Registry::new(kaslite_catalog::SPECS.iter().copied(), own);
    let terminal = Terminal::new(arguments.color, talk(&arguments));
    let result = Session::new(&arguments, registry, terminal).and_then(|session| {
        diagnostics(&session)?;
        dispatch(&session, &arguments.command)
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            terminal.error(&error, error.hints());
            error.code().into()
        }
    }
}

/// How much is said.
fn talk(arguments: &Arguments) -> Talk {
    if arguments.quiet {
        Talk::Errors
    } else if arguments.verbose {
        Talk::Decisions
    } else {
        Talk::News
    }
}

fn dispatch(session: &Session, command: &Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Repro(args) => repro::run(session, args),
        Command::Train(args) => train::run(session, args),
        Command::Watch(args) => watch::run(session, args),
        Command::Status(args) => status::run(session, args),
        Command::Why(args) => why::run(session, args),
        Command::Dag(args) => dag::run(session, args),
        Command::Stage(args) => stage::run(session, args),
        Command::Params(args) => params::run(session, args),
        Command::Metrics(args) => metrics::run(session, args),
        Command::Plots(args) => plots::run(session, args),
        Command::Runs(args) => runs::run(session, args),
        Command::Checkout(args) => checkout::run(session, args),
        Command::Add(args) => add::run(session, args),
        Command::Commit(args) => commit::run(session, args),
        Command::Freeze(args) => freeze::run(session, args, true),
        Command::Unfreeze(args) => freeze::run(session, args, false),
        Command::Gc(args) => gc::run(session, args),
        Command::Report(args) => report::run(session, args),
        Command::Verdict(args) => verdict::run(session, args),
        Command::Stages(args) => stages::run(session, args),
        Command::Init(args) => init::run(session, args),
        Command::ImportDvc(args) => import_dvc::run(session, args),
        Command::GitMergeLock(args) => git_merge_lock::run(session, args),
        Command::Completions(args) => completions::run(session, args),
    }
}
