//! [`Turn`]: several kaslites at once, one after the other.

use crate::fs::{self, FsError};
use crate::project::Project;
use std::fs::File;
use std::io::ErrorKind;

/// Held for a moment by whoever changes what all kaslites in a project share: the journal, the lock, who
/// is there and what they have claimed. It is the only lock that is waited for, and nothing else is asked
/// for meanwhile. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "holding the file is holding the lock")] File);

impl Turn {
    /// Waits for its turn.
    pub(crate) fn take(project: &Project) -> Result<Self, FsError> {
        let path = project.state_dir().join("lock");
        let open = || File::options().create(true).append(true).open(&path);
        let file = fs::in_parent(&path, open)?;
        loop {
            match file.lock() {
                Ok(()) => return Ok(Self(file)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(FsError::new("lock", &path, error)),
            }
        }
    }
}
