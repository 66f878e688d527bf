use tch::Tensor;

/// Floor of the norms in the cosine, torch's default.
const COSINE_EPSILON: f64 = 1e-8;

/// 1 − mean cosine between the rows of what a seed got and those of what it gave, in 0..=2.
pub(crate) fn drift(x: &Tensor, output: &Tensor) -> f64 {
    let cosine = Tensor::cosine_similarity(x, output, -1, COSINE_EPSILON);
    1.0 - cosine.mean(None).double_value(&[])
}
