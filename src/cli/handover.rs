//! [`hand_over`]: `kaslite` replaces itself by `kaslite-torch`.

use crate::cli::error::{CliError, Exit};
use crate::cli::linked::Linked;
use crate::cli::session::Session;
use kaslite_engine::error::EngineError;
use kaslite_engine::event::Decided;
use kaslite_engine::stage::Stage;
use kaslite_engine::workspace::{Selection, Workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

const TORCH: &str = "kaslite-torch";

/// Whether something has to run that this program cannot. What is not known before another stage has
/// run counts as having to.
pub(crate) fn needs_torch(
    workspace: &Workspace,
    selection: &Selection,
    force: bool,
) -> Result<bool, EngineError> {
    let lacks = |stage: &Stage| {
        stage
            .spec()
            .is_some_and(|spec| workspace.registry.code(spec.name).is_none())
    };
    if !workspace.pipeline.stages.iter().any(lacks) {
        return Ok(false);
    }
    let plan = workspace.plan(selection, force)?;
    Ok(plan.iter().any(|(index, judged)| {
        let runs = matches!(judged.decision.what, Decided::Run | Decided::Unknown);
        runs && lacks(&workspace.pipeline.stages[*index])
    }))
}

/// Becomes `kaslite-torch`, same arguments; returns only where that cannot be.
pub(crate) fn hand_over(session: &Session) -> CliError {
    let own = match std::env::current_exe() {
        Ok(own) => own,
        Err(error) => {
            return CliError::from_error(&error, Exit::Internal);
        }
    };
    let program = own.with_file_name(TORCH);
    if own == program {
        let lacks = EngineError::Internal("a stage has no code".to_owned());
        return CliError::from(lacks);
    }
    if !program.is_file() {
        let message = format!("a stage needs libtorch, and `{TORCH}` is not beside `kaslite`");
        return CliError::usage(message)
            .hint(format!("it belongs in {}", own.parent().unwrap_or(Path::new(".")).display()))
            .hint("in a checkout of kaslite, `cargo xtask setup` and `cargo build --workspace` make it");
    }
    if let Some(error) = missing_libtorch(session, &program) {
        return error;
    }
    tracing::debug!(program = %program.display(), "hands over");
    replace(&program)
}

#[cfg(unix)]
fn replace(program: &Path) -> CliError {
    use std::os::unix::process::CommandExt;
    let error = Command::new(program)
        .args(std::env::args_os().skip(1))
        .exec();
    CliError::usage(format!("cannot start `{}`: {error}", program.display()))
}

/// The loader's own message would say neither where libtorch belongs nor how to get it.
fn missing_libtorch(session: &Session, program: &Path) -> Option<CliError> {
    let linked = Linked::of(program)?;
    let needed = linked
        .libraries
        .iter()
        .find(|name| name.starts_with("libtorch_cpu"))?;
    let by_program = linked.folders.iter().flat_map(|list| list.split(':'));
    let by_user = session
        .environment
        .get("LD_LIBRARY_PATH")
        .into_iter()
        .flat_map(|list| list.split(':'));
    let folders: Vec<PathBuf> = by_program.chain(by_user).map(PathBuf::from).collect();
    if folders.iter().any(|folder| folder.join(needed).exists()) {
        return None;
    }
    let place = folders
        .first()
        .map_or_else(|| "its place".to_owned(), |f| f.display().to_string());
    let error = CliError::usage(format!(
        "a stage needs libtorch, and `{needed}` is not in `{place}`"
    ));
    Some(error.hint("`cargo xtask setup` in the checkout of kaslite brings it back"))
}
