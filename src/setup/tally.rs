//! The closing line of `cargo xtask test`.

use std::fmt;
use std::io::{self, BufRead, Write};

/// Tests counted over all test programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

impl Tally {
    /// Copies what `cargo test` prints and counts along.
    pub(crate) fn of_stream(mut from: impl BufRead, mut to: impl Write) -> io::Result<Self> {
        let mut tally = Self::default();
        let mut line = Vec::new();
        loop {
            // As it comes and not line by line: a slow test shows its name before its result.
            let part = from.fill_buf()?;
            if part.is_empty() {
                return Ok(tally);
            }
            to.write_all(part)?;
            to.flush()?;
            for byte in part {
                if *byte == b'\n' {
                    tally.add_line(&String::from_utf8_lossy(&line));
                    line.clear();
                } else {
                    line.push(*byte);
                }
            }
            let length = part.len();
            from.consume(length);
        }
    }

    /// Adds a line like `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; …`.
    fn add_line(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split("; ") {
            match count
                .split_once(' ')
                .map(|(number, word)| (number.parse::<u64>(), word))
            {
                Some((Ok(number), "passed")) => self.passed += number,
                Some((Ok(number), "failed")) => self.failed += number,
                Some((Ok(number), "ignored")) => self.skipped += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_all_programs_are_summed_and_the_output_is_passed_on() {
        let said = b"running 3 tests\ntest a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
            test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9s\n\
            its test result: ok. 9 passed; 9 failed; 9 ignored\n\xff no newline";
        let mut copy = Vec::new();
        let tally =
            Tally::of_stream(io::BufReader::with_capacity(7, &said[..]), &mut copy).unwrap();
        assert_eq!(
            tally,
            Tally {
                passed: 16,
                failed: 2,
                skipped: 1
            }
        );
        assert_eq!(copy, said);
        assert_eq!(tally.to_string(), "16 passed, 2 failed, 1 skipped");
    }
}
