//! What a runner has to do is numbered (`b001`…), and so is what can go wrong with it (`f001`…): each
//! number stands in the name of a test.

use crate::tidy::{none, sources};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// A family of numbers, and those of them that have no test, each with the reason.
struct Family {
    letter: char,
    numbers: &'static [RangeInclusive<u16>],
    answered: &'static [(u16, &'static str)],
}

const BEHAVIOURS: Family = Family {
    letter: 'b',
    numbers: &[1..=166, 169..=170],
    answered: &[(141, "push: kaslite has no remotes yet")],
};

const FAULTS: Family = Family {
    letter: 'f',
    numbers: &[1..=13, 17..=50, 52..=53, 56..=56, 73..=89],
    answered: &[
        (
            39,
            "there is no index beside the records that could be damaged",
        ),
        (
            45,
            "there are no leases: locks are the operating system's, and end with the process",
        ),
        (
            85,
            "models are safetensors, refused where they are none by a test of stages/nn; no pickle is read",
        ),
    ],
};

impl Family {
    /// The numbers in the names of tests, each with one of them.
    fn tested(&self) -> BTreeMap<u16, String> {
        let test = Regex::new(r"#\[test\]\s*(?:#\[[^\n]*\]\s*)*fn (\w+)").expect("a sound pattern");
        let number = format!(r"(?:^|_){}([0-9]{{3}})", self.letter);
        let number = Regex::new(&number).expect("a sound pattern");
        let mut found = BTreeMap::new();
        for source in sources(&[".rs"]) {
            for name in test
                .captures_iter(&source.text)
                .map(|test| test[1].to_owned())
            {
                for number in number.captures_iter(&name) {
                    found.insert(number[1].parse().expect("three digits"), name.clone());
                }
            }
        }
        found
    }

    fn check(&self) {
        let letter = self.letter;
        let all: BTreeSet<u16> = self.numbers.iter().cloned().flatten().collect();
        let (tested, answered) = (self.tested(), BTreeMap::from_iter(self.answered.to_vec()));
        let mut wrong = Vec::new();
        for number in &all {
            match (tested.get(number), answered.get(number)) {
                (None, None) => wrong.push(format!("{letter}{number:03}: no test")),
                (Some(test), Some(_)) => {
                    wrong.push(format!("{letter}{number:03}: `{test}` tests it now"));
                }
                (Some(_), None) | (None, Some(_)) => {}
            }
        }
        let known = tested.keys().chain(answered.keys());
        let unknown = known.filter(|number| !all.contains(number));
        wrong.extend(unknown.map(|number| format!("{letter}{number:03}: no such number")));
        none(&wrong, "each number has a test, or a reason why not");
    }
}

#[test]
fn every_behaviour_has_a_test_or_an_answer() {
    BEHAVIOURS.check();
}

#[test]
fn every_fault_has_a_test_or_an_answer() {
    FAULTS.check();
}
