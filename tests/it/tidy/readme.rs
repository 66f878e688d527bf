//! The README tells the truth about commands and flags.

use crate::support::Space;
use crate::tidy::{checkout, none};

/// The lines of code blocks and the spans in backticks that begin with `kaslite `.
fn commands(readme: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in readme.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            let line = line.trim_start().trim_start_matches("$ ");
            found.extend(line.starts_with("kaslite ").then(|| line.to_owned()));
        } else {
            let spans = line.split('`').skip(1).step_by(2);
            found.extend(
                spans
                    .filter(|span| span.starts_with("kaslite "))
                    .map(str::to_owned),
            );
        }
    }
    found
}

#[test]
fn every_command_of_the_readme_exists_with_its_flags() {
    let Ok(readme) = std::fs::read_to_string(checkout().join("README.md")) else {
        return eprintln!("skipped: there is no README.md yet");
    };
    let (space, mut wrong) = (Space::empty(), Vec::new());
    let commands = commands(&readme);
    assert!(!commands.is_empty(), "the README shows no command");
    for command in commands {
        let code = command.split(" #").next().unwrap_or(&command);
        let words: Vec<&str> = code.split_whitespace().skip(1).collect();
        let Some(name) = words.iter().position(|word| {
            !word.starts_with('-') && word.chars().all(|c| c.is_ascii_lowercase())
        }) else {
            continue;
        };
        let mut path = vec![words[name]];
        if matches!(words[name], "params" | "metrics" | "runs") {
            path.extend(words.get(name + 1));
        }
        let help = space.run(&[&path[..], &["--help"]].concat());
        let flags = words.iter().filter(|word| word.starts_with("--"));
        let missing =
            flags.filter(|flag| !help.stdout.contains(flag.split('=').next().unwrap_or(flag)));
        wrong.extend(missing.map(|flag| format!("`{command}`: no flag {flag}")));
        if help.code != Some(0) {
            wrong.push(format!("`{command}`: no such command"));
        }
    }
    none(&wrong, "the README names what is not there");
}
