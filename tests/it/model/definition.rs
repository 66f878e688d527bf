//! [`Definition`]: everything that a person writes for a project of the model, sources apart.

use crate::model::stage::{Member, Stage};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Params that commands read.
pub(super) const PARAMS: usize = 3;

/// Pipeline, params and environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Definition {
    pub(super) stages: Vec<Stage>,
    pub(super) params: [u8; PARAMS],
    /// What the built-in stages read.
    pub(super) level: u8,
    /// Something in both files that means nothing.
    pub(super) comment: u8,
    pub(super) variable: Option<u8>,
    /// Which code the built-in stages have.
    pub(super) code: bool,
}

impl Definition {
    pub(super) fn members(&self) -> Vec<Member<'_>> {
        self.stages.iter().flat_map(Stage::members).collect()
    }

    pub(super) fn pipeline(&self) -> String {
        let mut text = format!("# {}\n", self.comment);
        text.push_str(if self.stages.is_empty() {
            "stages: {}\n"
        } else {
            "stages:\n"
        });
        text.extend(self.stages.iter().map(Stage::text));
        text
    }

    pub(super) fn params(&self) -> String {
        let mut text = format!("mix: {{level: {}}} # {}\n", self.level, self.comment);
        for (number, value) in self.params.iter().enumerate() {
            let _ = writeln!(text, "q{number}: {value}");
        }
        text
    }

    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let path = std::env::var("PATH").expect("a path");
        let mut environment = BTreeMap::from([("PATH".to_owned(), path)]);
        environment.extend(
            self.variable
                .map(|value| ("E".to_owned(), value.to_string())),
        );
        environment
    }
}
