//! [`holm`]: p-values of several comparisons.

/// Holm's correction: the p-values, in their order, so that all of them hold at once.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut corrected = vec![0.0; p.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        largest = largest.max(p[index] * (p.len() - rank) as f64);
        corrected[index] = largest.min(1.0);
    }
    corrected
}
