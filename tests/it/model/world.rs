//! [`World`]: a project that things happen to, and what is known of it.

use crate::model::definition::Definition;
use crate::model::disk::held;
use crate::model::driver::{Driver, Place, Wish};
use crate::model::edits::{remove, write};
use crate::model::oracle::{self, Outs};
use crate::model::stage::{Makes, Member, Stage};
use crate::model::step::{Change, Draft, Step};
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Stages that a project may have.
const MOST: usize = 8;
/// The files that no stage makes.
const SOURCES: [&str; 9] = [
    "src/0",
    "src/1",
    "src/2",
    "dir/0/a",
    "dir/0/b",
    "dir/1/a",
    "dir/1/sub/a",
    "alt/0",
    "alt/1",
];

const CONFIG: &str = ".kaslite/config.yaml";

/// What is known of what kaslite knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// What stages make, by what they are made from, where someone said so with `commit`.
    pub(super) accepted: BTreeMap<String, Vec<Outs>>,
    /// What the run cache has for certain.
    pub(super) known: BTreeSet<String>,
    /// What the lock has for certain: stage → made from what, and what.
    pub(super) locked: BTreeMap<String, (String, Outs)>,
    /// Whether a run was killed since the last one that came to its end.
    pub(super) torn: bool,
    /// Whether the cache was ever damaged.
    pub(super) damaged: bool,
}

/// What a commit of git holds.
struct Saved {
    lock: Option<String>,
    definition: Definition,
    locked: BTreeMap<String, (String, Outs)>,
}

/// A project that things happen to.
pub(super) struct World<'a> {
    pub(super) driver: &'a dyn Driver,
    pub(super) definition: Definition,
    pub(super) memory: Memory,
    pub(super) root: PathBuf,
    /// How files are shared with the cache.
    sharing: &'static str,
    saved: Vec<Saved>,
    next: usize,
    _folder: TempDir,
}

impl<'a> World<'a> {
    pub(super) fn new(driver: &'a dyn Driver, drafts: Vec<Draft>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("model")
            .tempdir()
            .expect("a temp folder");
        let root = folder.path().canonicalize().expect("a temp folder");
        fs::create_dir(root.join("w")).expect("a folder");
        for source in SOURCES {
            write(&root, source, "source 0\n");
        }
        let mut world = Self {
            driver,
            definition: Definition::default(),
            memory: Memory::default(),
            root,
            sharing: "copy",
            saved: Vec::new(),
            next: 0,
            _folder: folder,
        };
        for draft in drafts {
            world.add(draft);
        }
        world.sync();
        world
    }

    pub(super) fn place(&self) -> Place {
        Place {
            root: self.root.clone(),
            environment: self.definition.environment(),
            code: self.definition.code,
        }
    }

    /// Lets one thing happen.
    pub(super) fn happen(&mut self, step: &Step) {
        match step {
            Step::Add(draft) => self.add(draft.clone()),
            Step::Change(stage, change) => self.change(*stage, change),
            Step::Source(source, edit) => self.edit(source.get::<&str>(&SOURCES), edit),
            Step::Out(out, edit) => self.edit_out(*out, edit),
            Step::Param(number, value) => self.definition.params[*number] = *value,
            Step::Level(level) => self.definition.level = *level,
            Step::Comment => self.definition.comment += 1,
            Step::Variable(value) => self.definition.variable = *value,
            Step::Code => self.definition.code = !self.definition.code,
            Step::Wait => std::thread::sleep(Duration::from_millis(12)),
            Step::Run {
                target,
                wish,
                asks,
                trouble,
            } => {
                let mut wish = wish.clone();
                let members = self.definition.members();
                if members.is_empty() {
                    // Of nothing there is no part.
                    (wish.single, wish.downstream) = (false, false);
                } else {
                    let target = target.map(|target| target.get(&members).name.clone());
                    wish.targets.extend(target);
                }
                self.run(&wish, *asks, trouble);
            }
            Step::Both(target, many) => self.both(*target, *many),
            Step::Sharing(sharing) => self.sharing = sharing,
            Step::Commit => self.commit(),
            Step::Checkout(force) => self.checkout(*force),
            Step::Gc => self.gc(),
            Step::LoseState(file) => self.lose(*file),
            Step::DamageState(file, byte) => self.damage(*file, *byte),
            Step::LoseLock => {
                let _ = fs::remove_file(self.root.join("pipeline.lock"));
                self.memory.locked.clear();
            }
            Step::Save => self.save(),
            Step::Restore(saved, all) => self.restore(*saved, *all),
        }
        self.sync();
    }

