//! [`Trace`]: which files a command opened, as strace saw it.

use crate::project::Project;
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The system calls that open files; `?` as not every machine has each.
const CALLS: &str = "trace=?open,openat,?openat2,execve";
/// What no stage depends on.
const OWN: &[&str] = &[".kaslite", ".git"];
/// So many files of one folder are offered as the folder.
const MANY: usize = 20;

/// Whether commands can be traced here: strace is there and allowed to.
pub fn can_trace() -> bool {
    let mut probe = Command::new("strace");
    probe.args(["-qq", "-o", "/dev/null", "true"]);
    let status = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// `sh`, under strace where what it opens is to be noted in a folder.
pub(crate) fn shell(notes: Option<&Path>) -> Command {
    let Some(folder) = notes else {
        return Command::new("sh");
    };
    let mut command = Command::new("strace");
    command
        .args(["-ff", "-qq", "-y", "-e", CALLS, "-e", "signal=none", "-o"])
        .arg(folder.join("process"))
        .args(["--", "sh"]);
    command
}

/// What a command opened, against what its stage declares.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Files of the project that it read and that no dep covers, relative to the stage's folder.
    pub(crate) undeclared: Vec<String>,
    /// Deps that it never opened, relative to the stage's folder too.
    pub(crate) unopened: Vec<String>,
}

impl Trace {
    /// Reads the notes of all processes of a stage.
    pub(crate) fn read(stage: &Stage, project: &Project, notes: &Path) -> Self {
        let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
        let root = real(project.root.clone());
        let folder = stage.wdir.under(&root);
        let mut opened = Opened::default();
        for entry in std::fs::read_dir(notes).into_iter().flatten().flatten() {
            let text = std::fs::read(entry.path()).unwrap_or_default();
            for line in String::from_utf8_lossy(&text).lines() {
                opened.take(line, &folder);
            }
        }
        let deps: Vec<PathBuf> = stage
            .deps
            .iter()
            .map(|dep| real(dep.path.under(&root)))
            .collect();
        let unopened = stage.deps.iter().zip(&deps).filter(|(_, dep)| {
            let mut all = opened.read.iter().chain(&opened.written);
            !all.any(|path| path.starts_with(dep))
        });
        let outs = stage.outs.iter().map(|out| real(out.path.under(&root)));
        let params = stage.params.keys().map(|(file, _)| real(file.under(&root)));
        let own = OWN.iter().map(|name| root.join(name));
        let known: Vec<PathBuf> = outs.chain(params).chain(own).chain(deps.clone()).collect();
        let undeclared: BTreeSet<PathBuf> = opened
            .read
            .iter()
            .filter(|path| path.starts_with(&root) && path.is_file())
            .filter(|path| !opened.written.contains(*path))
            .filter(|path| !known.iter().any(|known| path.starts_with(known)))
            .cloned()
            .collect();
        Self {
            unopened: unopened
                .map(|(dep, _)| relative(&folder, &dep.path.under(&root)))
                .collect(),
            undeclared: by_folder(&root, &known, undeclared)
                .iter()
                .map(|path| relative(&folder, path))
                .collect(),
        }
    }
}

/// Paths, all links followed.
#[derive(Debug, Default)]
struct Opened {
    read: BTreeSet<PathBuf>,
    written: BTreeSet<PathBuf>,
}

impl Opened {
    /// Takes one line: `openat(AT_FDCWD</w>, "a", O_RDONLY) = 3</w/a>`, `execve("./b", …) = 0`.
    fn take(&mut self, line: &str, folder: &Path) {
        let Some((call, result)) = line.rsplit_once(") = ") else {
            return;
        };
        if let Some(rest) = call.strip_prefix("execve(\"") {
            if let ("0", Some((program, _))) = (result, rest.split_once('"')) {
                let path = folder.join(plain(program));
                self.read.extend(path.canonicalize());
            }
            return;
        }
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let Some((number, path)) = result.split_once('<') else {
            return;
        };
        let Some(path) = path.strip_suffix('>').filter(|_| is_number(number)) else {
            return;
        };
        let path = source(PathBuf::from(plain(path)));
        let flags = call.rsplit_once("\", ").map_or("", |(_, flags)| flags);
        let writes = ["O_WRONLY", "O_CREAT", "O_TRUNC"];
        if writes.iter().any(|flag| flags.contains(flag)) {
            self.written.insert(path);
        } else {
            self.read.insert(path);
        }
    }
}

