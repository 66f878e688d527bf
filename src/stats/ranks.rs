use std::cmp::Ordering;

/// The rank of each value, from 1; equal values share the mean of theirs.
pub(crate) fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|one, other| equal(values[*one], values[*other])) {
        let last = first + tied.len();
        for at in tied {
            ranks[*at] = (first + 1 + last) as f64 / 2.0;
        }
        first = last;
    }
    ranks
}

/// Σ (t³ − t) over groups of t equal values.
pub(crate) fn ties(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let groups = sorted.chunk_by(|one, other| equal(*one, *other));
    groups
        .map(|tied| tied.len() as f64)
        .map(|t| t.powi(3) - t)
        .sum()
}

/// Whether two finite values are the same, 0 and −0 included.
fn equal(one: f64, other: f64) -> bool {
    one.partial_cmp(&other).is_some_and(Ordering::is_eq)
}
