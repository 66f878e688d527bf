//! [`filter`]: the runs that an expression means.

use crate::cli::error::CliError;
use crate::cli::runs::facts::Facts;
use kaslite_engine::problem::closest;
use kaslite_engine::value::Value;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Help for `--where`.
pub(crate) const HELP: &str = "\
Expressions name params (`train.lr`), metrics (`metric.accuracy.val`) and what is known of the run:
run, name, status, outcome, started, seconds, ran, restored, commit, dirty, tags, description, note.
They have < <= > >= == != and or not in, parentheses, 'text', and `X is defined`:
  kaslite runs list --where \"train.lr < 0.01 and metric.accuracy.val > 0.8\"
  kaslite runs list --where \"status == 'keep' or 'ablation' in tags\" --sort metric.accuracy.val
With a value that a run does not have, no comparison holds.";

/// The names that an expression asks for: `train.lr`, `metric.accuracy`.
pub(crate) fn names(expression: &str) -> Result<BTreeSet<String>, CliError> {
    let environment = environment();
    let compiled = environment
        .compile_expression(expression)
        .map_err(|error| wrong(expression, &error))?;
    Ok(compiled.undeclared_variables(true).into_iter().collect())
}

/// The rows that the expression means, by their number. `known` are the names that any run has.
pub(crate) fn filter(
    rows: &[Facts],
    expression: &str,
    known: &BTreeSet<String>,
) -> Result<Vec<usize>, CliError> {
    let environment = environment();
    let wrong = |error: &minijinja::Error| wrong(expression, error);
    let compiled = environment
        .compile_expression(expression)
        .map_err(|error| wrong(&error))?;
    let names: BTreeSet<String> = compiled.undeclared_variables(true).into_iter().collect();
    // Then what is not there is asked for as such.
    let asks = expression.contains(" is ");
    let fits = |facts: &Facts| {
        let tree = nested(facts);
        let lacking = names.iter().filter(|name| !asks && !has(facts, name));
        let lacking: Vec<&String> = lacking.collect();
        let holds = |tree: &Value| compiled.eval(Serde(tree)).map(|value| value.is_true());
        holds_whatever(&lacking, tree, &holds).map_err(|error| wrong(&error))
    };
    let fits: Vec<bool> = rows.par_iter().map(fits).collect::<Result<_, CliError>>()?;
    let found = fits.iter().zip(0..).filter(|(fits, _)| **fits);
    let found = found.map(|(_, row)| row).collect();
    let is_known = |name: &&String| known.iter().any(|key| is_part(key, name));
    if let Some(unknown) = names.iter().find(|name| !is_known(name))
        && !known.is_empty()
    {
        return Err(no_value(unknown, known));
    }
    Ok(found)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment
}

fn wrong(expression: &str, error: &minijinja::Error) -> CliError {
    let reason = error.detail().unwrap_or("it cannot be worked out");
    let error = CliError::usage(format!("`--where {expression}`: {reason}"));
    if expression.contains(" = ") {
        return error.hint("`==` compares");
    }
    error.hint("`kaslite runs list --help` shows what can be asked")
}

/// Whether it holds however small or large what is lacking would be: then it does not depend on it.
fn holds_whatever(
    lacking: &[&String],
    mut tree: Value,
    holds: &impl Fn(&Value) -> Result<bool, minijinja::Error>,
) -> Result<bool, minijinja::Error> {
    let Some((name, others)) = lacking.split_first() else {
        return holds(&tree);
    };
    tree.set(name, Value::Float(f64::NEG_INFINITY));
    if !holds_whatever(others, tree.clone(), holds)? {
        return Ok(false);
    }
    tree.set(name, Value::Float(f64::INFINITY));
    holds_whatever(others, tree, holds)
}

/// An error for a name that no run has a value of.
pub(crate) fn no_value(name: &str, known: &BTreeSet<String>) -> CliError {
    let error = CliError::usage(format!("no run has a value `{name}`"));
    let names = || known.iter().map(String::as_str);
    let ending = format!(".{name}");
    match closest(name, names()).or_else(|| names().find(|key| key.ends_with(&ending))) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`kaslite runs show --json` lists params and metrics of a run"),
    }
}

fn has(facts: &Facts, name: &str) -> bool {
    facts.keys().any(|key| is_part(key, name))
}

/// Whether `name` is a key or a part of one.
pub(crate) fn is_part(key: &str, name: &str) -> bool {
    key.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Maps in maps, by the parts of the keys. Where one key goes on where another ends, the longer holds.
fn nested(facts: &Facts) -> Value {
    let mut tree = Value::default();
    for (key, value) in facts {
        tree.set(key, value.clone());
    }
    tree
}
