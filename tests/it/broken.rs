//! Projects with a mistake that a real person makes (`fixtures/broken`): what the person gets to see.
//!
//! Each is a small project, run by `kaslite repro --dry` in a copy of its own. A snapshot holds the exit
//! code and stderr. The bytes of some matter (tabs, `\r\n`, a byte order mark, bytes that are no UTF-8).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/broken")
}

/// A copy of a fixture that is removed with the value.
fn copy(name: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a temp folder");
    copy_folder(&fixtures().join(name), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a fixture") {
        let entry = entry.expect("an entry of the fixture");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder of the copy");
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file of the copy");
        }
    }
}

/// Exit code and stderr of `kaslite repro --dry`.
fn dry(name: &str) -> (i32, String) {
    let project = copy(name);
    let output = Command::new(env!("CARGO_BIN_EXE_kaslite"))
        .args(["repro", "--dry"])
        .current_dir(project.path())
        .env_clear()
        .env("HOME", project.path())
        .output()
        .expect("kaslite runs");
    let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
    let code = output.status.code().expect("no signal");
    if code != 0 {
        assert!(output.stdout.is_empty(), "an error is no data");
        assert!(
            !project.path().join(".kaslite").exists(),
            "nothing was done"
        );
    }
    let folder = project.path().to_str().expect("a UTF-8 path");
    assert!(
        !stderr.contains(folder),
        "paths are shown from the project on:\n{stderr}"
    );
    (code, stderr)
}

/// What holds for every message.
fn is_for_people(stderr: &str) {
    for word in [
        "panicked",
        "RUST_BACKTRACE",
        "Some(",
        "None)",
        "Err(",
        "\u{1b}",
    ] {
        assert!(!stderr.contains(word), "`{word}` in:\n{stderr}");
    }
    let said: Vec<&str> = stderr.split("\n\n").collect();
    let once: BTreeSet<&str> = said.iter().copied().collect();
    assert_eq!(said.len(), once.len(), "said twice:\n{stderr}");
    for line in stderr.lines() {
        assert!(
            line.chars().count() < 240,
            "a line too long to read:\n{line}"
        );
    }
}

/// A test for each fixture that is refused.
macro_rules! refused {
    ($($name:ident)*) => {
        /// The fixtures that are refused.
        const REFUSED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                let (code, stderr) = dry(stringify!($name));
                is_for_people(&stderr);
                insta::assert_snapshot!(stringify!($name), format!("exit code {code}\n{stderr}"));
                assert_eq!(code, 2);
            }
        )*
    };
}

refused! {
    alias_of_itself
    anchor_bomb
    bad_indentation
    bad_stage_names
    bom_with_a_mistake
    choice_typo
    choice_unknown
    cmd_and_uses
    colon_after_quotes
    colon_in_a_list_of_commands
    colon_in_command
    comments_only
    control_characters
    crlf_with_a_mistake
    cycle_of_three
    cycle_of_two
    deep_nesting
    deep_nesting_unclosed
    dep_folder_holds_own_out
    dep_in_own_out
    dep_is_out
    duplicate_key
    duplicate_param
    duplicate_stage
    dvc_file_style_deps
    empty_file
    empty_stages
    env_without_values
    everything_at_once
    flags_not_indented
    half_quoted
    interpolation_empty
    interpolation_in_braces
    interpolation_in_brackets
    interpolation_makes_two_stages_one
    interpolation_of_a_map
    interpolation_unclosed
    interpolation_unknown
    invalid_utf8
    invalid_utf8_in_params
    key_is_a_list
    key_typos
    line_without_colon
    line_without_colon_at_the_end
    list_for_a_number
    list_item_under_indented
    list_on_the_line_of_its_key
    merge_of_text
    missing_comma
    missing_dep
    neither_cmd_nor_uses
    no_pipeline
    no_sections_listed
    no_space_after_colon
    out_in_a_folder_of_kaslite
    out_in_an_out
    out_is_the_project
    out_outside
    out_over_params
    out_twice_with_other_flags
    over_indented
    param_in_the_wrong_section
    param_ranges
    param_spelled_as_a_number_is_not
    parameters_of_sweep
    params_file_broken
    params_file_missing
    params_file_missing_for_interpolation
    params_is_a_folder
    params_key_missing
    params_top_level_list
    pattern_as_dep
    pattern_taken_for_alias
    pipeline_is_a_folder
    problems_of_both_files
    quote_in_quotes
    refused_keys
    reserved_character
    section_is_a_number
    section_not_listed
    section_not_read
    section_typo_in_params
    section_typo_in_pipeline
    shared_section
    single_params_of_a_builtin
    stage_is_text
    stage_outside_stages
    stages_is_a_list
    stages_typo
    tab_indent
    tab_indent_in_params
    template_braces
    too_many_brackets
    top_level_list
    top_level_text
    twice
    two_documents
    two_makers
    unclosed_brace
    unclosed_bracket
    unclosed_quote
    unknown_alias
    unknown_builtin
    unknown_out_flag
    unknown_params
    uses_typo
    very_long_line
    wdir_missing
    wide_characters
    windows_path
    with_on_a_builtin
    with_on_a_command
    wrong_number_of_paths
    wrong_types
}

/// The fixtures that only look broken.
const FINE: &[&str] = &["bom", "crlf"];

#[test]
fn a_byte_order_mark_and_crlf_are_no_mistakes() {
    for name in FINE {
        let (code, stderr) = dry(name);
        assert_eq!(code, 0, "{name}: {stderr}");
    }
}

#[test]
fn every_fixture_has_its_test() {
    let mut folders: Vec<String> = fs::read_dir(fixtures())
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a UTF-8 name"))
        .collect();
    folders.sort();
    let mut tested: Vec<&str> = [REFUSED, FINE].concat();
    tested.sort_unstable();
    assert_eq!(folders, tested);
}

#[test]
fn many_problems_come_in_the_order_of_the_files() {
    let (_, stderr) = dry("everything_at_once");
    let lines = |file: &str| -> Vec<usize> {
        let head = format!("{file}:");
        stderr
            .lines()
            .filter_map(|line| line.strip_prefix(&head)?.split(':').next()?.parse().ok())
            .collect()
    };
    for file in ["params.yaml", "pipeline.yaml"] {
        let lines = lines(file);
        assert!(lines.len() > 2, "{stderr}");
        assert!(lines.is_sorted(), "{file}: {lines:?}");
    }
}

#[test]
fn a_mistake_in_a_group_of_many_is_not_told_for_each() {
    let items: Vec<String> = (0..20_000).map(|item| item.to_string()).collect();
    let items = items.join(", ");
    let space = crate::support::Space::new(&format!(
        "stages:\n  many:\n    foreach: [{items}]\n    do: {{cmd: 'run ${{nothing.${{item}}'}}\n"
    ));
    let ran = space.kaslite("status").exits(2);
    let told = ran.stderr.matches("pipeline.yaml:").count();
    assert!((1..200).contains(&told), "{told}");
}
