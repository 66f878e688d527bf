//! Laws of paths.

use crate::support::{cases, path};
use kaslite_engine::rel_path::RelPath;
use proptest::prelude::*;

/// Paths of few names, so that they meet.
fn relative() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "ab", ".", "..", "", "a b", "é"]);
    prop::collection::vec(part, 0..6)
        .prop_map(|parts| parts.join("/").trim_start_matches('/').to_owned())
}

/// The same without `..`.
fn downward() -> impl Strategy<Value = String> {
    relative().prop_map(|text| text.replace("..", "a"))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_path_is_its_own_normal_form(text in relative(), absolute in any::<bool>()) {
        let text = if absolute { format!("/{text}") } else { text };
        let once = path(&text);
        prop_assert_eq!(path(once.as_str()), once.clone());
        let parts: Vec<&str> = once.as_str().trim_start_matches('/').split('/').collect();
        let plain = |part: &&str| !matches!(*part, "" | "." | "..");
        if once.is_inside() {
            prop_assert!(parts.iter().all(plain), "{}", once);
        }
    }

    #[test]
    fn joining_step_by_step_is_joining_at_once(a in relative(), b in relative(), c in relative()) {
        let steps = path(&a).join(&b).join(&c);
        prop_assert_eq!(steps, path(&format!("./{a}/./{b}/./{c}")));
    }

    #[test]
    fn what_lies_in_a_path_is_contained(a in relative(), b in downward()) {
        let (above, below) = (path(&a), path(&a).join(&b));
        prop_assert!(above.contains(&above));
        prop_assert!(above.contains(&below), "{} in {}", below, above);
        prop_assert!(above == below || !below.contains(&above));
    }

    #[test]
    fn containment_passes_on(a in relative(), b in relative(), c in relative()) {
        let [a, b, c] = [path(&a), path(&b), path(&c)];
        if a.contains(&b) && b.contains(&c) {
            prop_assert!(a.contains(&c), "{} {} {}", a, b, c);
        }
    }

    #[test]
    fn what_is_stripped_can_be_joined(a in downward(), b in downward()) {
        let (a, b) = (path(&a), path(&b));
        if a == RelPath::root() {
            return Ok(());
        }
        match a.strip(&b) {
            Some(rest) => prop_assert_eq!(a.join(rest), b),
            None => prop_assert!(a == b || !a.contains(&b)),
        }
    }

    #[test]
    fn any_text_is_some_path(text in any::<String>(), other in any::<String>()) {
        let joined = path(&text).join(&other);
        prop_assert_eq!(path(joined.as_str()), joined.clone());
        prop_assert!(joined.as_str().ends_with(joined.name()));
    }
}
