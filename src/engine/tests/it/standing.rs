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
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// A stage: which earlier outs it reads, whether it makes a folder, whether the cache keeps that, whether
/// the pipeline file of a folder below declares it.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each may come with any other"
)]
struct Shape {
    reads: Vec<usize>,
    below: bool,
    folder: bool,
    cached: bool,
    reads_folder: bool,
}

/// Something done to a file.
#[derive(Clone, Debug)]
enum Edit {
    Write(u8),
    /// As editors do: another file takes its place.
    Replace(u8),
    Remove,
    Executable,
}

fn shape() -> impl Strategy<Value = Shape> {
    let reads = prop::collection::vec(0..6usize, 0..3);
    let flags = any::<[bool; 4]>();
    (reads, flags).prop_map(|(reads, [below, folder, cached, reads_folder])| Shape {
        reads,
        below,
        folder,
        cached,
        reads_folder,
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => (0..4u8).prop_map(Edit::Write),
        3 => (0..4u8).prop_map(Edit::Replace),
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
    fn new(mut shapes: Vec<Shape>) -> Self {
        // The root has one.
        shapes[0].below = false;
        let lab = Self {
            folder: tempfile::tempdir().expect("a folder"),
            shapes,
        };
        lab.write("pipeline.yaml", &lab.pipeline(false));
        if lab.shapes.iter().any(|shape| shape.below) {
            lab.write("sub/pipeline.yaml", &lab.pipeline(true));
        }
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

    /// The stages of one of the two files.
    fn pipeline(&self, below: bool) -> String {
        let up = if below { "../" } else { "" };
        let mut text = "stages:\n".to_owned();
        let shapes = self.shapes.iter().enumerate().rev();
        for (index, shape) in shapes.filter(|(_, shape)| shape.below == below) {
            let mut deps = vec![format!("{up}src/{index}")];
            deps.extend(shape.reads_folder.then(|| format!("{up}in")));
            for read in shape.reads.iter().filter(|read| **read < index) {
                let inside = if self.shapes[*read].folder && read % 2 == 0 {
                    "/x"
                } else {
                    ""
                };
                deps.push(format!("{up}out/{read}{inside}"));
            }
            deps.sort();
            deps.dedup();
            let (deps, cached) = (deps.join(", "), shape.cached);
            let outs = format!("[{up}out/{index}: {{cache: {cached}}}]");
            text.extend([
                format!("  s{index}:\n    cmd: make\n"),
                format!("    deps: [{deps}]\n    outs: {outs}\n"),
            ]);
        }
        text
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn replace(&self, path: &str, text: &str) {
        let new = self.folder.path().join("new");
        fs::write(&new, text).expect("written");
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file")).expect("a folder");
        fs::rename(new, path).expect("moved");
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
            Edit::Write(version) | Edit::Replace(version) if path.ends_with("ignore") => {
                self.write(path, ["new\n", "a\n", "b\n", "y\n"][usize::from(*version)]);
            }
            Edit::Write(version) => self.write(path, &version.to_string()),
            Edit::Replace(version) => self.replace(path, &version.to_string()),
            Edit::Remove => {
                let _ = fs::remove_file(place);
            }
            Edit::Executable => executable(&place),
        }
    }

    fn project(&self) -> Project {
        Project::discover(self.folder.path(), BTreeMap::new()).expect("a project")
    }

    fn workspace(&self) -> Workspace {
        Workspace::open(self.project(), Registry::default()).expect("a pipeline")
    }

    fn kept_pipeline(&self) -> PathBuf {
        let program = std::env::current_exe().expect("a program");
        let program = program.file_stem().expect("a name").to_string_lossy();
        let name = format!(".kaslite/pipeline-{program}-pipeline.yaml");
        self.folder.path().join(name)
    }

    /// A pipeline that was read before is the one that is read now.
    fn compare_pipelines(&self) {
        let before = self.workspace().pipeline;
        let kept = self.kept_pipeline();
        let aside = kept.with_extension("aside");
        let was_kept = fs::rename(&kept, &aside).is_ok();
        let now = self.workspace().pipeline;
        if was_kept {
            fs::rename(&aside, &kept).expect("moved back");
        }
        assert_eq!(format!("{before:#?}"), format!("{now:#?}"));
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
            lab.compare_pipelines();
            lab.compare();
        }
    }
}

/// A chain of three, and a stage beside it.
fn chain() -> Lab {
    let stage = |reads: &[usize]| Shape {
        reads: reads.to_vec(),
        below: false,
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
        let lab = chain();
        lab.replace(path, "else");
        assert_eq!(lab.compare(), Some(anew), "{path} is another file");
    }
}

#[test]
fn a_pipeline_is_read_again_where_it_would_be_another() {
    let lab = chain();
    assert!(lab.kept_pipeline().is_file());
    lab.compare_pipelines();
    lab.write("src/beside", "a file");
    lab.compare_pipelines();
    lab.write(
        "sub/pipeline.yaml",
        "stages: {more: {cmd: make, outs: [x]}}",
    );
    lab.compare_pipelines();
    assert_eq!(lab.workspace().pipeline.stages.len(), 5);
    let text = fs::read_to_string(lab.folder.path().join("pipeline.yaml")).unwrap();
    lab.write("pipeline.yaml", &text.replace("cmd: make", "cmd: made"));
    lab.compare_pipelines();
    let stages = lab.workspace().pipeline.stages;
    assert!(format!("{stages:?}").contains("made"));
}

#[test]
fn files_that_no_stage_looks_at_concern_none() {
    let lab = chain();
    let holds = || Certificate::load(&lab.project(), &[]).is_some();
    lab.write("src/beside", "a file");
    assert!(!holds());
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(lab.compare(), Some(0));
    assert!(holds(), "the folder is known again");
    lab.write("other/file", "in a folder that was not there");
    assert_eq!(lab.compare(), None);
    lab.certify();
    lab.write("other/pipeline.yaml", "stages: {}");
    assert_eq!(lab.compare(), None);
}

#[test]
fn a_pointer_that_is_new_is_asked_of_the_pipeline() {
    let lab = chain();
    lab.write("src/beside", "a file");
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(lab.compare(), Some(0));
    let pointer = "path: beside\ndigest: 0\nsize: 0\n";
    lab.write("src/beside.kaslite", pointer);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(lab.compare(), None, "what it names may be another");
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
