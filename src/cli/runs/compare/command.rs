//! [`Args`]: which runs are compared, and how that is shown.

use super::compared::Compared;
use super::group::Group;
use super::problem::{different_data, different_split};
use super::shown::Shown;
use crate::cli::error::CliError;
use crate::cli::runs::index::RunIndex;
use crate::cli::session::Session;
use kaslite_track::record::{RecordError, RunRecord, RunStore};

const HELP: &str = "\
Runs whose params differ only in random seeds (rng_seed, seed, random_state, random_seed) are one
group; each group is compared with the first. Where both groups have the same seeds, values are
paired by them: the test is the sign-flip permutation of the differences, beside a paired t; else
Mann-Whitney's, beside Welch's t. Where a metric is compared more than once, p holds for all (Holm).
  kaslite runs compare latest~1 latest
  kaslite runs compare \"train.lr == 0.01\" --vs \"train.lr == 0.02\"";

/// Arguments of `runs compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// Runs, or expressions that runs fit (as `runs list --where` takes them)
    #[arg(required = true, value_name = "RUN|EXPRESSION")]
    runs: Vec<String>,
    /// The runs of a second group; those before are the first, whatever their params
    #[arg(long, num_args = 1.., value_name = "RUN|EXPRESSION")]
    vs: Vec<String>,
    /// Also params and metrics that are equal
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "md")]
    json: bool,
    /// Print tables of Markdown
    #[arg(long)]
    md: bool,
}

pub(crate) fn run(session: &Session, store: &RunStore, args: &Args) -> Result<(), CliError> {
    let first = chosen(session, store, &args.runs)?;
    let mut groups = if args.vs.is_empty() {
        Group::by_params(first)
    } else {
        vec![
            Group::of(first),
            Group::of(chosen(session, store, &args.vs)?),
        ]
    };
    let measured: usize = groups.iter().map(|group| group.runs.len()).sum();
    if measured < 2 {
        let message = "one run is nothing to compare with";
        return Err(CliError::usage(message).hint("name several, as `latest~1 latest`"));
    }
    let mut notes: Vec<String> = groups.iter_mut().filter_map(Group::drop_repeated).collect();
    let apart = different_data(&groups)?.or_else(|| different_split(&groups));
    let compared = Compared::new(&groups, apart.is_none());
    if let Some(apart) = apart {
        notes.push(format!(
            "{apart}: the numbers are of different problems, and no test is made"
        ));
    }
    let shown = Shown {
        groups: &groups,
        compared: &compared,
        notes: &notes,
        all: args.all,
    };
    if args.json {
        session.terminal.data(shown.json());
        return Ok(());
    }
    session.terminal.data(shown.text(args.md));
    for note in notes.iter().chain(&shown.remarks()) {
        session.terminal.note(note);
    }
    Ok(())
}

/// The runs that names and expressions mean, each once.
fn chosen(
    session: &Session,
    store: &RunStore,
    names: &[String],
) -> Result<Vec<RunRecord>, CliError> {
    let mut runs: Vec<RunRecord> = Vec::new();
    for name in names {
        let found = match store.find(name) {
            Ok(run) => vec![run],
            Err(RecordError::Unknown(_)) if name.contains([' ', '<', '>', '=', '(']) => {
                let index = RunIndex::load(store, &session.recorded()?.state_dir())?;
                let fit = index.fit(name)?;
                if fit.is_empty() {
                    return Err(CliError::usage(format!("no run fits `{name}`")));
                }
                fit.into_iter()
                    .map(|row| store.load(&index.ids[row]))
                    .collect::<Result<Vec<_>, _>>()?
            }
            Err(error) => return Err(error.into()),
        };
        for run in found {
            if run.summary.is_none() {
                let message = format!("the run `{}` was killed: it has no metrics", run.run_id);
                return Err(CliError::usage(message));
            }
            if runs.iter().all(|known| known.run_id != run.run_id) {
                runs.push(run);
            }
        }
    }
    Ok(runs)
}