/// What strace prints of a path, its octal escapes undone.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after
            .iter()
            .take(3)
            .take_while(|digit| (b'0'..=b'7').contains(*digit))
            .count();
        if first == b'\\' && digits > 0 {
            let value = after[..digits].iter().fold(0_u8, |value, digit| {
                value.wrapping_mul(8).wrapping_add(digit - b'0')
            });
            bytes.push(value);
            rest = &after[digits..];
        } else if first == b'\\' && !after.is_empty() {
            bytes.push(after[0]);
            rest = &after[1..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The source of what Python compiled: `a/__pycache__/m.cpython-311.pyc` was made from `a/m.py`.
fn source(path: PathBuf) -> PathBuf {
    let module = || {
        let name = path.file_name()?.to_str()?.strip_suffix(".pyc")?;
        let folder = path
            .parent()
            .filter(|folder| folder.ends_with("__pycache__"))?;
        let module = name.split('.').next()?;
        Some(folder.parent()?.join(format!("{module}.py")))
    };
    module().filter(|source| source.is_file()).unwrap_or(path)
}

/// Where there are many files in a folder that holds nothing else that is known, the folder.
fn by_folder(root: &Path, known: &[PathBuf], mut paths: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for path in &paths {
        let folders = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != root);
        for folder in folders {
            *counts.entry(folder.to_owned()).or_default() += 1;
        }
    }
    for (folder, count) in counts {
        if count >= MANY && !known.iter().any(|known| known.starts_with(&folder)) {
            paths.retain(|path| !path.starts_with(&folder));
            paths.insert(folder);
        }
    }
    paths
}

/// A path as the stage's folder sees it.
fn relative(folder: &Path, path: &Path) -> String {
    let up = folder
        .ancestors()
        .position(|above| path.starts_with(above))
        .unwrap_or(0);
    let above = folder.ancestors().nth(up).unwrap_or(folder);
    let rest = path.strip_prefix(above).unwrap_or(path);
    format!("{}{}", "../".repeat(up), rest.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(lines: &[&str]) -> Opened {
        let mut opened = Opened::default();
        for line in lines {
            opened.take(line, Path::new("/w"));
        }
        opened
    }

    #[test]
    fn a_line_of_strace_is_read() {
        let found = opened(&[
            r#"openat(AT_FDCWD</w>, "a", O_RDONLY) = 3</w/a>"#,
            r#"open("sp ace", O_RDWR) = 12</w/sp ace>"#,
            r#"openat(AT_FDCWD</w>, "\303\244", O_RDONLY|O_CLOEXEC) = 3</w/\303\244>"#,
            r#"openat(AT_FDCWD</w>, "O_WRONLY", O_RDONLY) = 3</w/O_WRONLY>"#,
            r#"openat(AT_FDCWD</w>, "out", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/out>"#,
            r#"openat(AT_FDCWD</w>, "gone", O_RDONLY) = -1 ENOENT (No such file or directory)"#,
            "+++ exited with 0 +++",
        ]);
        let read = ["/w/O_WRONLY", "/w/a", "/w/sp ace", "/w/ä"].map(PathBuf::from);
        assert!(found.read.iter().eq(&read), "{found:?}");
        assert!(found.written.iter().eq([&PathBuf::from("/w/out")]));
    }

    #[test]
    fn many_files_of_a_folder_are_the_folder() {
        let many: BTreeSet<PathBuf> = (0..25)
            .map(|index| PathBuf::from(format!("/w/lib/{}/{index}", index % 3)))
            .collect();
        let root = Path::new("/w");
        let found = by_folder(root, &[], many.clone());
        assert!(found.iter().eq([&PathBuf::from("/w/lib")]));
        let kept = by_folder(root, &[PathBuf::from("/w/lib/out")], many.clone());
        assert_eq!(kept, many);
    }

    #[test]
    fn a_path_is_told_as_the_folder_of_the_stage_sees_it() {
        let from = |folder: &str| relative(Path::new(folder), Path::new("/w/a/b"));
        assert_eq!(from("/w"), "a/b");
        assert_eq!(from("/w/a"), "b");
        assert_eq!(from("/w/c/d"), "../../a/b");
    }
}
