//! Reading `resources`, `pool`, `timeout` and `retries` of a stage, and `pools` of the file.

use crate::limits::Limits;
use crate::manifest::reader::Reader;
use crate::problem::{Problem, Source, closest};
use crate::value::Value;
use crate::yaml::{Kind, Node};
use bytesize::ByteSize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Keys of `resources`.
const RESOURCES: &[&str] = &["cpus", "gpus", "memory", "time"];
const TIMES: &str = "write `45s`, `30m` or `2h 30m`";
const SIZES: &str = "write `512MiB` or `4GiB`";

impl Reader<'_> {
    /// `resources: {cpus: 2, gpus: 1, memory: 4GiB, time: 30m}`.
    pub(super) fn resources(&mut self, node: &Node, limits: &mut Limits) {
        let Some(entries) = node.entries() else {
            let hint = "write `resources: {cpus: 2, memory: 4GiB}`".to_owned();
            return self.wrong("resources", "a map", node, Some(hint));
        };
        for (key, value) in entries {
            match key.text.as_str() {
                "cpus" => limits.cpus = self.count("cpus", value, 1),
                "gpus" => limits.gpus = self.count("gpus", value, 0).unwrap_or(0),
                "memory" => limits.memory = self.size("memory", value).unwrap_or(0),
                "time" => limits.time = self.time("time", value),
                other => {
                    let message = format!(
                        "unknown key `{other}` in `resources` of stage `{}`",
                        self.stage
                    );
                    let hint = match closest(other, RESOURCES.iter().copied()) {
                        Some(name) => format!("did you mean `{name}`?"),
                        None => format!("there are {}", RESOURCES.join(", ")),
                    };
                    self.report(key.place, message, Some(hint));
                }
            }
        }
    }

    /// A whole number that is at least `from`.
    pub(super) fn count(&mut self, key: &str, node: &Node, from: u32) -> Option<u32> {
        let number = match node.kind {
            Kind::Scalar(Value::Int(number)) => u32::try_from(number).ok(),
            Kind::Scalar(_) | Kind::List(_) | Kind::Map(_) => None,
        };
        let number = number.filter(|number| *number >= from);
        if number.is_none() {
            let wanted = format!("a whole number, {from} or more");
            self.wrong(key, &wanted, node, None);
        }
        number
    }

    /// A length of time, more than none.
    pub(super) fn time(&mut self, key: &str, node: &Node) -> Option<Duration> {
        let text = node.to_value();
        let time = text
            .as_text()
            .and_then(|text| humantime::parse_duration(text).ok())
            .filter(|time| !time.is_zero());
        if time.is_none() {
            self.wrong(
                key,
                "a length of time with its unit",
                node,
                Some(TIMES.to_owned()),
            );
        }
        time
    }

    /// A number of bytes.
    fn size(&mut self, key: &str, node: &Node) -> Option<u64> {
        let text = node.to_value();
        let size = text
            .as_text()
            .and_then(|text| text.parse::<ByteSize>().ok())
            .map(|size| size.as_u64())
            .filter(|size| *size > 0);
        if size.is_none() {
            self.wrong(key, "a size with its unit", node, Some(SIZES.to_owned()));
        }
        size
    }
}

/// `pools: {name: depth}` at the top of a pipeline; a pool that is not there has the depth 1.
pub(super) fn pools(
    node: &Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, u32> {
    let Some(node) = node.get("pools") else {
        return BTreeMap::new();
    };
    let Some(entries) = node.entries() else {
        let message = format!("`pools` must be a map of pools, not {}", node.described());
        let hint = "write `pools: {name: 2}`, and `pool: name` in the stages";
        problems.push(Problem::at(source, node.place, message).hint(hint));
        return BTreeMap::new();
    };
    let mut pools = BTreeMap::new();
    for (name, depth) in entries {
        let number = match depth.kind {
            Kind::Scalar(Value::Int(number)) => u32::try_from(number).ok(),
            Kind::Scalar(_) | Kind::List(_) | Kind::Map(_) => None,
        };
        if let Some(number) = number.filter(|number| *number > 0) {
            pools.insert(name.text.clone(), number);
        } else {
            let message = format!(
                "the depth of the pool `{}` must be a whole number, 1 or more, not {}",
                name.text,
                depth.described()
            );
            problems.push(Problem::at(source, depth.place, message));
        }
    }
    pools
}
