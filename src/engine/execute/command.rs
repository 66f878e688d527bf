//! [`run_command`]: the shell commands of a stage.

use crate::cancel::Cancel;
use crate::event::{Event, EventSink};
use crate::execute::family::Family;
use crate::execute::running::Running;
use crate::execute::trace;
use crate::orphans::CLAIM;
use crate::registry::StageError;
use crate::run_stage::StageRun;
use rustix::process::Signal;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

/// How long a command that a signal asked to end waits for kaslite to hear of it too.
const HEARING: Duration = Duration::from_secs(1);
/// The signals that ask kaslite to end.
const ASKING: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::HUP];

/// Runs the commands in order, each by `sh -e -c` in the stage's folder, until one fails. Every line
/// they print is an event. With a folder for notes, strace writes down there what they open.
pub(crate) fn run_command(
    run: &StageRun<'_>,
    commands: &[String],
    notes: Option<&Path>,
    sink: &dyn EventSink,
    cancel: &Cancel,
) -> Result<(), StageError> {
    for command in commands {
        let status = one(run, command, notes, sink, cancel)?;
        // Who ends a whole session (a batch system, the machine that shuts down) asks all at once: the
        // command may end before kaslite has heard of it.
        if cancel.is_cancelled() || (interrupted(status) && cancel.wait(HEARING)) {
            return Err(StageError::new("interrupted"));
        }
        if !status.success() {
            return Err(StageError::new(format!(
                "`{}` {}",
                brief(command),
                ending(status)
            )));
        }
    }
    Ok(())
}

fn one(
    run: &StageRun<'_>,
    command: &str,
    notes: Option<&Path>,
    sink: &dyn EventSink,
    cancel: &Cancel,
) -> Result<ExitStatus, StageError> {
    let (stage, project) = (run.stage, &run.workspace.project);
    let root = std::path::absolute(&project.root).unwrap_or_else(|_| project.root.clone());
    let mut shell = trace::shell(notes);
    shell
        .args(["-e", "-c", command])
        .current_dir(stage.wdir.under(&root))
        .env("KASLITE_ROOT", &root)
        .env("KASLITE_STAGE", &stage.name)
        .env("KASLITE_PARAMS", root.join(project.params_path()))
        .env(CLAIM, &run.held.name)
        .env("DVC_ROOT", &root)
        .env("DVC_STAGE", &stage.name)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Ctrl-C is for kaslite, which passes it on once: a command that tidies up is not hit again.
    shell.process_group(0);
    if !run.gpus.is_empty() {
        shell.env("CUDA_VISIBLE_DEVICES", run.gpus.join(","));
    }
    for (name, value) in &stage.env {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let child = shell
        .spawn()
        .map_err(|error| StageError::new(format!("cannot start the shell: {error}")))?;
    let mut emit = |stream, line| {
        sink.emit(&Event::Log {
            stage: stage.name.clone(),
            stream,
            line,
            replayed: false,
        });
    };
    let family = Family::new(child.id(), &run.held);
    let slow = || run.warn("it is asked to end; Ctrl-C again ends it at once".to_owned());
    Running::new(child, family, cancel)
        .follow(&mut emit, &slow)
        .map_err(|error| StageError::new(format!("cannot wait for the command: {error}")))
}

/// Whether a command ended as one does that was asked to.
fn interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    ASKING.into_iter().any(|signal| {
        let signal = signal.as_raw();
        status.signal() == Some(signal) || status.code() == Some(128 + signal)
    })
}

fn brief(command: &str) -> String {
    let first = command.lines().next().unwrap_or_default();
    if first.len() == command.trim_end().len() {
        first.to_owned()
    } else {
        format!("{first} …")
    }
}

fn ending(status: ExitStatus) -> String {
    if let Some(code) = status.code() {
        return match code {
            126 => "cannot be executed (exit code 126)".to_owned(),
            127 => "was not found (exit code 127)".to_owned(),
            code => format!("failed with exit code {code}"),
        };
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            let why = if signal == Signal::KILL.as_raw() {
                ", as the system does where memory runs out"
            } else {
                ""
            };
            return format!("was killed by signal {signal}{why}");
        }
    }
    "failed".to_owned()
}
