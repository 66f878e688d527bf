//! [`Workspace::sources`]: what stages read and no stage makes.

use crate::fingerprint::Content;
use crate::fs::FsError;
use crate::rel_path::RelPath;
use crate::snapshot::PathState;
use crate::workspace::Workspace;
use std::collections::BTreeMap;

/// Files of one folder that are named one by one; a larger folder is named as a whole.
const NAMED: usize = 1000;
/// Files that leave others out.
const IGNORES: [&str; 3] = [".kasliteignore", ".dvcignore", ".gitignore"];

impl Workspace {
    /// What these stages read and no stage makes, and the files that declare them, by path. A folder
    /// of more than a thousand files is one entry.
    ///
    /// # Errors
    /// Something cannot be read.
    pub fn sources(&self, stages: &[String]) -> Result<BTreeMap<String, Content>, FsError> {
        let stages = stages.iter().filter_map(|name| self.pipeline.index(name));
        let deps = stages.flat_map(|index| &self.pipeline.stages[index].deps);
        let mut found = BTreeMap::new();
        for path in deps.map(|dep| &dep.path).filter(|path| path.is_inside()) {
            self.source(path, &mut found)?;
        }
        let read = self.pipeline.read_files().map(str::to_owned);
        for name in read.chain(IGNORES.map(str::to_owned)) {
            let path = RelPath::root().join(&name);
            let is_file = path.is_inside() && path.under(&self.project.root).is_file();
            if is_file && self.pipeline.makers.of(&path).is_empty() {
                self.source(&path, &mut found)?;
            }
        }
        Ok(found)
    }

    fn source(&self, path: &RelPath, found: &mut BTreeMap<String, Content>) -> Result<(), FsError> {
        let makers = &self.pipeline.makers;
        if makers.whole(path).is_some() {
            return Ok(());
        }
        let state = self.snapshot.get(path)?;
        match &state {
            PathState::Folder(tree) if tree.files().len() <= NAMED => {
                for (name, file) in tree.files() {
                    let path = path.join(name);
                    if makers.of(&path).is_empty() {
                        let content = Content::of(&PathState::File(*file));
                        found.extend(content.map(|content| (path.to_string(), content)));
                    }
                }
            }
            PathState::Folder(_) | PathState::File(_) | PathState::Missing => {
                let content = Content::of(&state);
                found.extend(content.map(|content| (path.to_string(), content)));
            }
        }
        Ok(())
    }
}
