//! [`entries`]: the text of a large lock, read some entries at a time.

use crate::entry::Entry;
use crate::yaml;
use std::collections::BTreeMap;

/// Bytes that are read at once: YAML takes ten times as much memory while it is read.
const AT_ONCE: usize = 256 << 10;

/// The entries of a lock that looks as kaslite writes it, with `version: 1` at its head; `None` where it
/// does not, or anything is wrong with it. Who is told `None` reads it as a whole, which tells what.
pub(crate) fn entries(text: &str) -> Option<BTreeMap<String, Entry>> {
    read(text, AT_ONCE)
}

fn read(text: &str, at_once: usize) -> Option<BTreeMap<String, Entry>> {
    let (head, stages) = text.split_once("\nstages:\n")?;
    let mut head = head.lines().filter(|line| !line.starts_with('#'));
    if (head.next(), head.next()) != (Some("version: 1"), None) {
        return None;
    }
    let mut entries = BTreeMap::new();
    let (mut start, mut end) = (0, 0);
    for line in stages.split_inclusive('\n') {
        if !line.starts_with([' ', '#', '\n']) {
            return None;
        }
        if end - start >= at_once.max(1) && is_name(line) {
            some(&stages[start..end], &mut entries)?;
            start = end;
        }
        end += line.len();
    }
    some(&stages[start..], &mut entries)?;
    Some(entries)
}

/// Whether a line begins an entry: a cut within a quoted text or a list in brackets leaves a piece that
/// cannot be read.
fn is_name(line: &str) -> bool {
    let name = line.strip_prefix("  ");
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphanumeric()))
}

fn some(text: &str, entries: &mut BTreeMap<String, Entry>) -> Option<()> {
    let found: BTreeMap<String, Entry> = yaml::from_text(text).ok()?;
    for (name, entry) in found {
        // One that is there twice is a fault.
        if entries.insert(name, entry).is_some() {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::lock;
    use std::sync::Arc;

    fn whole(text: &str) -> Option<BTreeMap<String, Entry>> {
        let text: BTreeMap<String, serde_yaml::Value> = yaml::from_text(text).ok()?;
        serde_yaml::from_value(text.get("stages")?.clone()).ok()
    }

    #[test]
    fn the_parts_are_the_whole() {
        let commands = [
            "echo a\n  b: {c}\n\n",
            "'x\n  y: z'",
            "[a,\n  b]",
            "# c",
            "",
        ];
        let entry = |index: usize| Entry {
            fingerprint: Arc::new(Fingerprint {
                cmd: vec![commands[index % commands.len()].to_owned(); index % 3],
                makes: vec![format!("out {index}")],
                ..Fingerprint::default()
            }),
            ..Entry::default()
        };
        let entries: BTreeMap<String, Entry> = (0..40)
            .map(|index| (format!("s{index}"), entry(index)))
            .collect();
        let text = lock::text(&entries);
        for at_once in [0, 100, 1000, AT_ONCE] {
            assert_eq!(read(&text, at_once).as_ref(), Some(&entries));
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for gone in 0..lines.len() {
            for by in ["", "  x: \"\n", "...\n", "  [\n"] {
                let mut lines = lines.clone();
                lines[gone] = by;
                let text = lines.concat();
                if let Some(found) = read(&text, 0) {
                    assert_eq!(Some(found), whole(&text), "{text}");
                }
            }
        }
    }
}
