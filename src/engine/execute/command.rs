//! [`run_command`]: the shell commands of a stage.

use crate::cancel::Cancel;
use crate::event::{Event, EventSink, Stream};
use crate::project::Project;
use crate::registry::StageError;
use crate::stage::Stage;
use std::io::{BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};

/// Runs the commands in order, each by `sh -e -c` in the stage's folder, until one fails. Every line
/// they print is an event.
pub(crate) fn run_command(
    stage: &Stage,
    commands: &[String],
    project: &Project,
    sink: &dyn EventSink,
    cancel: &Cancel,
) -> Result<(), StageError> {
    for command in commands {
        let status = one(stage, command, project, sink)?;
        if cancel.is_cancelled() {
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
    stage: &Stage,
    command: &str,
    project: &Project,
    sink: &dyn EventSink,
) -> Result<ExitStatus, StageError> {
    let root = std::path::absolute(&project.root).unwrap_or_else(|_| project.root.clone());
    let mut shell = Command::new("sh");
    shell
        .args(["-e", "-c", command])
        .current_dir(stage.wdir.under(&root))
        .env("KASLITE_ROOT", &root)
        .env("KASLITE_STAGE", &stage.name)
        .env("DVC_ROOT", &root)
        .env("DVC_STAGE", &stage.name)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in &stage.env {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let mut child = shell
        .spawn()
        .map_err(|error| StageError::new(format!("cannot start the shell: {error}")))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        if let Some(stdout) = stdout {
            scope.spawn(|| forward(stdout, stage, Stream::Stdout, sink));
        }
        if let Some(stderr) = stderr {
            scope.spawn(|| forward(stderr, stage, Stream::Stderr, sink));
        }
    });
    child
        .wait()
        .map_err(|error| StageError::new(format!("cannot wait for the command: {error}")))
}

/// Emits each line; a carriage return (a progress bar's) ends one too.
fn forward(pipe: impl Read, stage: &Stage, stream: Stream, sink: &dyn EventSink) {
    let mut line = Vec::new();
    let emit = |line: &mut Vec<u8>| {
        if !line.is_empty() {
            let text = String::from_utf8_lossy(line).into_owned();
            sink.emit(&Event::Log {
                stage: stage.name.clone(),
                stream,
                line: text,
            });
            line.clear();
        }
    };
    for byte in BufReader::new(pipe).bytes() {
        match byte {
            Ok(b'\n' | b'\r') => emit(&mut line),
            Ok(byte) => line.push(byte),
            Err(_) => break,
        }
    }
    emit(&mut line);
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
            return format!("was killed by signal {signal}");
        }
    }
    "failed".to_owned()
}
