//! The hot paths of the engine, on a project of a thousand stages that all read the first one's out.
//!
//! `cargo bench -p kaslite --bench engine`; `benches/bars.py` holds the whole program beside its peers.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use kaslite_engine::certificate::Certificate;
use kaslite_engine::commit::commit;
use kaslite_engine::lock;
use kaslite_engine::manifest::Pipeline;
use kaslite_engine::project::Project;
use kaslite_engine::registry::Registry;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::snapshot::Snapshot;
use kaslite_engine::standing::Standing;
use kaslite_engine::workspace::{Selection, Workspace};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const STAGES: usize = 1000;

/// Longer than a tick of the file system's clock: only what is older is remembered.
const SETTLE: Duration = Duration::from_millis(40);

/// A project all of whose stages are fresh, and known to be.
struct Made {
    folder: TempDir,
    project: Project,
}

impl Made {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for name in ["src", "out"] {
            fs::create_dir(root.join(name)).expect("a folder");
        }
        let mut text = "stages:\n".to_owned();
        for index in 0..STAGES {
            let first = if index == 0 { "" } else { ", out/0" };
            // A String takes any text.
            let _ = writeln!(
                text,
                "  s{index}: {{cmd: make, deps: [src/{index}{first}], outs: [out/{index}]}}"
            );
            for name in ["src", "out"] {
                let path = root.join(format!("{name}/{index}"));
                fs::write(path, index.to_string()).expect("written");
            }
        }
        let file = root.join("pipeline.yaml");
        fs::write(&file, text).expect("written");
        let project = Project::of_file(&file, BTreeMap::new());
        let made = Self { folder, project };
        commit(&made.open(), &Selection::default()).expect("all is there");
        std::thread::sleep(SETTLE);
        let workspace = made.open();
        let plan = workspace.plan(&Selection::default(), false);
        workspace.snapshot.save();
        Certificate::keep(&workspace, &plan.expect("no problem"));
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What is kept of the pipeline as it was read.
    fn kept_pipeline(&self) -> PathBuf {
        let files = fs::read_dir(self.path(".kaslite")).expect("a folder");
        let mut paths = files.map(|entry| entry.expect("its entry").path());
        let is_kept = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("pipeline-")
        };
        paths.find(is_kept).expect("it was kept")
    }

    fn open(&self) -> Workspace {
        Workspace::open(self.project.clone(), Registry::default()).expect("a pipeline")
    }

    fn load(&self) -> Pipeline {
        Pipeline::load(&self.project, &[]).expect("a pipeline")
    }
}

fn standing(criterion: &mut Criterion) {
    let made = Made::new();
    let find = || Standing::find(&made.project, &[]).expect("a certificate");
    assert!(find().is_fresh());
    let mut group = criterion.benchmark_group("status of 1,000 stages");
    group.bench_function("nothing changed", |bencher| bencher.iter(find));
    group.bench_function("all judged", |bencher| {
        bencher.iter(|| made.open().plan(&Selection::default(), false));
    });
    fs::write(made.path("src/999"), "another").expect("written");
    assert!(!find().is_fresh());
    group.bench_function("one leaf changed", |bencher| bencher.iter(find));
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    let made = Made::new();
    let mut group = criterion.benchmark_group("1,000 stages read");
    group.bench_function("the pipeline, as it was kept", |bencher| {
        bencher.iter(|| made.load());
    });
    let kept = made.kept_pipeline();
    group.bench_function("the pipeline, parsed and expanded", |bencher| {
        let forget = || fs::remove_file(&kept);
        bencher.iter_batched(forget, |_| made.load(), BatchSize::PerIteration);
    });
    let text = fs::read_to_string(made.path("pipeline.lock")).expect("a lock");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("the lock, parsed", |bencher| {
        bencher.iter(|| lock::parse("pipeline.lock", &text).expect("a lock"));
    });
    group.finish();
}

fn hashing(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("large"), vec![7; 64 << 20]).expect("written");
    small_files(&folder.path().join("small"));
    let mut group = criterion.benchmark_group("hashing");
    group.sample_size(20);
    let project = Project::of_file(&folder.path().join("pipeline.yaml"), BTreeMap::new());
    let look = |name: &str| {
        let path = RelPath::root().join(name);
        Snapshot::new(&project).get(&path).expect("it can be read")
    };
    group.throughput(Throughput::Bytes(64 << 20));
    group.bench_function("a file of 64 MiB", |bencher| {
        bencher.iter(|| look("large"));
    });
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("10,000 files of 1 KiB", |bencher| {
        bencher.iter(|| look("small"));
    });
    group.finish();
}

fn small_files(folder: &Path) {
    for index in 0..10_000_u32 {
        let inner = folder.join((index / 1000).to_string());
        fs::create_dir_all(&inner).expect("a folder");
        let bytes: Vec<u8> = index.to_le_bytes().repeat(256);
        fs::write(inner.join(index.to_string()), bytes).expect("written");
    }
}

criterion_group!(benches, standing, reading, hashing);
criterion_main!(benches);
