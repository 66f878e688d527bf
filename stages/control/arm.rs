use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kaslite_engine::value::Value;
use kaslite_nn::SeedId;

/// A kind of run, by what differs from the one that may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arm {
    /// Nothing differs.
    Grown,
    /// Nothing grows: after the warm-up the host stays as it is.
    HostOnly,
    /// Nothing grows, and the host learns in the adaptation phase as seeds do where they grow: it
    /// starts anew after each epoch in which a seed germinated in the run that may grow, with the same
    /// learning rate; before the first of them it is frozen.
    HostContinued,
    /// One slot is disabled from the start.
    Lesion(SeedId),
}

impl Arm {
    /// The params of this arm, from those of the run that may grow, and the epochs after which seeds
    /// germinated in that run, which only [`Arm::HostContinued`] goes by.
    pub(crate) fn params(
        self,
        base: &BTreeMap<String, Value>,
        germinations: &BTreeSet<usize>,
    ) -> BTreeMap<String, Value> {
        let mut params = base.clone();
        let mut set = |key: &str, value| params.insert(key.to_owned(), value);
        match self {
            Self::Grown => {}
            Self::HostOnly => {
                set("seeds.controller", Value::Text("none".to_owned()));
                set("train.host_restarts", Value::Text(String::new()));
            }
            Self::HostContinued => {
                let epochs: Vec<String> = germinations.iter().map(usize::to_string).collect();
                set("seeds.controller", Value::Text("none".to_owned()));
                set("train.host_restarts", Value::Text(epochs.join(",")));
            }
            Self::Lesion(slot) => {
                let key = "seeds.disabled";
                let before = base.get(key).and_then(Value::as_text).unwrap_or_default();
                let slots = match before.trim() {
                    "" => slot.to_string(),
                    disabled => format!("{disabled},{slot}"),
                };
                set(key, Value::Text(slots));
            }
        }
        params
    }

    /// The slot that is disabled, if one is.
    pub(super) fn slot(self) -> Option<SeedId> {
        match self {
            Self::Lesion(slot) => Some(slot),
            Self::Grown | Self::HostOnly | Self::HostContinued => None,
        }
    }

    /// Without the slot of a lesion.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Grown => "grown",
            Self::HostOnly => "host_only",
            Self::HostContinued => "host_continued",
            Self::Lesion(_) => "lesion",
        }
    }
}

impl fmt::Display for Arm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lesion(slot) => write!(formatter, "without_{slot}"),
            Self::Grown | Self::HostOnly | Self::HostContinued => formatter.write_str(self.kind()),
        }
    }
}
