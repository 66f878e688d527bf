//! What people and scripts do to the files of a project.

use crate::model::step::Edit;
use crate::model::world::World;
use proptest::sample::Index;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

impl World<'_> {
    /// Does something to an out.
    pub(super) fn edit_out(&self, which: Index, edit: &Edit) {
        let members = self.definition.members();
        let outs = members.iter().flat_map(|member| {
            let outs = member.outs().into_iter();
            outs.map(|out| (out, member.stage.persist))
        });
        let outs: Vec<(String, bool)> = outs.collect();
        if outs.is_empty() {
            return;
        }
        let (out, persist) = which.get(&outs);
        let is_folder = self.root.join(out).is_dir();
        match edit {
            // The stage goes on with what is there.
            Edit::Stray(_) | Edit::OtherKind | Edit::Executable if *persist => {}
            Edit::Link(_) => {}
            Edit::Stray(number) if is_folder => {
                write(&self.root, &format!("{out}/s{number}"), "stray\n");
            }
            Edit::Stray(number) => {
                let folder = out.split('/').next().expect("a folder");
                write(&self.root, &format!("{folder}/s{number}"), "stray\n");
            }
            Edit::Write(..) | Edit::Touch | Edit::Executable if is_folder => {
                self.edit(&format!("{out}/a"), edit);
            }
            Edit::Write(..) | Edit::Touch | Edit::Remove | Edit::Executable | Edit::OtherKind => {
                self.edit(out, edit);
            }
        }
    }

    /// Does something to a file.
    pub(super) fn edit(&self, name: &str, edit: &Edit) {
        let place = self.root.join(name);
        let before = place.metadata().ok();
        let is_file = before.as_ref().is_some_and(fs::Metadata::is_file);
        if name.starts_with('x') {
            // Who may write everything would write into the cache.
            own(&place);
        }
        match edit {
            Edit::Link(to) if name.starts_with("src/") => {
                remove(&place, true);
                symlink(format!("../alt/{to}"), place).expect("a link");
            }
            // What links lead to stays.
            Edit::Remove | Edit::OtherKind if name.starts_with("alt/") => {}
            Edit::Write(value, back) => {
                remove(&place, !is_file);
                write(&self.root, name, &format!("source {value}\n"));
                if let Some(meta) = before.filter(|_| *back) {
                    let file = fs::File::options()
                        .append(true)
                        .open(&place)
                        .expect("a file");
                    file.set_modified(meta.modified().expect("a time"))
                        .expect("a file of ours");
                }
            }
            Edit::Touch if is_file => {
                let bytes = fs::read(&place).expect("a file");
                fs::write(&place, bytes).expect("a file of ours");
            }
            Edit::Executable if is_file => {
                let mode = before.map_or(0, |meta| meta.permissions().mode()) ^ 0o111;
                fs::set_permissions(&place, fs::Permissions::from_mode(mode))
                    .expect("a file of ours");
            }
            Edit::Touch | Edit::Executable | Edit::Link(_) => {}
            Edit::Remove => remove(&place, true),
            Edit::OtherKind => {
                remove(&place, true);
                let below = if is_file {
                    format!("{name}/in")
                } else {
                    name.to_owned()
                };
                write(&self.root, &below, "source 9\n");
            }
            Edit::Stray(number) => write(
                &self.root,
                &format!("dir/{}/s{number}", number % 2),
                "stray\n",
            ),
        }
    }
}

/// Writes a file, and the folders above it, in the place of whatever is there.
pub(super) fn write(root: &Path, name: &str, text: &str) {
    let place = root.join(name);
    let folders: Vec<&Path> = Path::new(name).ancestors().skip(1).collect();
    for folder in folders.into_iter().rev() {
        let folder = root.join(folder);
        if !folder.is_dir() {
            remove(&folder, true);
            fs::create_dir(&folder).expect("a folder of ours");
        }
    }
    remove(&place, place.is_dir());
    fs::write(place, text).expect("a file of ours");
}

/// Makes a file that is shared with the cache one of its own, as most editors do.
fn own(place: &Path) {
    if let Ok(bytes) = fs::read(place) {
        let mode = place.metadata().expect("a file").permissions().mode() | 0o200;
        remove(place, true);
        fs::write(place, bytes).expect("a file of ours");
        fs::set_permissions(place, fs::Permissions::from_mode(mode)).expect("a file of ours");
    }
}

/// Removes what lies there, where it is really wanted.
pub(super) fn remove(place: &Path, really: bool) {
    if really {
        let _ = if place.is_dir() {
            fs::remove_dir_all(place)
        } else {
            fs::remove_file(place)
        };
    }
}
