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

/// What a number of the evidence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A difference of accuracies, a share of 1; people read percentage points.
    Accuracy,
    /// A plain number.
    Number,
}

/// Something behind an answer: a measured number, or a file that says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// What it is, as a phrase.
    pub what: String,
    /// The number; none of a file that is evidence by itself.
    pub value: Option<f64>,
    /// What it counts.
    pub unit: Unit,
    /// The ends of its interval of 95 %.
    pub interval: Option<[f64; 2]>,
    /// What varies in the interval: `5 pairs of runs` by Student, `validation samples` by bootstrap.
    pub over: Option<String>,
    /// Two-sided p of the exact sign-flip test of pairs of runs.
    pub p: Option<f64>,
    /// The smallest p that so many pairs can give.
    pub least_p: Option<f64>,
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
    /// For programs.
    pub finding: Finding,
    /// The same in words that fit the question.
    pub word: &'static str,
    /// In a sentence or two.
    pub text: String,
    /// What is behind it.
    pub evidence: Vec<Evidence>,
}

/// p from which on chance would do as well.
const LIMIT: f64 = 0.05;

impl Evidence {
    /// On which side of 0 a difference of pairs of runs lies: the interval must leave 0 out, and the
    /// exact test agree, which of fewer than six pairs it cannot.
    pub(super) fn side(&self) -> Finding {
        match self.p {
            Some(p) if p <= LIMIT => self.side_of_interval(),
            Some(_) | None => Finding::NotEnough,
        }
    }

    /// On which side of 0 the interval lies.
    pub(super) fn side_of_interval(&self) -> Finding {
        match self.interval {
            Some([low, _]) if low > 0.0 => Finding::Yes,
            Some([_, high]) if high < 0.0 => Finding::No,
            Some(_) | None => Finding::NotEnough,
        }
    }

    /// The number as people read it.
    pub fn shown(&self) -> String {
        self.value
            .map_or("—".to_owned(), |value| self.number(value))
    }

    /// The ends of the interval, too.
    pub fn shown_interval(&self) -> String {
        self.interval.map_or("—".to_owned(), |[low, high]| {
            format!("{} to {}", self.number(low), self.number(high))
        })
    }

    /// `0.1250 (0.0625)`: p, and the smallest that there can be.
    pub fn shown_p(&self) -> String {
        match (self.p, self.least_p) {
            (Some(p), Some(least)) => format!("{p:.4} ({least:.4})"),
            (Some(p), None) => format!("{p:.4}"),
            (None, _) => "—".to_owned(),
        }
    }

    fn number(&self, value: f64) -> String {
        match self.unit {
            Unit::Accuracy => points(value),
            Unit::Number => format!("{value:.3}"),
        }
    }
}

/// A fragment as a sentence.
pub(super) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first: String = letters
        .by_ref()
        .take(1)
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}

/// A difference of accuracies in percentage points.
pub(super) fn points(share: f64) -> String {
    format!("{:+.2}", 100.0 * share)
}
