//! Source text → tokens that matter: no comments, docs, tests or formatting.

use quote::ToTokens;
use std::error::Error;
use std::path::Path;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, Meta};

/// The bytes of a file that are digested.
///
/// Rust sources lose comments, doc attributes, items under `#[cfg(test)]` and all white space. A
/// `stage.yaml` loses comments and its texts for people. Anything else counts byte by byte.
pub(crate) fn normalise(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if path.extension().is_some_and(|ending| ending == "rs") {
        let text = std::str::from_utf8(bytes).map_err(|e| fail(&e))?;
        let mut file = syn::parse_file(text).map_err(|e| fail(&e))?;
        Strip.visit_file_mut(&mut file);
        return Ok(file.into_token_stream().to_string().into_bytes());
    }
    if path.file_name().is_some_and(|name| name == "stage.yaml") {
        let mut value: serde_yaml::Value = serde_yaml::from_slice(bytes).map_err(|e| fail(&e))?;
        drop_docs(&mut value);
        return Ok(serde_yaml::to_string(&value)?.into_bytes());
    }
    Ok(bytes.to_vec())
}

struct Strip;

impl VisitMut for Strip {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test(attributes(item)));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_test(attributes(item)));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(
            |inner| !matches!(inner, syn::ImplItem::Fn(function) if is_test(&function.attrs)),
        );
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !is_silent(attribute));
    }
}

/// Attributes that change nothing of what runs.
fn is_silent(attribute: &Attribute) -> bool {
    ["doc", "expect", "allow", "warn", "deny", "must_use"]
        .iter()
        .any(|name| attribute.path().is_ident(name))
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || matches!(&attribute.meta, Meta::List(list)
                if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "syn's enum is open")]
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Texts for people: a doc or a summary is no code.
fn drop_docs(value: &mut serde_yaml::Value) {
    if let serde_yaml::Value::Mapping(map) = value {
        map.retain(|key, value| {
            !(value.is_string() && matches!(key.as_str(), Some("doc" | "summary")))
        });
        map.values_mut().for_each(drop_docs);
    } else if let serde_yaml::Value::Sequence(list) = value {
        list.iter_mut().for_each(drop_docs);
    }
}
