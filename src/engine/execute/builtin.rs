//! [`run_builtin`]: a built-in stage, its outs written aside and put in place when it has succeeded.

use crate::context::{BoundOut, StageContext};
use crate::fs;
use crate::left_out::replace;
use crate::registry::{RunFn, StageError};
use crate::spec::SlotKind;
use crate::stage::Stage;
use crate::trash::Trash;
use crate::workspace::Workspace;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Runs the code; a panic in it fails the stage, not the run.
pub(crate) fn guarded(run: RunFn, context: &StageContext<'_>) -> Result<(), StageError> {
    catch_unwind(AssertUnwindSafe(|| run(context))).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no reason given");
        Err(StageError::new(format!(
            "internal error: the stage panicked: {text}"
        )))
    })
}

/// Scratch paths of a stage's outs under `scratch`.
pub(crate) fn scratch_outs(stage: &Stage, scratch: &Path) -> Result<Vec<BoundOut>, fs::FsError> {
    let slots = stage.spec().map_or(&[][..], |spec| spec.outs);
    let mut outs = Vec::new();
    for (index, out) in stage.outs.iter().enumerate() {
        let file = scratch.join(index.to_string()).join(out.path.name());
        match slots.get(index).map(|slot| slot.kind) {
            Some(SlotKind::Folder) => fs::create_dir(&file)?,
            Some(SlotKind::File | SlotKind::Rest) | None => fs::create_parent(&file)?,
        }
        outs.push(BoundOut {
            path: out.path.clone(),
            file,
        });
    }
    Ok(outs)
}

/// Runs the stage and puts its outs in place.
pub(crate) fn run_builtin(
    run: RunFn,
    context: &StageContext<'_>,
    workspace: &Workspace,
) -> Result<(), StageError> {
    guarded(run, context)?;
    for out in &context.outs {
        if !out.file.exists() {
            return Err(StageError::new(format!(
                "the stage did not make its out `{}`",
                out.path
            )));
        }
    }
    for out in &context.outs {
        put_in_place(out, workspace).map_err(|error| StageError::from_error(&error))?;
    }
    Ok(())
}

fn put_in_place(out: &BoundOut, workspace: &Workspace) -> Result<(), fs::FsError> {
    let Workspace {
        project, snapshot, ..
    } = workspace;
    let left_out = snapshot.left_out(&out.path)?;
    let aside = Trash::new(project).replaced(&out.path);
    replace(&out.file, &out.path.under(&project.root), &left_out, &aside)
}
