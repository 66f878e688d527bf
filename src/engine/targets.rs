//! What people name on the command line: stages, groups, patterns, pipeline files, outs.
//!
//! A name is seen from the folder it is typed in: `train` is the stage of that folder's pipeline file,
//! `sub/dvc.yaml:train` the one of another, `out.txt` a file there. What names nothing from there is
//! looked up as the project itself shows it, so that every name that is printed can be typed anywhere.

use crate::error::EngineError;
use crate::pipeline_files::PipelineFile;
use crate::problem::closest;
use crate::rel_path::RelPath;
use crate::workspace::Workspace;

impl Workspace {
    /// What a target names: a stage, all of a group, all that a pattern fits, all of a pipeline file,
    /// the maker of a path.
    pub(crate) fn target(&self, name: &str) -> Result<Vec<usize>, EngineError> {
        let pipeline = &self.pipeline;
        for name in self.stage_names(name) {
            let found = match pipeline.index(&name) {
                Some(index) => vec![index],
                None => pipeline.group(&name),
            };
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let paths = self.paths(name);
        let makes = |path: &RelPath| {
            let mut stages = pipeline.stages.iter();
            stages.position(|stage| stage.outs.iter().any(|out| out.path.contains(path)))
        };
        for path in &paths {
            let all = self.of_file(path);
            if !all.is_empty() {
                return Ok(all);
            }
        }
        let maker = paths.iter().find_map(makes);
        maker
            .map(|maker| vec![maker])
            .ok_or_else(|| self.unknown(name))
    }

    /// The names in the project that a name may mean, the likeliest first.
    pub(crate) fn stage_names(&self, name: &str) -> Vec<String> {
        let here = &self.project.here;
        let files = self.pipeline.files.all();
        let mut names = Vec::new();
        if let Some((path, stage)) = name.split_once(':') {
            let path = here.join(path);
            let is_meant = |file: &&PipelineFile| {
                file.path == path || (path == *here && file.folder() == *here)
            };
            names.extend(files.iter().find(is_meant).map(|file| file.name_of(stage)));
        }
        let in_folder = |file: &&PipelineFile| file.folder() == *here;
        names.extend(files.iter().find(in_folder).map(|file| file.name_of(name)));
        names.push(name.to_owned());
        names.dedup();
        names
    }

    /// The paths that a name may mean.
    pub fn paths(&self, name: &str) -> Vec<RelPath> {
        let mut paths = vec![self.project.here.join(name), RelPath::root().join(name)];
        paths.dedup();
        paths
    }

    /// All stages of a pipeline file.
    fn of_file(&self, path: &RelPath) -> Vec<usize> {
        let sources = &self.pipeline.sources;
        let Some(number) = sources.iter().position(|read| read.name == path.as_str()) else {
            return Vec::new();
        };
        let stages = self.pipeline.stages.iter().enumerate();
        let of_it = stages.filter(|(_, stage)| stage.file == number);
        of_it.map(|(index, _)| index).collect()
    }

    fn unknown(&self, name: &str) -> EngineError {
        let stages = &self.pipeline.stages;
        let is_called = |stage: &&str| {
            let own = self.pipeline.files.of_stage(stage);
            own.is_some_and(|(_, own)| own == name)
        };
        let names = || stages.iter().map(|stage| stage.name.as_str());
        let outs = stages.iter().flat_map(|stage| &stage.outs);
        let outs = outs.map(|out| out.path.as_str());
        let near = names().find(is_called);
        let near = near.or_else(|| closest(name, names().chain(outs)));
        EngineError::UnknownTarget {
            name: name.to_owned(),
            closest: near.map(str::to_owned),
        }
    }
}
