/// What is to be said of validation samples whose accuracy says nothing.
pub(crate) fn one_class(labels: &[i64]) -> Option<String> {
    let (first, others) = labels.split_first()?;
    let alike = others.iter().all(|label| label == first);
    alike.then(|| {
        format!(
            "all validation samples have the class {first}: their accuracy tells no classes apart"
        )
    })
}
