//! Which libtorch the checkout uses.

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::flavour::Flavour;
use crate::folder::{self, Flaw};
use crate::recipe::VERSION;
use crate::{fetch, link};

/// Finds or fetches libtorch, makes `.libtorch` lead to it and returns the folder.
///
/// In this order: `LIBTORCH` of the user; what `.libtorch` leads to already, unless `KASLITE_TORCH`
/// asks for something; the per-user cache; the torch wheel.
pub(crate) fn set_up(environment: &Environment) -> Result<PathBuf, Failure> {
    let link = environment.link();
    link::check_place(&link)?;
    if let Some(folder) = &environment.user_libtorch {
        check_users(folder)?;
        link::point(&link, folder)?;
        return Ok(folder.clone());
    }
    if environment.flavour.is_none()
        && folder::examine(&link).is_ok()
        && let Some(folder) = link::target(&link)
    {
        return Ok(folder);
    }
    let flavour = environment.flavour.unwrap_or(Flavour::Cpu);
    let folder = cached(environment, flavour)?;
    if folder::examine(&folder).is_err() {
        fetch::fetch(environment, flavour, &folder)?;
    }
    link::point(&link, &folder)?;
    Ok(folder)
}

fn cached(environment: &Environment, flavour: Flavour) -> Result<PathBuf, Failure> {
    let cache = environment.cache.as_ref().ok_or_else(|| {
        Failure::new(
            "there is no folder to keep libtorch in: neither `XDG_CACHE_HOME` nor `HOME` is set",
        )
        .hint("set `XDG_CACHE_HOME` to an absolute path")
    })?;
    Ok(cache.join(flavour.folder()))
}

/// What the user named has to be right; replacing it silently would surprise.
fn check_users(folder: &Path) -> Result<(), Failure> {
    let named = format!("`LIBTORCH` names `{}`", folder.display());
    let message = if folder.is_relative() {
        format!("{named}, which is no absolute path")
    } else {
        match folder::examine(folder) {
            Ok(()) => return Ok(()),
            Err(Flaw::Missing(file)) => {
                format!("{named}, which is no libtorch: `{file}` is missing")
            }
            Err(Flaw::Version(version)) => {
                format!("{named}, which is libtorch {version}; kaslite needs {VERSION}")
            }
        }
    };
    Err(Failure::new(message).hint(format!(
        "set `LIBTORCH` to a libtorch {VERSION}, or unset it and `cargo xtask setup` fetches one"
    )))
}
