//! Faults 23–27: files that are large, many, or long by name.

use crate::behaviours::data::maker;
use crate::support::{Space, kaslite};
use std::fs;

#[test]
fn f023_a_thousand_outs_with_few_open_files() {
    let space = Space::new(
        "stages:
  make:
    cmd: tick && mkdir d && cd d && touch $(seq 1000) && cp ../in.txt 1
    deps: [in.txt]
    outs: [{d: {cache: false}}]
",
    );
    space.write("in.txt", "one\n");
    let mut command = space.program("sh");
    let script = format!("ulimit -n 32; exec {} repro", kaslite().display());
    space.finish(command.args(["-c", &script])).ok();
    space.kaslite("status --check").ok();
}

#[test]
fn f025_a_file_larger_than_the_memory_is_read_in_parts() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && stat -c %s in.bin > out.txt, deps: [in.bin], outs: [out.txt]}
",
    );
    let file = fs::File::create(space.path("in.bin")).expect("a file");
    file.set_len(1 << 29).expect("a sparse file");
    let mut command = space.program("sh");
    let script = format!("ulimit -d 131072; exec {} repro", kaslite().display());
    space.finish(command.args(["-c", &script])).ok();
    assert_eq!(space.read("out.txt"), "536870912\n");
}

#[test]
fn f026_an_empty_file_and_an_empty_folder_come_back() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && touch empty && mkdir folder, deps: [in.txt], outs: [empty, folder]}
",
    );
    space.write("in.txt", "");
    space.repro();
    space.remove("empty");
    space.remove("folder");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("empty"), "");
    assert!(space.path("folder").is_dir());
    space.kaslite("status --check").ok();
}

#[test]
fn f026_the_longest_names_and_paths() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp -R src out, deps: [src], outs: [out]}
",
    );
    let name = "n".repeat(255);
    space.write(&format!("src/{name}"), "one\n");
    let deep = vec!["d".repeat(200); 10].join("/");
    space.write(&format!("src/{deep}/file"), "deep\n");
    space.repro();
    space.remove("out");
    assert!(space.repro().is_empty());
    assert_eq!(space.read(&format!("out/{name}")), "one\n");
    assert_eq!(space.read(&format!("out/{deep}/file")), "deep\n");
    // Deeper than a path may be long: it can be made step by step only.
    let script = "cd src; for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; \
                  do mkdir $NAME && cd -P $NAME || exit 1; done; echo > file";
    let mut command = space.program("bash");
    let made = space.finish(command.env("NAME", "e".repeat(200)).args(["-c", script]));
    if made.code == Some(0) {
        space.ran();
        space
            .kaslite("repro")
            .exits(4)
            .says("src")
            .says("File name too long");
        assert!(space.ran().is_empty());
    }
    space.finish(space.program("rm").args(["-rf", "src"])).ok();
}

#[test]
fn f027_a_command_that_the_system_kills_for_memory_says_so() {
    let space = maker();
    space.edit("pipeline.yaml", "cmd: tick", "cmd: tick && kill -s KILL $$");
    space
        .kaslite("repro")
        .exits(1)
        .says("was killed by signal 9, as the system does where memory runs out");
}

#[test]
fn f024_a_folder_of_many_files() {
    let count = 2000;
    let space = Space::new(&format!(
        "stages:
  make: {{cmd: 'tick && mkdir d && cd d && seq {count} | split -l 1 -a 5', deps: [in.txt], outs: [{{d: {{cache: false}}}}]}}
"
    ));
    space.write("in.txt", "one\n");
    let mut command = space.program("sh");
    let script = format!("ulimit -d 262144; exec {} repro", kaslite().display());
    space.finish(command.args(["-c", &script])).ok();
    assert!(space.lock().contains(&format!("files: {count}")));
    space.kaslite("status --check").ok();
}
