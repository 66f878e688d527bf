//! [`Made`]: the paths that the declared stages make.

use crate::manifest::Declaration;
use crate::pipeline_files::PipelineFile;
use crate::rel_path::RelPath;
use std::collections::BTreeMap;

/// Each out with the names of its stages. What is wrong with them is said elsewhere.
#[derive(Debug, Default)]
pub(super) struct Made(BTreeMap<RelPath, Vec<String>>);

impl Made {
    /// Adds the outs of a file's stages.
    pub(super) fn add(&mut self, file: &PipelineFile, stages: &[Declaration]) {
        for stage in stages {
            let wdir = stage.wdir.as_ref().map_or("", |wdir| wdir.value.as_str());
            let folder = file.folder().join(wdir);
            for out in [&stage.outs, &stage.metrics, &stage.plots]
                .into_iter()
                .flatten()
            {
                let makers = self.0.entry(folder.join(&out.value.path)).or_default();
                makers.push(file.name_of(&stage.name));
            }
        }
    }

    /// Whether a stage other than `reader` makes a path, or a folder it lies in.
    pub(super) fn has(&self, path: &RelPath, reader: &str) -> bool {
        let ends = path.as_str().match_indices('/').map(|(end, _)| end);
        let mut above = ends.map(|end| RelPath::root().join(&path.as_str()[..end]));
        self.has_exactly(path, reader) || above.any(|above| self.has_exactly(&above, reader))
    }

    /// Whether a stage other than `reader` makes something in a folder.
    pub(super) fn has_in(&self, folder: &RelPath, reader: &str) -> bool {
        let from = self.0.range(folder..);
        let mut inside = from.take_while(|(out, _)| out.as_str().starts_with(folder.as_str()));
        inside.any(|(out, _)| folder.contains(out) && self.has_exactly(out, reader))
    }

    fn has_exactly(&self, path: &RelPath, reader: &str) -> bool {
        let makers = self.0.get(path).into_iter().flatten();
        makers.into_iter().any(|maker| maker != reader)
    }
}
