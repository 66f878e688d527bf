//! [`Sources`]: the outs a report is made from.

use crate::origins::Origins;
use crate::unmade::Unmade;
use kaslite_engine::context::StageContext;
use kaslite_engine::fingerprint::Content;
use kaslite_engine::fs::FsError;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::stage::Stage;
use kaslite_engine::workspace::Workspace;
use std::path::{Path, PathBuf};

/// An out of some stage.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as the pipeline names it.
    pub path: RelPath,
    /// Where it is.
    pub file: PathBuf,
    /// What it holds; `None` where nothing is there.
    pub content: Option<Content>,
    /// The stage that makes it.
    pub stage: Option<String>,
    /// The built-in stage it uses.
    pub uses: Option<&'static str>,
}

/// The outs a report is made from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The heading of the report.
    pub title: String,
    /// The project.
    pub root: PathBuf,
    /// Every dep of the report's stage.
    pub all: Vec<Source>,
    /// The stages of which an earlier run has left what lies there.
    pub unmade: Unmade,
    /// What made what lies there.
    pub origins: Origins,
}

impl Sources {
    /// Of a stage that runs.
    pub fn of_context(context: &StageContext<'_>) -> Self {
        let all: Vec<Source> = context
            .deps()
            .iter()
            .map(|dep| Source {
                path: dep.path.clone(),
                file: dep.file.clone(),
                content: dep.content.clone(),
                stage: dep.maker.as_ref().map(|maker| maker.stage.clone()),
                uses: dep.maker.as_ref().and_then(|maker| maker.uses),
            })
            .collect();
        let content = |one: &Source| Some((one.path.to_string(), one.content.clone()?));
        let deps = all.iter().filter_map(content).collect();
        let origins = Origins::of_deps(context.root(), &deps);
        Self {
            title: title(context.arguments()),
            root: context.root().to_owned(),
            all,
            unmade: Unmade::default(),
            origins: Origins::default(),
        }
        .with_origins(origins)
    }

    /// The same with what made what lies there. No run is named: no time may change an out.
    #[must_use]
    pub fn with_origins(self, origins: Origins) -> Self {
        let mut origins = origins.without_runs();
        let stages = self.all.iter();
        origins.declare(stages.filter_map(|one| Some((one.uses?, one.stage.clone()?))));
        Self { origins, ..self }
    }

    /// Of a stage as its deps lie in the workspace, fresh or not; of which stages that says nothing,
    /// `unmade` tells.
    ///
    /// # Errors
    /// A dep that cannot be read.
    pub fn of_workspace(
        workspace: &Workspace,
        stage: &Stage,
        unmade: Unmade,
    ) -> Result<Self, FsError> {
        let mut all = Vec::new();
        for dep in &stage.deps {
            let maker = workspace.pipeline.makers.whole(&dep.path);
            let maker = maker.map(|index| &workspace.pipeline.stages[index]);
            all.push(Source {
                path: dep.path.clone(),
                file: dep.path.under(&workspace.project.root),
                content: Content::of(&workspace.snapshot.get(&dep.path)?),
                stage: maker.map(|stage| stage.name.clone()),
                uses: maker.and_then(Stage::spec).map(|spec| spec.name),
            });
        }
        Ok(Self {
            title: title(&stage.arguments),
            root: workspace.project.root.clone(),
            all,
            unmade,
            origins: Origins::default(),
        })
    }

    /// What a stage made, and what from, as it lies in the workspace.
    ///
    /// # Errors
    /// A dep or out that cannot be read.
    pub fn of_stage(workspace: &Workspace, stage: &Stage) -> Result<Self, FsError> {
        let mut sources = Self::of_workspace(workspace, stage, Unmade::of_workspace(workspace))?;
        sources.title.clone_from(&stage.name);
        for out in &stage.outs {
            sources.all.push(Source {
                path: out.path.clone(),
                file: out.path.under(&workspace.project.root),
                content: Content::of(&workspace.snapshot.get(&out.path)?),
                stage: Some(stage.name.clone()),
                uses: stage.spec().map(|spec| spec.name),
            });
        }
        Ok(sources)
    }

    /// The first out that a stage of this built-in kind makes, whether it is there or not.
    pub fn of(&self, uses: &str) -> Option<&Source> {
        self.all.iter().find(|source| source.uses == Some(uses))
    }

    /// The same, where it is there and what the stage makes now.
    pub fn made_by(&self, uses: &str) -> Option<&Source> {
        self.of(uses)
            .filter(|source| self.why_unmade(source).is_none() && source.content.is_some())
    }

    /// Why what lies there is not what the stage makes now, as a fragment; `None` where it is.
    pub fn why_unmade(&self, source: &Source) -> Option<String> {
        self.unmade.why(source.stage.as_deref()?)
    }

    /// A path as the report names it.
    pub fn name(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }
}

fn title(arguments: &kaslite_engine::value::Value) -> String {
    arguments
        .get("report.title")
        .map_or_else(String::new, ToString::to_string)
}
