//! [`from_text`], [`to_text`]: files that kaslite itself writes.

use crate::problem::Place;

/// A plain structure from YAML text that kaslite wrote.
///
/// # Errors
/// The message, and the place where it is known.
pub fn from_text<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, (String, Place)> {
    serde_yaml::from_str(text).map_err(|error| {
        // The end of the text is a place behind its last line.
        let last = text.lines().count().max(1);
        let place = error.location().map_or_else(Place::default, |at| Place {
            line: at.line().min(last),
            column: at.column().max(1),
            width: 1,
        });
        (error.to_string(), place)
    })
}

/// A plain structure as YAML text.
pub fn to_text(value: &impl serde::Serialize) -> String {
    // Structs of plain data always serialise.
    serde_yaml::to_string(value).unwrap_or_default()
}
