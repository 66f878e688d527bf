//! [`Arguments`]: what can be typed.

use crate::cli::{
    add, checkout, commit, completions, dag, freeze, gc, git_merge_lock, import_dvc, init, metrics,
    params, plots, report, repro, runs, stage, stages, status, train, verdict, watch, why,
};
use clap::{ColorChoice, Parser, Subcommand};
use std::path::PathBuf;

const AFTER: &str = "\
Environment:
  KASLITE_LOG  Tell on stderr why kaslite did what it did: `debug`, or levels of targets, as
               `kaslite::run=info,kaslite_engine=debug`

Exit codes:
  0 done                        3 `status --check` found stale stages
  1 a stage failed              4 the cache failed
  2 wrong usage, pipeline or    5 another kaslite works on the same stages
    params                      70 internal error   130 interrupted";

/// Reruns only the stages of a pipeline whose inputs, params or code changed.
#[derive(Debug, Parser)]
#[command(name = "kaslite", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Work in this folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// The pipeline file, instead of the nearest pipeline.yaml
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) file: Option<PathBuf>,
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also say what is decided of each stage, and why
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make every stage fresh: run what is stale, restore what is cached
    Repro(repro::Args),
    /// Train once, outside of the pipeline; go on with a stopped run; repeat one
    Train(train::Args),
    /// Make stages fresh again and again, as files change
    Watch(watch::Args),
    /// Show which stages are stale, and why
    Status(status::Args),
    /// Explain what is not fresh: each old and new value, changed files, past runs
    Why(why::Args),
    /// Show the stages and what they read from one another
    Dag(dag::Args),
    /// List the stages of the pipeline
    #[command(subcommand)]
    Stage(stage::Args),
    /// Compare params between runs, git revisions and the workspace
    #[command(subcommand)]
    Params(params::Args),
    /// Show metrics, and compare them between runs, git revisions and the workspace
    #[command(subcommand)]
    Metrics(metrics::Args),
    /// Draw columns of files, of the workspace or of several runs and git revisions
    #[command(subcommand)]
    Plots(plots::Args),
    /// Find past runs, show them, and say what they are worth
    #[command(subcommand)]
    Runs(runs::Args),
    /// Bring back outs of the lock, a run or a git revision without running anything
    Checkout(checkout::Args),
    /// Keep data that is not for git: in the cache, with a pointer for git
    Add(add::Args),
    /// Accept the outs that lie there as what the stages make; nothing runs
    Commit(commit::Args),
    /// Leave stages alone from now on, though they be stale
    Freeze(freeze::Args),
    /// Run frozen stages again as others
    Unfreeze(freeze::Args),
    /// Remove from the cache what is no longer needed
    Gc(gc::Args),
    /// Render the report from what lies in the workspace now
    Report(report::Args),
    /// Tell what the seeds are worth: five questions, each with its evidence
    Verdict(verdict::Args),
    /// Describe the built-in stages and every param they read
    Stages(stages::Args),
    /// Make a small project that runs
    Init(init::Args),
    /// Turn a project of DVC, its lock included, into one of kaslite
    ImportDvc(import_dvc::Args),
    /// Merge the lock by stage: for git, or after a conflict
    GitMergeLock(git_merge_lock::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
}
