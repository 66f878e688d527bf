//! [`from_text`], [`to_text`]: files that kaslite itself writes.

use crate::problem::Place;

/// A plain structure from YAML text that kaslite wrote.
///
/// # Errors
/// The message and the place, the first line where it is not known.
pub fn from_text<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, (String, Place)> {
    serde_yaml::from_str(text).map_err(|error| {
        let place = error
            .location()
            .map_or((1, 1), |at| (at.line(), at.column()));
        let place = Place {
            line: place.0,
            column: place.1.max(1),
            width: 1,
        };
        (error.to_string(), place)
    })
}

/// A plain structure as YAML text.
pub fn to_text(value: &impl serde::Serialize) -> String {
    // Structs of plain data always serialise.
    serde_yaml::to_string(value).unwrap_or_default()
}
