use std::ffi::CStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use goblin::elf::dynamic::dyn64::{self, Dyn};
use goblin::elf::dynamic::{DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_STRSZ, DT_STRTAB};
use goblin::elf::header::header64::{ELFCLASS, Header, SIZEOF_EHDR};
use goblin::elf::header::{EI_CLASS, EI_DATA, ELFDATA2LSB};
use goblin::elf::program_header::PT_LOAD;
use goblin::elf::program_header::program_header64::ProgramHeader;

/// The libraries that a program is linked to, and where its loader looks for them. Of the program, which
/// may be very large, no more is read than says so.
pub(crate) struct Linked {
    pub(crate) libraries: Vec<String>,
    /// Lists of folders with colons between them.
    pub(crate) folders: Vec<String>,
}

impl Linked {
    /// None where it is no program of this kind of machine.
    pub(crate) fn of(program: &Path) -> Option<Self> {
        let mut file = File::open(program).ok()?;
        let length = file.metadata().ok()?.len();
        let mut head = [0; SIZEOF_EHDR];
        file.read_exact(&mut head).ok()?;
        let header = Header::parse(&head).ok()?;
        let native = header.e_ident.starts_with(b"\x7fELF")
            && header.e_ident[EI_CLASS] == ELFCLASS
            && (header.e_ident[EI_DATA] == ELFDATA2LSB) == cfg!(target_endian = "little");
        if !native {
            return None;
        }
        let count = usize::from(header.e_phnum);
        let segments = ProgramHeader::from_fd(&mut file, header.e_phoff, count).ok()?;
        if segments.iter().any(|segment| segment.p_filesz > length) {
            return None;
        }
        let dynamic = dyn64::from_fd(&file, &segments).ok()??;
        let strings = strings(&mut file, &segments, &dynamic)?;
        Some(Self {
            libraries: named(&dynamic, &strings, &[DT_NEEDED]),
            folders: named(&dynamic, &strings, &[DT_RUNPATH, DT_RPATH]),
        })
    }
}

/// The table that the dynamic section's texts lie in.
fn strings(file: &mut File, segments: &[ProgramHeader], dynamic: &[Dyn]) -> Option<Vec<u8>> {
    let value = |tag| Some(dynamic.iter().find(|entry| entry.d_tag == tag)?.d_val);
    let (address, size) = (value(DT_STRTAB)?, value(DT_STRSZ)?);
    let mut loaded = segments.iter().filter(|segment| segment.p_type == PT_LOAD);
    let within = |segment: &&ProgramHeader| {
        let offset = address.checked_sub(segment.p_vaddr);
        let end = offset.and_then(|offset| offset.checked_add(size));
        end.is_some_and(|end| end <= segment.p_filesz)
    };
    let segment = loaded.find(within)?;
    let place = segment.p_offset + (address - segment.p_vaddr);
    file.seek(SeekFrom::Start(place)).ok()?;
    let mut strings = vec![0; usize::try_from(size).ok()?];
    file.read_exact(&mut strings).ok()?;
    Some(strings)
}

fn named(dynamic: &[Dyn], strings: &[u8], tags: &[u64]) -> Vec<String> {
    let text = |entry: &Dyn| {
        let text = strings.get(usize::try_from(entry.d_val).ok()?..)?;
        let text = CStr::from_bytes_until_nul(text).ok()?;
        Some(text.to_str().ok()?.to_owned())
    };
    let entries = dynamic.iter().filter(|entry| tags.contains(&entry.d_tag));
    entries.filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_this_very_program_is_linked_to() {
        let own = std::env::current_exe().unwrap();
        let linked = Linked::of(&own).unwrap();
        let bytes = std::fs::read(&own).unwrap();
        let whole = goblin::elf::Elf::parse(&bytes).unwrap();
        assert_eq!(linked.libraries, whole.libraries);
        assert!(
            linked
                .libraries
                .iter()
                .any(|name| name.starts_with("libc.so"))
        );
        let folders: Vec<_> = whole.runpaths.iter().chain(&whole.rpaths).collect();
        assert_eq!(linked.folders.iter().collect::<Vec<_>>(), folders);
    }

    #[test]
    fn what_is_no_program_is_linked_to_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for bytes in [
            &b""[..],
            b"#!/bin/sh\n",
            &[0x7f; 64],
            b"\x7fELF\x02\x01\x01",
        ] {
            let path = folder.path().join("program");
            std::fs::write(&path, bytes).unwrap();
            assert!(Linked::of(&path).is_none());
        }
    }
}
