//! The README's tour, command by command: each `$ ` line runs, and what stands below it is printed.

use crate::support::{Space, kaslite, kaslite_torch};

const README: &str = include_str!("../../README.md");

/// A command and the lines that must come of it; `[..]` stands for anything, a line of only `[..]` for
/// any number of lines.
struct Step<'a> {
    command: &'a str,
    wanted: Vec<&'a str>,
}

fn steps() -> Vec<Step<'static>> {
    let mut steps: Vec<Step<'static>> = Vec::new();
    let mut inside = false;
    for line in README.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if inside {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step {
                    command,
                    wanted: Vec::new(),
                }),
                None => steps.last_mut().expect("a command first").wanted.push(line),
            }
        }
    }
    steps
}

fn fits(pattern: &str, line: &str) -> bool {
    let mut rest = line;
    let parts: Vec<&str> = pattern.split("[..]").collect();
    for (index, part) in parts.iter().enumerate() {
        let Some(at) = rest.find(part) else {
            return false;
        };
        if index == 0 && at != 0 {
            return false;
        }
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || pattern.ends_with("[..]")
}

fn all_fit(wanted: &[&str], found: &[&str]) -> bool {
    match wanted.split_first() {
        None => found.is_empty(),
        Some((&"[..]", rest)) => (0..=found.len()).any(|skip| all_fit(rest, &found[skip..])),
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(line, found)| fits(first, line) && all_fit(rest, found)),
    }
}

#[test]
fn the_tour_of_the_readme_is_true() {
    kaslite_torch();
    let steps = steps();
    assert!(steps.len() >= 10, "the README has a tour");
    let space = Space::empty();
    let programs = kaslite().parent().expect("a folder").display().to_string();
    let mut folder = String::from(".");
    for Step { command, wanted } in steps {
        let script = format!("cd {folder} && PATH={programs}:$PATH && {command} 2>&1");
        let ran = space
            .finish(space.program("sh").args(["-e", "-c", &script]))
            .ok();
        if let Some(into) = command.strip_prefix("cd ") {
            folder = format!("{folder}/{into}");
        }
        let found: Vec<&str> = ran.stdout.lines().map(str::trim_end).collect();
        assert!(
            all_fit(&wanted, &found),
            "$ {command}\nwanted:\n{}\nfound:\n{}",
            wanted.join("\n"),
            ran.stdout
        );
    }
}
