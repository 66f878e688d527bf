use serde::Serialize;

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The evidence says so.
    Yes,
    /// The evidence says that it is not so.
    No,
    /// There is evidence, and it is not enough.
    NotEnough,
    /// Nothing was measured.
    NotMeasured,
}

impl Finding {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotEnough => "not enough evidence",
            Self::NotMeasured => "not measured",
        }
    }
}

/// A measured number behind an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// What it is, as a phrase.
    pub what: String,
    /// A difference of accuracies, a share of 1.
    pub value: f64,
    /// The ends of its interval of 95 %.
    pub interval: Option<[f64; 2]>,
    /// The file that it comes from.
    pub file: String,
    /// Its dotted key there.
    pub key: String,
}

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// As people ask it.
    pub question: &'static str,
    /// In a word.
    pub finding: Finding,
    /// In a sentence or two.
    pub text: String,
    /// The numbers behind it.
    pub evidence: Vec<Evidence>,
}
