use kaslite_engine::registry::RunFn;

use crate::{control, counterfactual, generate_data, size_curve, sweep, train};

/// The code of the built-in stages, by the name in `uses:`.
pub static CODE: &[(&str, RunFn)] = &[
    ("generate_data", generate_data::run),
    ("train", train::run),
    ("counterfactual", counterfactual::run),
    ("control", control::run),
    ("size_curve", size_curve::run),
    ("sweep", sweep::run),
];

#[cfg(test)]
mod tests {
    use super::*;
    use kaslite_engine::spec::Program;

    #[test]
    fn every_stage_of_this_program_has_code() {
        let specs = kaslite_catalog::SPECS.iter();
        let expected = specs.filter(|spec| spec.program == Program::KasliteTorch);
        let names: Vec<&str> = CODE.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, expected.map(|spec| spec.name).collect::<Vec<_>>());
    }
}
