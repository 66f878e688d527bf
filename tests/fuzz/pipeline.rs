//! Pipeline files, with the params file that they read.

use crate::{parts, problems};
use kaslite_engine::error::EngineError;
use kaslite_engine::manifest::Pipeline;
use kaslite_engine::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A pipeline is read, or refused with places; its stages have names of their own and an order.
pub fn pipeline(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a temp folder");
    let names = ["pipeline.yaml", "params.yaml", "more.toml"];
    let parts = parts(data);
    let files: BTreeMap<&str, &String> = names.into_iter().zip(&parts).collect();
    for (name, text) in &files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let project = Project::of_file(&folder.path().join("pipeline.yaml"), BTreeMap::new());
    match Pipeline::load(&project, kaslite_catalog::SPECS) {
        Ok(pipeline) => {
            let names: BTreeSet<&str> = pipeline
                .stages
                .iter()
                .map(|stage| stage.name.as_str())
                .collect();
            assert_eq!(names.len(), pipeline.stages.len(), "two stages of one name");
            let order: BTreeSet<usize> = pipeline.graph.order().iter().copied().collect();
            assert_eq!(order.len(), pipeline.stages.len(), "each stage once");
        }
        Err(EngineError::Problems(found)) => {
            assert!(!found.is_empty(), "refused without a problem");
            for problem in &found {
                // A file that is not there has no lines.
                if let Some(text) = files.get(problem.file()) {
                    problems::check(problem, text);
                }
            }
        }
        Err(other) => panic!("{other}"),
    }
}
