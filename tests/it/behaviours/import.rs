//! `kaslite import-dvc`: a DVC project becomes one of kaslite.

use crate::behaviours::real_pipelines::{copy, projects};
use crate::support::Space;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

const VERSION: &str = "dvc==3.67.1";

/// The digest of a text, by another program.
fn md5(space: &Space, text: &str) -> String {
    space.write("digest.tmp", text);
    let ran = space.finish(space.program("md5sum").arg("digest.tmp")).ok();
    space.remove("digest.tmp");
    ran.stdout[..32].to_owned()
}

/// A project as DVC leaves it: `split` makes a folder, `train` reads it, `wide` never ran.
fn left_by_dvc() -> Space {
    let space = Space::empty();
    space.git("init -q");
    space.write(
        ".dvc/config",
        "[cache]\n    type = \"reflink,hardlink\"\n['remote \"far\"']\n    url = s3://bucket\n",
    );
    space.write(".dvcignore", "# no temp files\n*.tmp\n");
    space.write(
        "dvc.yaml",
        "stages:
  split:
    cmd: tick && mkdir parts && cp raw.txt parts/a.txt && cp raw.txt 'parts/ä b.txt'
    deps: [raw.txt]
    params: [ratio]
    outs: [parts]
  train: # kept
    cmd: tick && cat parts/a.txt > model.txt
    deps: [parts]
    outs: [model.txt]
  wide:
    cmd: |
      tick
      touch wide.txt
    deps: [raw.txt]
    outs: [wide.txt]
",
    );
    space.write("params.yaml", "ratio: 1.0\nother: 2\n");
    for name in ["raw.txt", "parts/a.txt", "parts/ä b.txt", "model.txt"] {
        space.write(name, "one\n");
    }
    let one = md5(&space, "one\n");
    let list = format!(
        r#"[{{"md5": "{one}", "relpath": "a.txt"}}, {{"md5": "{one}", "relpath": "\u00e4 b.txt"}}]"#
    );
    let parts = md5(&space, &list);
    space.write(
        "dvc.lock",
        format!(
            "schema: '2.0'
stages:
  split:
    cmd: tick && mkdir parts && cp raw.txt parts/a.txt && cp raw.txt 'parts/ä b.txt'
    deps:
    - {{path: raw.txt, hash: md5, md5: {one}, size: 4}}
    params:
      params.yaml:
        ratio: 1
    outs:
    - {{path: parts, hash: md5, md5: {parts}.dir, size: 8, nfiles: 2}}
  train:
    cmd: tick && cat parts/a.txt > model.txt
    deps:
    - {{path: parts, hash: md5, md5: {parts}.dir, size: 8, nfiles: 2}}
    outs:
    - {{path: model.txt, hash: md5, md5: {one}, size: 4}}
"
        ),
    );
    space
}

#[test]
fn what_is_fresh_for_dvc_is_fresh_afterwards() {
    let space = left_by_dvc();
    let ran = space.kaslite("import-dvc").ok();
    insta::assert_snapshot!(ran.text());
    assert_eq!(space.read("pipeline.yaml"), space.read("dvc.yaml"));
    assert_eq!(space.read(".kasliteignore"), space.read(".dvcignore"));
    assert_eq!(
        space.read(".kaslite/config.yaml"),
        "cache: {link: [reflink, hardlink]}\n"
    );
    space
        .kaslite("status --check")
        .exits(3)
        .prints("wide: stale");
    assert_eq!(space.repro(), ["wide"]);
    // Without anything of DVC's.
    for name in ["dvc.yaml", "dvc.lock", ".dvc", ".dvcignore"] {
        space.remove(name);
    }
    space.kaslite("status --check").ok();
    space.remove("parts");
    assert!(space.repro().is_empty(), "the cache has it");
}

