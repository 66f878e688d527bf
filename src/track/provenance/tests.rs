use std::fs;

use git2::{IndexAddOption, Signature};
use tempfile::TempDir;

use super::*;

/// A repository on the branch `main` with one commit for each content of `params.yaml`.
fn repository(contents: &[&str]) -> (TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    let mut options = git2::RepositoryInitOptions::new();
    let repository = Repository::init_opts(folder.path(), options.initial_head("main")).unwrap();
    for content in contents {
        fs::write(folder.path().join("params.yaml"), content).unwrap();
        commit(&repository);
    }
    (folder, repository)
}

fn commit(repository: &Repository) {
    let mut index = repository.index().unwrap();
    index.add_all(["."], IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = Signature::new("a", "a@example.org", &git2::Time::new(0, 0)).unwrap();
    let parent = repository
        .head()
        .ok()
        .map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<_> = parent.iter().collect();
    repository
        .commit(Some("HEAD"), &author, &author, "m", &tree, &parents)
        .unwrap();
}

#[test]
fn a_clean_repository_has_a_commit_and_no_changes() {
    let (folder, repository) = repository(&["a: 1"]);
    let provenance = Provenance::of(folder.path());
    let commit = repository.head().unwrap().target().unwrap().to_string();
    assert!(commit.starts_with(provenance.short.as_deref().unwrap()));
    assert_eq!(provenance.commit, Some(commit));
    assert_eq!(provenance.branch.as_deref(), Some("main"));
    assert_eq!(
        (provenance.dirty, provenance.changed_total),
        (Some(false), Some(0))
    );
    assert_eq!(provenance.note, None);
}

#[test]
fn changed_and_new_files_make_it_dirty_and_ignored_ones_do_not() {
    let (folder, _repository) = repository(&["a: 1"]);
    let inner = folder.path().join("new/inner");
    fs::create_dir_all(&inner).unwrap();
    fs::write(folder.path().join("params.yaml"), "a: 2").unwrap();
    fs::write(inner.join("x"), "").unwrap();
    fs::write(folder.path().join(".gitignore"), "*.log\n").unwrap();
    fs::write(folder.path().join("run.log"), "").unwrap();
    let provenance = Provenance::of(&inner);
    assert_eq!(
        provenance.changed_files,
        [".gitignore", "new/", "params.yaml"]
    );
    assert_eq!(
        (provenance.dirty, provenance.changed_total),
        (Some(true), Some(3))
    );
}

#[test]
fn only_the_first_changed_files_are_named() {
    let (folder, _repository) = repository(&["a: 1"]);
    (0..60).for_each(|n| fs::write(folder.path().join(format!("n{n:02}")), "").unwrap());
    let provenance = Provenance::of(folder.path());
    assert_eq!(provenance.changed_files.len(), NAMED_FILES);
    assert_eq!(provenance.changed_files.last().unwrap(), "n49");
    assert_eq!(provenance.changed_total, Some(60));
}

#[test]
fn a_detached_head_has_a_commit_and_no_branch() {
    let (folder, repository) = repository(&["a: 1"]);
    repository
        .set_head_detached(repository.head().unwrap().target().unwrap())
        .unwrap();
    let provenance = Provenance::of(folder.path());
    assert!(provenance.commit.is_some());
    assert_eq!((provenance.branch, provenance.note), (None, None));
}

#[test]
fn before_the_first_commit_there_is_a_branch_alone() {
    let (folder, _repository) = repository(&[]);
    let provenance = Provenance::of(folder.path());
    assert_eq!(provenance.branch.as_deref(), Some("main"));
    assert_eq!((provenance.commit, provenance.note), (None, None));
    assert_eq!(provenance.dirty, Some(false));
    assert!(!is_revision(folder.path(), "HEAD"));
}

#[test]
fn outside_a_repository_nothing_is_known() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Provenance::of(folder.path()), Provenance::default());
    assert_eq!(
        Provenance::of(&folder.path().join("missing")),
        Provenance::default()
    );
    let error = read_at(folder.path(), "HEAD", Path::new("x")).unwrap_err();
    assert!(
        matches!(error, ProvenanceError::NoRepository { .. }),
        "{error}"
    );
}

#[test]
fn a_damaged_repository_is_a_note() {
    let (folder, _repository) = repository(&["a: 1"]);
    fs::write(folder.path().join(".git/HEAD"), "nonsense").unwrap();
    let provenance = Provenance::of(folder.path());
    assert_eq!(provenance.commit, None);
    assert!(provenance.note.is_some());
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_a_note() {
    let (folder, _repository) = repository(&["a: 1"]);
    let git = folder.path().join(".git");
    let given = [folder.path(), &git].map(|path| std::os::unix::fs::chown(path, Some(4242), None));
    if given.iter().any(Result::is_err) {
        return; // Only root can give a folder away.
    }
    let note = Provenance::of(folder.path()).note.unwrap();
    assert!(
        note.starts_with("another user owns the git repository"),
        "{note}"
    );
}

#[test]
fn files_are_read_at_any_revision() {
    let (folder, repository) = repository(&["a: 1", "a: 2"]);
    let head = repository.head().unwrap().peel_to_commit().unwrap();
    repository
        .tag_lightweight("v1", head.parent(0).unwrap().as_object(), false)
        .unwrap();
    let short = &head.id().to_string()[..8];
    let cases = [
        ("HEAD", "a: 2"),
        ("HEAD~1", "a: 1"),
        ("v1", "a: 1"),
        ("main", "a: 2"),
        (short, "a: 2"),
    ];
    for (revision, expected) in cases {
        let content = read_at(folder.path(), revision, Path::new("params.yaml")).unwrap();
        assert_eq!(content.as_deref(), Some(expected.as_bytes()), "{revision}");
        assert!(is_revision(folder.path(), revision), "{revision}");
    }
    assert_eq!(
        read_at(folder.path(), "HEAD", Path::new("missing.yaml")).unwrap(),
        None
    );
    assert!(!is_revision(folder.path(), "HEAD~2"));
    assert!(!is_revision(folder.path(), "params.yaml"));
}

#[test]
fn paths_are_relative_to_the_given_folder() {
    let (folder, repository) = repository(&["a: 1"]);
    let inner = folder.path().join("project");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("params.yaml"), "inner: 1").unwrap();
    commit(&repository);
    let read = |path: &str| read_at(&inner, "HEAD", Path::new(path));
    assert_eq!(read("params.yaml").unwrap().unwrap(), b"inner: 1");
    assert_eq!(read("../params.yaml").unwrap().unwrap(), b"a: 1");
    assert_eq!(
        read("./missing/../params.yaml").unwrap().unwrap(),
        b"inner: 1"
    );
    let texts = ["../../x", "..", "."].map(|path| read(path).unwrap_err().to_string());
    assert_eq!(texts[0], "`../../x` lies outside of the git repository");
    assert_eq!(texts[2], "`.` is not a file at `HEAD`");
    let error = read_at(&inner, "nope", Path::new("x")).unwrap_err();
    assert_eq!(error.to_string(), "git knows no revision `nope`");
}
