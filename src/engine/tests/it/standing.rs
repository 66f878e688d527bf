//! What is said of a project by looking only at what changed is what the whole pipeline says.

use crate::support::cases;
use kaslite_engine::certificate::Certificate;
use kaslite_engine::commit::commit;
use kaslite_engine::event::Decided;
use kaslite_engine::judge::Judged;
use kaslite_engine::project::Project;
use kaslite_engine::registry::Registry;
use kaslite_engine::standing::Standing;
use kaslite_engine::workspace::{Selection, Workspace};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// A stage: which earlier outs it reads, whether it makes a folder, whether the cache keeps that.
#[derive(Clone, Debug)]
struct Shape {
    reads: Vec<usize>,
    folder: bool,
    cached: bool,
    reads_folder: bool,
}

/// Something done to a file.
#[derive(Clone, Debug)]
enum Edit {
    Write(u8),
    Remove,
    Executable,
}

fn shape() -> impl Strategy<Value = Shape> {
    let reads = prop::collection::vec(0..6usize, 0..3);
    (reads, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(reads, folder, cached, reads_folder)| Shape {
            reads,
            folder,
            cached,
            reads_folder,
        },
    )
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => (0..4u8).prop_map(Edit::Write),
        1 => Just(Edit::Remove),
        1 => Just(Edit::Executable),
    ]
}

/// A project whose stages are declared in the reverse of the order they run.
struct Lab {
    folder: TempDir,
    shapes: Vec<Shape>,
}

impl Lab {
    fn new(shapes: Vec<Shape>) -> Self {
        let lab = Self {
            folder: tempfile::tempdir().expect("a folder"),
            shapes,
        };
        let mut text = "stages:\n".to_owned();
        for (index, shape) in lab.shapes.iter().enumerate().rev() {
            let mut deps = vec![format!("src/{index}")];
            deps.extend(shape.reads_folder.then(|| "in".to_owned()));
            for read in shape.reads.iter().filter(|read| **read < index) {
                let inside = if lab.shapes[*read].folder && read % 2 == 0 {
                    "/x"
                } else {
                    ""
                };
                deps.push(format!("out/{read}{inside}"));
            }
            deps.sort();
            deps.dedup();
            let (deps, cached) = (deps.join(", "), shape.cached);
            let outs = format!("[out/{index}: {{cache: {cached}}}]");
            text.extend([
                format!("  s{index}:\n    cmd: make\n"),
                format!("    deps: [{deps}]\n    outs: {outs}\n"),
            ]);
        }
        lab.write("pipeline.yaml", &text);
        for name in ["in/a", "in/sub/b"] {
            lab.write(name, "in");
        }
        for version in ["1", "0"] {
            for path in lab.own_files() {
                lab.write(&path, version);
            }
            commit(&lab.workspace(), &Selection::default()).expect("all is there");
        }
        lab
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// The sources and the files that stages make.
    fn own_files(&self) -> Vec<String> {
        let mut files = Vec::new();
        for (index, shape) in self.shapes.iter().enumerate() {
            files.push(format!("src/{index}"));
            let ends: &[&str] = if shape.folder { &["/x", "/y/z"] } else { &[""] };
            files.extend(ends.iter().map(|end| format!("out/{index}{end}")));
        }
        files
    }

    fn all_files(&self) -> Vec<String> {
        let others = [
            "in/a",
            "in/sub/b",
            "in/sub/new",
            "in/.kasliteignore",
            ".kasliteignore",
        ];
        let mut files = self.own_files();
        files.extend(others.map(str::to_owned));
        files
    }

    fn apply(&self, path: &str, edit: &Edit) {
        let place = self.folder.path().join(path);
        match edit {
            Edit::Write(version) if path.ends_with("ignore") => {
                self.write(path, ["new\n", "a\n", "b\n", "y\n"][usize::from(*version)]);
            }
            Edit::Write(version) => self.write(path, &version.to_string()),
            Edit::Remove => {
                let _ = fs::remove_file(place);
            }
            Edit::Executable => executable(&place),
        }
    }

    fn project(&self) -> Project {
        Project::of_file(&self.folder.path().join("pipeline.yaml"), BTreeMap::new())
    }

    fn workspace(&self) -> Workspace {
        Workspace::open(self.project(), Registry::default()).expect("a pipeline")
    }

    /// Lets everything be found fresh.
    fn certify(&self) {
        std::thread::sleep(Duration::from_millis(30));
        let workspace = self.workspace();
        let plan = workspace.plan(&Selection::default(), false);
        let plan = plan.expect("no problem");
        Certificate::keep(&workspace, &plan);
    }

    /// How many stages were judged anew; `None` where the whole pipeline had to be asked.
    fn compare(&self) -> Option<usize> {
        let standing = Standing::find(&self.project(), &[])?;
        let workspace = self.workspace();
        let plan = workspace.plan(&Selection::default(), false);
        let plan = plan.expect("where the pipeline has a problem nothing else is said");
        assert_eq!(standing.stages().len(), plan.len());
        let mut anew = 0;
        for ((name, judged), (index, all)) in standing.stages().zip(&plan) {
            assert_eq!(name, workspace.pipeline.stages[*index].name);
            match judged {
                None => assert_eq!(all.decision.what, Decided::Fresh, "{name}"),
                Some(judged) => {
                    anew += 1;
                    assert_eq!(parts(judged), parts(all), "{name}");
                }
            }
        }
        Some(anew)
    }
}

fn parts(judged: &Judged) -> String {
    format!("{judged:#?}")
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    if path.is_file() {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
    }
}

#[cfg(not(unix))]
fn executable(_: &Path) {}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_changed_tells_as_much_as_the_whole_pipeline(
        shapes in prop::collection::vec(shape(), 1..6),
        rounds in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..4), 1..4),
    ) {
        let lab = Lab::new(shapes);
        lab.certify();
        for edits in rounds {
            for (path, edit) in edits {
                let files = lab.all_files();
                let path: &String = path.get(&files);
                lab.apply(path, &edit);
            }
            lab.compare();
        }
    }
}

/// A chain of three, and a stage beside it.
fn chain() -> Lab {
    let stage = |reads: &[usize]| Shape {
        reads: reads.to_vec(),
        folder: false,
        cached: true,
        reads_folder: false,
    };
    let lab = Lab::new(vec![stage(&[]), stage(&[0]), stage(&[1]), stage(&[])]);
    lab.certify();
    lab
}

#[test]
fn only_what_a_change_concerns_is_judged() {
    for (path, anew) in [
        ("src/3", 1),
        ("src/2", 1),
        ("src/1", 2),
        ("src/0", 3),
        ("out/1", 2),
    ] {
        let lab = chain();
        assert_eq!(lab.compare(), Some(0));
        lab.write(path, "else");
        assert_eq!(lab.compare(), Some(anew), "{path}");
    }
}

#[test]
fn what_the_certificate_does_not_cover_is_asked_of_the_pipeline() {
    for path in ["pipeline.yaml", "pipeline.lock", ".kasliteignore"] {
        let lab = chain();
        let text = fs::read_to_string(lab.folder.path().join(path)).unwrap_or_default();
        std::thread::sleep(Duration::from_millis(30));
        lab.write(path, &(text + "\n"));
        assert_eq!(lab.compare(), None, "{path}");
    }
    let lab = chain();
    lab.write("src/1", "else");
    let kept = lab
        .folder
        .path()
        .join(".kaslite/fresh-stages-pipeline.yaml");
    let mut bytes = fs::read(&kept).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&kept, bytes).unwrap();
    assert_eq!(lab.compare(), None, "a damaged memo");
}
