//! [`Given`]: params for one run, beside the params files.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use kaslite_engine::params::{Base, Override, Overrides};
use kaslite_engine::workspace::Workspace;
use kaslite_engine::{fs, yaml};
use std::path::PathBuf;

/// Params for one run; no file is edited.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Given {
    /// Another value for a param, checked like one of params.yaml, which is not edited: `train.lr=0.01`,
    /// `layers=[64, 32]`, `conf.yaml:depth=3`
    #[arg(long, value_name = "KEY=VALUE", value_parser = Override::parse)]
    set: Vec<Override>,
    /// A file that stands for params.yaml
    #[arg(long, value_name = "FILE")]
    params: Option<String>,
}

impl Given {
    /// Whether the params files hold.
    pub(crate) fn is_nothing(&self) -> bool {
        self.set.is_empty() && self.params.is_none()
    }

    /// For the engine.
    pub(crate) fn overrides(&self, session: &Session) -> Result<Overrides, CliError> {
        let base = self.params.as_ref().map(|name| Base {
            name: name.clone(),
            path: session.folder.join(name),
        });
        if let Some(base) = base.as_ref().filter(|base| !base.path.is_file()) {
            return Err(
                CliError::usage(format!("`{}` is not there", base.name)).hint(
                    "`--params` takes a file like params.yaml; `--set KEY=VALUE` sets one param",
                ),
            );
        }
        Ok(Overrides {
            base,
            values: self.set.clone(),
        })
    }
}

/// The file that `KASLITE_PARAMS` tells commands of, where other params than those of params.yaml hold;
/// it goes with the run.
#[derive(Debug)]
pub(crate) struct ParamsOfRun(Option<PathBuf>);

impl ParamsOfRun {
    pub(crate) fn write(workspace: &Workspace) -> Result<Self, CliError> {
        let project = &workspace.project;
        if project.overrides.is_empty() {
            return Ok(Self(None));
        }
        let path = project.params_path();
        let text = yaml::to_text(&workspace.pipeline.params);
        fs::write_atomic(&path, text.as_bytes())?;
        Ok(Self(Some(path)))
    }
}

impl Drop for ParamsOfRun {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // What is left of it is a small file in `.kaslite`.
            let _ = fs::remove(path);
        }
    }
}