    /// The files as they are defined.
    fn sync(&self) {
        for (name, text) in [
            ("pipeline.yaml", self.definition.pipeline()),
            ("params.yaml", self.definition.params()),
            (CONFIG, format!("cache: {{link: {}}}\n", self.sharing)),
        ] {
            if fs::read_to_string(self.root.join(name)).ok().as_ref() != Some(&text) {
                write(&self.root, name, &text);
            }
        }
    }

    fn add(&mut self, draft: Draft) {
        if self.definition.stages.len() >= MOST {
            return;
        }
        let id = self.next;
        self.next += 1;
        let shell = draft.shell;
        let mut stage = Stage {
            id,
            name: format!("s{id}"),
            shell,
            salt: draft.salt,
            makes: match draft.makes {
                0 => Makes::Folder,
                1 if shell => Makes::TwoFiles,
                _ => Makes::File,
            },
            deps: Vec::new(),
            params: if shell && !draft.wdir {
                draft.params
            } else {
                Vec::new()
            },
            env: shell && draft.env,
            wdir: shell && draft.wdir,
            items: draft.items,
            fails: false,
            cache: draft.cache,
            persist: draft.persist,
            frozen: false,
            always_changed: false,
        };
        for (kind, pick) in draft.deps {
            self.add_dep(&mut stage, kind, pick);
        }
        self.definition.stages.push(stage);
    }

    fn add_dep(&self, stage: &mut Stage, kind: u8, pick: Index) {
        let earlier = |other: &&Stage| other.id < stage.id;
        let earlier: Vec<&Stage> = self.definition.stages.iter().filter(earlier).collect();
        let members: Vec<Member<'_>> = earlier.iter().flat_map(|stage| stage.members()).collect();
        let outs: Vec<String> = members.iter().flat_map(Member::outs).collect();
        let dep = match kind {
            0 | 1 => Some((*pick.get::<&str>(&SOURCES)).to_owned()),
            2 => Some(format!("dir/{}", pick.index(2))),
            3 => {
                let folders: Vec<&String> = outs.iter().filter(|out| out.contains(".d")).collect();
                (!folders.is_empty()).then(|| format!("{}/a", pick.get(&folders)))
            }
            4 => {
                let whole = earlier
                    .iter()
                    .map(|other| other.id / 3)
                    .filter(|group| *group < stage.id / 3);
                let whole: Vec<usize> = whole.collect();
                (!whole.is_empty()).then(|| format!("x{}", pick.get(&whole)))
            }
            _ => (!outs.is_empty()).then(|| pick.get(&outs).clone()),
        };
        if let Some(dep) = dep.filter(|dep| !stage.deps.contains(dep)) {
            stage.deps.push(dep);
        }
    }

    fn change(&mut self, which: Index, change: &Change) {
        let count = self.definition.stages.len();
        if count == 0 {
            return;
        }
        let index = which.index(count);
        let stages = &mut self.definition.stages;
        let stage = &mut stages[index];
        match change {
            Change::Salt(salt) => stage.salt = *salt,
            // The built-in stage that fails makes one file.
            Change::Fails => {
                stage.fails = !stage.fails && (stage.shell || stage.makes == Makes::File);
            }
            Change::Frozen => stage.frozen = !stage.frozen,
            Change::AlwaysChanged => stage.always_changed = !stage.always_changed,
            Change::Cache => stage.cache = !stage.cache,
            Change::Persist => stage.persist = !stage.persist,
            Change::Rename => stage.name = format!("s{}r{}", stage.id, self.next),
            Change::Remove => drop(stages.remove(index)),
            Change::Move => {
                let stage = stages.remove(index);
                stages.insert(if index == 0 { count - 1 } else { 0 }, stage);
            }
            Change::Items(bits) => {
                let items: Vec<u8> = (1..4)
                    .filter(|item| bits & (1 << (item - 1)) != 0)
                    .collect();
                stage.items = (!items.is_empty()).then_some(items);
            }
            Change::DropDep(dep) if !stage.deps.is_empty() => {
                stage.deps.remove(dep.index(stage.deps.len()));
            }
            Change::DropDep(_) => {}
            Change::AddDep(kind, pick) => {
                let mut stage = stage.clone();
                self.add_dep(&mut stage, *kind, *pick);
                self.definition.stages[index] = stage;
            }
        }
    }

