//! [`DataChange`]: data that is not what its pointer names.

use crate::error::EngineError;
use crate::fingerprint::Content;
use crate::pointer::{DVC_ENDING, DvcDigests, DvcPointer, ENDING, Pointer};
use crate::rel_path::RelPath;
use crate::snapshot::PathState;
use crate::stale::{Change, same};
use crate::workspace::Workspace;
use std::collections::BTreeSet;

/// Data that is not what its pointer names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataChange {
    /// The data.
    pub path: RelPath,
    /// The pointer that stands for it.
    pub pointer: RelPath,
    /// How it differs.
    pub change: Change,
}

/// The data of all pointers, looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Data {
    pub(crate) changes: Vec<DataChange>,
    /// What was looked at.
    pub(crate) paths: BTreeSet<RelPath>,
}

/// What a pointer names.
enum Named {
    Own(Pointer),
    Dvc(DvcPointer),
}

impl Named {
    fn path(&self) -> &RelPath {
        match self {
            Self::Own(own) => &own.path,
            Self::Dvc(dvc) => &dvc.path,
        }
    }
}

impl Workspace {
    /// The data that is not what its pointer names, ours or DVC's. Of one that both stand for, ours is the
    /// one.
    ///
    /// # Errors
    /// A pointer that is none, a file that cannot be read.
    pub fn data_changes(&self) -> Result<&[DataChange], EngineError> {
        if let Some(data) = self.data.get() {
            return Ok(&data.changes);
        }
        let found = self.look_at_data()?;
        Ok(&self.data.get_or_init(|| found).changes)
    }

    fn look_at_data(&self) -> Result<Data, EngineError> {
        let (root, snapshot) = (&self.project.root, &self.snapshot);
        let files = &self.pipeline.files.pointers;
        let mut named = Vec::new();
        // That the file is as it was is part of what is known.
        snapshot.take(files)?;
        let (own, dvc): (Vec<_>, Vec<_>) = files
            .iter()
            .partition(|file| file.as_str().ends_with(ENDING));
        for file in own {
            named.extend(Pointer::read(root, file)?.map(|own| (file, Named::Own(own))));
        }
        for file in dvc {
            named.extend(DvcPointer::read(root, file)?.map(|dvc| (file, Named::Dvc(dvc))));
        }
        let mut data = Data::default();
        named.retain(|(_, named)| data.paths.insert(named.path().clone()));
        snapshot.take(&data.paths.iter().cloned().collect::<Vec<_>>())?;
        let mut digests = DvcDigests::load(&self.project);
        for (file, named) in named {
            let path = named.path().clone();
            let state = snapshot.get(&path)?;
            let holds = match &named {
                _ if state == PathState::Missing => false,
                Named::Own(own) => {
                    Content::of(&state).is_some_and(|found| same(&found, &own.content))
                }
                Named::Dvc(dvc) => digests.holds(&dvc.digest, &state, &path.under(root))?,
            };
            if !holds {
                let change = match state {
                    PathState::Missing => Change::Missing,
                    PathState::File(_) | PathState::Folder(_) => Change::Modified,
                };
                let pointer = file.clone();
                data.changes.push(DataChange {
                    path,
                    pointer,
                    change,
                });
            }
        }
        digests.save();
        data.changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(data)
    }
}

/// Whether a file is a pointer, by its name.
pub(crate) fn is_pointer(name: &str) -> bool {
    [ENDING, DVC_ENDING]
        .iter()
        .any(|ending| name.len() > ending.len() && name.ends_with(ending))
}
