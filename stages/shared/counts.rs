use kaslite_engine::trial::Tried;

/// `8 trials: 6 trained, 1 from the cache, 1 failed`.
pub(crate) fn counts(what: &str, tried: &[Tried]) -> String {
    let failed = tried.iter().filter(|tried| tried.error.is_some()).count();
    let restored = tried.iter().filter(|tried| tried.restored).count();
    let trained = tried.len() - restored - failed;
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let all = tried.len();
    format!("{all} {what}: {trained} trained, {restored} from the cache{failed}")
}
