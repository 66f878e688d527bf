//! [`closest()`]: the name that was meant.

/// The name closest to `wrong`, where one is close enough to be meant; case does not count.
pub fn closest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    names
        .into_iter()
        // No fewer letters differ than one has more: most names need no closer look.
        .filter(|name| name.len().abs_diff(wrong.len()) <= name.len().max(wrong.len()) / 3 + 1)
        .map(|name| {
            let distance = strsim::damerau_levenshtein(&lower, &name.to_lowercase());
            (distance, name)
        })
        .filter(|(distance, name)| *distance <= allowed(wrong, name))
        .min()
        .map(|(_, name)| name)
}

/// Slips of the keyboard: one in three letters, at least one. The ending that two paths share tells
/// nothing.
fn allowed(wrong: &str, name: &str) -> usize {
    let ending = |text: &str| {
        text.rfind('.')
            .map_or(String::new(), |dot| text[dot..].to_owned())
    };
    let shared = if ending(wrong) == ending(name) {
        ending(name).chars().count()
    } else {
        0
    };
    let letters = wrong.chars().count().max(name.chars().count()) - shared;
    (letters / 3).max(1)
}
