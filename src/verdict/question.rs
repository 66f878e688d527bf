use crate::verdict::answer::{Answer, Evidence, Finding};

/// One of the five questions, with words for its answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    /// As people ask it.
    text: &'static str,
    yes: &'static str,
    no: &'static str,
}

impl Question {
    pub(super) const WINNING: Self = Self::new("Is morphogenesis winning?", "yes", "no");
    pub(super) const WHY: Self = Self::new(
        "Why is it winning?",
        "because of single seeds",
        "not because of single seeds",
    );
    pub(super) const FAILED: Self = Self::new(
        "Why did it fail?",
        "something went wrong",
        "nothing that was looked at went wrong",
    );
    pub(super) const REPRODUCIBLE: Self = Self::new("Can we reproduce this?", "yes", "no");
    pub(super) const WITHOUT_SEEDS: Self =
        Self::new("What would have happened without seeds?", "measured", "—");

    const fn new(text: &'static str, yes: &'static str, no: &'static str) -> Self {
        Self { text, yes, no }
    }

    /// Answers it.
    pub(super) fn answer(
        self,
        finding: Finding,
        text: impl Into<String>,
        evidence: Vec<Evidence>,
    ) -> Answer {
        Answer {
            question: self.text,
            finding,
            word: match finding {
                Finding::Yes => self.yes,
                Finding::No => self.no,
                Finding::NotEnough => "not enough evidence",
                Finding::NotMeasured => "not measured",
            },
            text: text.into(),
            evidence,
        }
    }
}
