//! [`Sheet`]: one pipeline file: its text, and its stages as declared.

use crate::manifest::Declaration;
use crate::manifest::declarations::declarations;
use crate::manifest::expand::Expander;
use crate::manifest::matched::Files;
use crate::manifest::plots::plots;
use crate::manifest::vars::Vars;
use crate::params::{DEFAULT_FILE, ParamsFiles};
use crate::pipeline_files::PipelineFile;
use crate::plot::Plot;
use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::yaml::{self, Kind, Node};
use std::path::Path;

/// A pipeline file that could be read and parsed.
pub(super) struct Parsed {
    pub(super) file: PipelineFile,
    pub(super) source: Source,
    pub(super) node: Node,
}

/// One pipeline file, all `${…}` put in.
pub(super) struct Sheet {
    pub(super) file: PipelineFile,
    pub(super) source: Source,
    /// What stands beside the stages.
    pub(super) node: Node,
    pub(super) declarations: Vec<Declaration>,
    pub(super) plots: Vec<Plot>,
    /// Whether it was said that its params.yaml is not there.
    pub(super) said_missing: bool,
    pub(super) patterns: Vec<Files>,
}

impl Parsed {
    /// Reads and parses a file.
    ///
    /// # Errors
    /// Everything that is wrong with it as YAML.
    pub(super) fn read(root: &Path, file: &PipelineFile) -> Result<Self, Vec<Problem>> {
        let name = file.path.as_str();
        let read = Source::read(name, &file.path.under(root)).map_err(|problem| vec![problem])?;
        let source = read.ok_or_else(|| {
            let problem = Problem::in_file(name, "no such file");
            vec![problem.hint("`kaslite init` makes a small project here")]
        })?;
        let node = yaml::parse(&source)?;
        let file = file.clone();
        Ok(Self { file, source, node })
    }

    /// Writes its stages out. `is_only` says that the project has no other pipeline file: then it must
    /// have stages.
    pub(super) fn expand(
        self,
        root: &Path,
        is_only: bool,
        files: &mut ParamsFiles,
        problems: &mut Vec<Problem>,
    ) -> Sheet {
        let Self { file, source, node } = self;
        let folder = file.folder();
        let path = default_params(&folder);
        files.load(root, &path, problems);
        let mut expander = Expander {
            root,
            folder: &folder,
            default_file: path.as_str(),
            source: &source,
            vars: Vars::new(&path, files.get(&path).map(|file| &file.value)),
            default_is_broken: files.is_broken(&path),
            files,
            problems,
            said_missing: false,
            patterns: Vec::new(),
        };
        let mut expanded = expander.file(&node);
        // Of thousands of stages each tree is larger than what is made of it.
        drop(node);
        let (said_missing, patterns) = (expander.said_missing, expander.patterns);
        let declarations = declarations(&expanded, &source, is_only, problems);
        let plots = plots(&expanded, &folder);
        if let Kind::Map(pairs) = &mut expanded.kind {
            pairs.retain(|(key, _)| key.text != "stages");
        }
        Sheet {
            file,
            source,
            node: expanded,
            declarations,
            plots,
            said_missing,
            patterns,
        }
    }
}

/// The params file that a pipeline file's stages read where none is named.
pub(super) fn default_params(folder: &RelPath) -> RelPath {
    folder.join(DEFAULT_FILE)
}