#[test]
fn what_is_not_as_dvc_has_it_is_left_stale_with_the_reason() {
    for (file, text, stage, reason) in [
        ("raw.txt", "two\n", "split", "its dep `raw.txt` is not what"),
        (
            "model.txt",
            "two\n",
            "train",
            "its out `model.txt` is not what",
        ),
        ("parts/c.txt", "", "split", "its out `parts` is not what"),
        (
            "params.yaml",
            "ratio: 2\n",
            "split",
            "`ratio` of `params.yaml`",
        ),
        (
            "params.yaml",
            "ratio: '1'\n",
            "split",
            "`ratio` of `params.yaml`",
        ),
    ] {
        let space = left_by_dvc();
        space.write(file, text);
        let ran = space.kaslite("import-dvc").ok();
        ran.prints(&format!("{stage}: left stale: {reason}"));
    }
    let space = left_by_dvc();
    space.remove("model.txt");
    let ran = space.kaslite("import-dvc").ok();
    ran.prints("train: left stale: its out `model.txt` is not here");
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["train", "wide"]);
    let space = left_by_dvc();
    space.edit("dvc.yaml", "cat parts/a.txt >", "cat  parts/a.txt >");
    space
        .kaslite("import-dvc")
        .ok()
        .prints("train: left stale: its command is another one");
}

#[test]
fn nothing_is_overwritten_and_dry_writes_nothing() {
    let space = left_by_dvc();
    let before = space.files();
    let dry = space.kaslite("import-dvc --dry").ok();
    dry.prints("would write pipeline.yaml (from dvc.yaml)");
    assert_eq!(space.files(), before);
    space.kaslite("import-dvc").ok();
    space.edit("pipeline.yaml", "# kept", "# mine");
    let before = space.files();
    space
        .kaslite("import-dvc")
        .exits(2)
        .says("`pipeline.yaml` is there already")
        .says("--force");
    assert_eq!(space.files(), before);
    space.kaslite("import-dvc --force").ok();
    assert!(space.read("pipeline.yaml").contains("# kept"));
    let space = Space::new("stages: {a: {cmd: 'true'}}");
    space
        .kaslite("import-dvc")
        .exits(2)
        .says("no `dvc.yaml` in this project");
    let space = left_by_dvc();
    space.edit("dvc.yaml", "deps: [parts]", "dep: [parts]");
    space.kaslite("import-dvc").exits(2).says("dvc.yaml:9");
    assert!(!space.has("pipeline.yaml"));
}

#[test]
fn lines_that_an_old_dvc_evened_are_known() {
    let space = left_by_dvc();
    let one = md5(&space, "one\n");
    space.edit("dvc.lock", "hash: md5, ", "");
    for name in ["raw.txt", "model.txt"] {
        space.write(name, "one\r\n");
    }
    let ran = space.kaslite("import-dvc").ok();
    ran.prints("train: fresh").prints("split: fresh");
    assert!(space.read("dvc.lock").contains(&one));
}

#[test]
fn pointers_are_checked_and_where_they_came_from_is_told() {
    let space = left_by_dvc();
    let one = md5(&space, "one\n");
    let pointer = |name: &str, md5: &str, more: &str| {
        space.write(
            &format!("{name}.dvc"),
            format!("{more}outs:\n- {{md5: {md5}, size: 4, hash: md5, path: {name}}}\n"),
        );
    };
    pointer("raw.txt", &one, "");
    pointer("gone.csv", &one, "");
    pointer(
        "other.txt",
        &one,
        "deps: [{path: 'https://example.org/x', etag: a}]\nfrozen: true\n",
    );
    space.write("other.txt", "edited\n");
    let ran = space.kaslite("import-dvc").ok();
    let ran = ran.says("gone.csv.dvc: `gone.csv` is not here");
    let ran = ran.says("other.txt.dvc: `other.txt` is not what DVC remembers");
    let ran = ran.says("taken from `https://example.org/x`");
    assert!(!ran.stderr.contains("raw.txt.dvc"), "{}", ran.stderr);
    ran.says("data that DVC keeps, and goes on to: `raw.txt`; `kaslite add` takes it over");
}