    fn save(&mut self) {
        self.saved.push(Saved {
            lock: fs::read_to_string(self.root.join("pipeline.lock")).ok(),
            definition: self.definition.clone(),
            locked: if self.memory.torn {
                BTreeMap::new()
            } else {
                self.memory.locked.clone()
            },
        });
    }

    fn restore(&mut self, which: Index, all: bool) {
        if self.saved.is_empty() {
            return;
        }
        let saved = which.get(&self.saved);
        match &saved.lock {
            Some(text) => write(&self.root, "pipeline.lock", text),
            None => remove(&self.root.join("pipeline.lock"), true),
        }
        self.memory.locked = if self.memory.torn {
            BTreeMap::new()
        } else {
            saved.locked.clone()
        };
        if all {
            self.definition = saved.definition.clone();
        }
    }

    /// Every file and folder of kaslite's state, itself the first.
    fn state(&self) -> Vec<PathBuf> {
        let mut found = vec![self.root.join(".kaslite")];
        let mut next = 0;
        while let Some(folder) = found.get(next) {
            let entries = fs::read_dir(folder).into_iter().flatten();
            let mut below: Vec<PathBuf> = entries
                .map(|entry| entry.expect("an entry").path())
                .collect();
            below.sort();
            found.extend(below);
            next += 1;
        }
        found
    }

    fn lose(&mut self, which: Index) {
        let state = self.state();
        let place = which.get(&state);
        if which.index(state.len()) == 0 || place.to_string_lossy().contains("cache") {
            self.memory.known.clear();
        }
        remove(place, true);
    }

    fn damage(&mut self, which: Index, byte: Index) {
        // What is promised of the journal is that it may be cut off.
        let mut files = self.state();
        let is_told = |path: &Path| {
            let path = path.to_string_lossy();
            path.contains("journal") || path.ends_with(CONFIG)
        };
        files.retain(|path| path.is_file() && !is_told(path));
        if files.is_empty() {
            return;
        }
        let place = which.get(&files);
        let mut bytes = fs::read(place).expect("a file");
        if !bytes.is_empty() {
            let at = byte.index(bytes.len());
            bytes[at] ^= 1;
            remove(place, true);
            fs::write(place, bytes).expect("a file of ours");
        }
        self.memory.known.clear();
        self.memory.damaged = true;
    }

    /// Whether something that a stage reads is not there, nor what it makes where `outs` count too.
    pub(super) fn lacks(&self, outs: bool) -> bool {
        self.definition.members().iter().any(|member| {
            let lacks =
                |paths: &[String]| paths.iter().any(|path| held(&self.root, path).is_none());
            lacks(&member.stage.deps) || (outs && lacks(&member.outs()))
        })
    }

    /// Two runs at once: of all, and of all or of what a stage needs.
    fn both(&mut self, target: Option<Index>, many: bool) {
        let members = self.definition.members();
        let target = target.filter(|_| !members.is_empty());
        let wish = |target: Option<String>| Wish {
            targets: target.into_iter().collect(),
            keep_going: true,
            jobs: if many { 4 } else { 1 },
            ..Wish::default()
        };
        let second = wish(target.map(|target| target.get(&members).name.clone()));
        self.run_both(&wish(None), &second);
    }

    fn commit(&mut self) {
        let done = self.driver.commit(&self.place(), &[]);
        if let Err(problem) = done {
            assert!(self.lacks(true), "commit: {problem}");
            return;
        }
        self.memory.torn = false;
        for member in self.definition.members() {
            let deps = oracle::read(&self.root, &member);
            let made = oracle::made(&self.root, &member);
            let identity = oracle::identity(&self.definition, &member, &deps);
            self.memory
                .accepted
                .entry(identity.clone())
                .or_default()
                .push(made.clone());
            self.memory.locked.insert(member.name, (identity, made));
        }
    }

    fn checkout(&mut self, force: bool) {
        match self.driver.checkout(&self.place(), force) {
            Ok(()) => self.memory.torn = false,
            Err(problem) => assert!(
                !force && problem.contains("in the way"),
                "checkout: {problem}"
            ),
        }
    }

    fn gc(&mut self) {
        if let Err(problem) = self.driver.gc(&self.place()) {
            panic!("gc: {problem}");
        }
        let needed: BTreeSet<&String> = self
            .memory
            .locked
            .values()
            .map(|(identity, _)| identity)
            .collect();
        self.memory
            .known
            .retain(|identity| needed.contains(identity));
    }
}
