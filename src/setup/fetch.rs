//! One fetch of libtorch into the per-user cache.
//!
//! Whatever interrupts a fetch, the cache never holds a folder that looks whole and is not: libtorch
//! is put together in a folder beside its place, the stamp is written last, and a rename ends it.
//! What pip has downloaded by then stays for the next attempt. A lock file lets one fetch of a user
//! run at a time; whoever finds one at work waits, and then finds libtorch.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::flavour::Flavour;
use crate::folder::{self, Flaw, STAMP};
use crate::recipe::{Recipe, VERSION};
use crate::wheel::{self, Unpacked};
use crate::{compiler, pip, say};

/// Fetches libtorch into `folder`, a place in the per-user cache.
pub(crate) fn fetch(
    environment: &Environment,
    flavour: Flavour,
    folder: &Path,
) -> Result<(), Failure> {
    let recipe = Recipe::of(environment.platform, flavour)?;
    let cache = folder.parent().unwrap_or(folder);
    create(cache)?;
    let lock = lock(&cache.join("libtorch.lock"))?;
    if folder::examine(folder).is_ok() {
        return Ok(()); // by whoever held the lock
    }
    pip::check(environment)?;
    let compiler = compiler::find(environment)?;
    say::note(format_args!(
        "fetching libtorch {VERSION} ({}) into `{}`, once for this user",
        recipe.size,
        folder.display()
    ));
    let name = flavour.folder();
    remove_leftovers(cache, &name)?;
    let attempt = Attempt {
        environment,
        recipe,
        compiler,
        downloads: cache.join(format!("{name}.downloads")),
        log: cache.join(format!("{name}.log")),
        fresh: cache.join(format!("{name}.tmp-{}", std::process::id())),
    };
    let outcome = attempt.run(folder);
    if outcome.is_err() {
        let _ = remove(&attempt.fresh);
    }
    drop(lock);
    outcome
}

struct Attempt<'a> {
    environment: &'a Environment,
    recipe: Recipe,
    compiler: &'static str,
    /// Finished wheels, kept until libtorch is in place.
    downloads: PathBuf,
    /// All that pip says on standard error.
    log: PathBuf,
    /// Where libtorch is put together.
    fresh: PathBuf,
}

impl Attempt<'_> {
    fn run(&self, folder: &Path) -> Result<(), Failure> {
        self.download_and_unpack()?;
        if self.recipe.empty_libtorch {
            compiler::make_empty_library(self.environment, self.compiler, &self.fresh)?;
        }
        let stamp = self.fresh.join(STAMP);
        fs::write(&stamp, format!("{VERSION}\n"))
            .map_err(|error| Failure::io("write", &stamp, &error))?;
        folder::examine(&self.fresh).map_err(|flaw| not_whole(&flaw))?;
        remove(folder)?; // an older one that somebody took a file out of
        fs::rename(&self.fresh, folder).map_err(|error| Failure::io("make", folder, &error))?;
        remove(&self.downloads)?;
        remove(&self.log)
    }

    /// A wheel can be broken though pip took it: an index need not name check sums. Once more then.
    fn download_and_unpack(&self) -> Result<(), Failure> {
        create(&self.downloads)?;
        wheel::remove_broken(self.environment, &self.downloads)?;
        for last in [false, true] {
            remove(&self.fresh)?;
            create(&self.fresh)?;
            pip::download(self.environment, &self.recipe, &self.downloads, &self.log)?;
            match wheel::unpack(self.environment, &self.recipe, &self.downloads, &self.fresh)? {
                Unpacked::Whole => break,
                Unpacked::Broken(wheel) => {
                    remove(&wheel)?;
                    if last {
                        return Err(Failure::new(format!("pip downloaded a broken `{}` twice", name(&wheel)))
                            .hint("the package index or a proxy in between serves it broken; try another network"));
                    }
                    say::note(format_args!(
                        "`{}` is broken: downloading it again",
                        name(&wheel)
                    ));
                }
            }
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn not_whole(flaw: &Flaw) -> Failure {
    let flaw = match flaw {
        Flaw::Missing(file) => format!("without `{file}`"),
        Flaw::Version(version) => format!("of version {version}"),
    };
    Failure::new(format!("the wheels of PyTorch made a libtorch {flaw}")).hint(format!(
        "set `LIBTORCH` to a libtorch {VERSION} of your own"
    ))
}

/// Waits for the lock, and says so where it has to wait. Closing the file gives it back.
fn lock(path: &Path) -> Result<File, Failure> {
    let failure = |error: &io::Error| Failure::io("lock", path, error);
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|e| failure(&e))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            say::note("waiting: another set-up is fetching libtorch");
            file.lock().map_err(|e| failure(&e))?;
        }
        Err(TryLockError::Error(error)) => return Err(failure(&error)),
    }
    Ok(file)
}

/// Under the lock, whoever made these is dead.
fn remove_leftovers(cache: &Path, name: &str) -> Result<(), Failure> {
    let failure = |error: io::Error| Failure::io("list", cache, &error);
    for entry in fs::read_dir(cache).map_err(failure)? {
        let entry = entry.map_err(failure)?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(&format!("{name}.tmp-"))
        {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder, &error))
}

/// Removes a file, a folder or nothing.
fn remove(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() && !path.is_symlink() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::io("remove", path, &error))
        }
        _ => Ok(()),
    }
}