#[test]
fn what_nothing_here_reads_is_told() {
    let space = left_by_dvc();
    let stages = space.read("dvc.yaml");
    space.write(
        "dvc.yaml",
        format!("artifacts: {{m: {{path: model.txt}}}}\ndatasets: []\n{stages}"),
    );
    space.write(".dvc/plots/mine.json", "{}");
    space
        .kaslite("import-dvc")
        .ok()
        .says("dvc.yaml: `artifacts` is for DVC's model registry")
        .says("dvc.yaml: `datasets` is for DVC and DataChain")
        .says(".dvc/plots: the templates `mine.json`");
}

#[test]
fn real_projects_keep_their_stages_and_edges() {
    let projects = projects();
    if projects.is_empty() {
        let _ = writeln!(std::io::stderr(), "skipped: no real pipelines here");
    }
    for project in projects {
        let space = copy(&project);
        let before = space.kaslite("dag --dot").ok().stdout;
        let name = project.display();
        let ran = space.kaslite("import-dvc").ok();
        assert!(
            !ran.stdout.contains(": fresh"),
            "{name}: nothing of its data is here"
        );
        let ours = before.replace("/dvc.yaml:", "/pipeline.yaml:");
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        let after = space.kaslite("dag --dot").ok().stdout;
        assert_eq!(sorted(&after), sorted(&ours), "{name}");
        // The project stays where it is when DVC's folder goes.
        space.remove(".dvc");
        space.git("init -q");
        assert_eq!(space.kaslite("dag --dot").ok().stdout, after, "{name}");
    }
}

/// DVC itself, installed once a user; `None`, said aloud, where it cannot be had.
fn dvc() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let folder = cache.join("kaslite/dvc");
    let program = folder.join("bin/dvc");
    let runs = || {
        let mut command = Command::new(&program);
        let done = command.arg("--version").output();
        done.is_ok_and(|done| done.status.success())
    };
    if !runs() {
        let mut venv = Command::new("python3");
        let made = venv.args(["-m", "venv"]).arg(&folder).output();
        made.ok().filter(|done| done.status.success())?;
        let mut pip = Command::new(folder.join("bin/python3"));
        let installed = pip
            .args(["-m", "pip", "install", "--quiet", VERSION])
            .output();
        installed.ok().filter(|done| done.status.success())?;
    }
    runs().then_some(program)
}

#[test]
fn a_project_that_dvc_itself_ran_is_fresh() {
    let Some(dvc) = dvc() else {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {VERSION} cannot be installed here"
        );
        return;
    };
    let mut space = Space::empty();
    space.set("DVC_NO_ANALYTICS", "1");
    let run = |line: &str| {
        let mut command = space.program(&dvc);
        space.finish(command.args(line.split_whitespace())).ok()
    };
    space.git("init -q");
    run("init -q");
    space.write("data/raw.txt", "one\r\ntwo\n");
    run("add -q data/raw.txt");
    space.write(
        "params.yaml",
        "n: 1e-4\nlayers: [64, 32]\nsub: {a: yes, b: null}\n",
    );
    space.write("more.toml", "x = 2.50\n");
    space.write(
        "dvc.yaml",
        "vars: [{ending: txt}]
stages:
  split:
    cmd: mkdir -p parts/deep && cp data/raw.txt parts/a.${ending} && cp data/raw.txt 'parts/deep/ö \"q\".txt' && touch parts/empty
    deps: [data/raw.txt]
    params: [n, layers, sub, more.toml: [x]]
    outs: [parts]
  each:
    foreach: [us, uk]
    do:
      cmd: cat parts/a.txt > ${item}.csv
      deps: [parts]
      outs: [{'${item}.csv': {cache: false}}]
",
    );
    space.write(
        "sub/dvc.yaml",
        "stages:
  sum:
    cmd: wc -c < ../us.csv > sum.txt
    deps: [../us.csv]
    metrics: [sum.txt]
",
    );
    run("repro -q -P");
    let ran = space.kaslite("import-dvc").ok();
    ran.prints("split: fresh")
        .prints("sub/pipeline.yaml:sum: fresh");
    space.kaslite("status --check").ok().prints("4 stages");
    space.write(
        "params.yaml",
        "n: 0.0001\nlayers: [64, 32]\nsub: {a: yes, b: null}\nnew: 1\n",
    );
    space.kaslite("status --check").ok();
}
