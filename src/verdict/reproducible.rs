use crate::origins::{Code, MadeBy, Origin};
use crate::verdict::answer::{Answer, Evidence, Finding, Unit, sentence};
use crate::verdict::basis::Basis;
use crate::verdict::question::Question;

/// Can we reproduce this? By the records of the runs that made what the other answers rest on.
pub(super) fn reproducible(basis: &Basis<'_>) -> Answer {
    let files = basis.files();
    if files.is_empty() {
        let text = "Nothing was made here that could be made again.";
        return Question::REPRODUCIBLE.answer(Finding::NotMeasured, text, Vec::new());
    }
    let origins = basis.origins;
    if !origins.names_runs {
        let text = "`kaslite verdict` tells it by the records of the runs that made what lies here; \
                    a report is the same, whichever they were.";
        return Question::REPRODUCIBLE.answer(Finding::NotMeasured, text, Vec::new());
    }
    let mut lacking: Vec<String> = Vec::new();
    let mut known: Vec<&Origin> = Vec::new();
    for (uses, file) in files {
        match origins.of_file(file, uses) {
            Some(origin) => known.push(origin),
            None => lacking.push(format!("nothing says what made `{file}`")),
        }
    }
    let made = origins.behind(known);
    let stale: Vec<&Origin> = made
        .iter()
        .copied()
        .filter(|one| !origins.is_fresh(one))
        .collect();
    if !stale.is_empty() {
        let names = names(&stale);
        lacking.push(format!(
            "{names} {} not fresh, so the params, code and data that lie here now would make \
             something else (`kaslite status` says why)",
            if stale.len() == 1 { "is" } else { "are" }
        ));
    }
    let of_nobody: Vec<&Origin> = made
        .iter()
        .copied()
        .filter(|one| one.run.is_none())
        .collect();
    if !of_nobody.is_empty() {
        let names = names(&of_nobody);
        lacking.push(format!("no record here is of the run that made {names}"));
    }
    let runs = by_run(&made);
    lacking.extend(runs.iter().filter_map(|(run, stages)| unclean(run, stages)));
    let finding = if lacking.is_empty() {
        Finding::Yes
    } else {
        Finding::NotEnough
    };
    let mut told: Vec<String> = Vec::new();
    if lacking.is_empty() {
        told.extend(runs.iter().map(|(run, stages)| of_commit(run, stages)));
        told.push("Params, data and outs are recorded by digest.".to_owned());
    } else {
        told.extend(lacking.iter().map(|text| sentence(text)));
    }
    told.extend(check(&runs));
    let evidence = runs.iter().map(|(run, stages)| record(run, stages));
    Question::REPRODUCIBLE.answer(finding, told.join(" "), evidence.collect())
}

/// Each run with the stages whose outs it made.
fn by_run<'a>(made: &[&'a Origin]) -> Vec<(&'a MadeBy, Vec<&'a Origin>)> {
    let mut runs: Vec<(&MadeBy, Vec<&Origin>)> = Vec::new();
    for &origin in made {
        let Some(run) = &origin.run else {
            continue;
        };
        match runs.iter_mut().find(|(known, _)| *known == run) {
            Some((_, stages)) => stages.push(origin),
            None => runs.push((run, vec![origin])),
        }
    }
    runs
}

/// Why the code of a run is not known, as a fragment; `None` where it is.
fn unclean(run: &MadeBy, stages: &[&Origin]) -> Option<String> {
    let names = were(stages);
    match &run.code {
        Code::Commit(_) => None,
        Code::Changed(commit, files) => {
            let files = files.join(", ");
            Some(format!(
                "{names} made at commit {commit} with changes that no commit holds ({files}): \
                 commit them, and run again"
            ))
        }
        Code::Unknown => Some(format!(
            "{names} made under no git commit: `git init`, commit, and run again"
        )),
    }
}

/// `train, control: made at commit 0123abc, without changes, with train.lr=1 given, in the run R.`
fn of_commit(run: &MadeBy, stages: &[&Origin]) -> String {
    let commit = match &run.code {
        Code::Commit(commit) | Code::Changed(commit, _) => commit.as_str(),
        Code::Unknown => "—",
    };
    let given = if run.given.is_empty() {
        String::new()
    } else {
        format!(", with {} given", run.given.join(" "))
    };
    format!(
        "{} made at commit {commit}, without changes{given}, in the run {}.",
        were(stages),
        run.run_id
    )
}

/// How to find out whether it can be made again.
fn check(runs: &[(&MadeBy, Vec<&Origin>)]) -> Option<String> {
    if runs.is_empty() {
        return None;
    }
    let mut commands: Vec<String> = runs.iter().map(|(run, _)| run.replay()).collect();
    commands.dedup();
    let them = if commands.len() == 1 { "it" } else { "them" };
    let commands = commands.join(", ");
    Some(format!(
        "To see it: {commands} makes {them} again from the record, and compares."
    ))
}

fn record(run: &MadeBy, stages: &[&Origin]) -> Evidence {
    Evidence {
        what: format!("record of the run that made {}", names(stages)),
        value: None,
        unit: Unit::Number,
        interval: None,
        over: None,
        p: None,
        least_p: None,
        file: run.file(),
        key: "git.commit".to_owned(),
    }
}

fn names(origins: &[&Origin]) -> String {
    let names: Vec<String> = origins
        .iter()
        .map(|origin| format!("`{}`", origin.stage))
        .collect();
    names.join(", ")
}

/// The stages, to be followed by what was done.
fn were(origins: &[&Origin]) -> String {
    let verb = if origins.len() == 1 { "was" } else { "were" };
    format!("{} {verb}", names(origins))
}
