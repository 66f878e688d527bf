//! The systems, and how pip calls them.

/// A system for which torch is published as a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    LinuxX86,
    LinuxArm,
    MacArm,
}

impl Platform {
    /// The machine that this program was built for.
    pub(crate) fn of_this_machine() -> Option<Self> {
        match (std::env::consts::OS, std::env::consts::ARCH) {
            ("linux", "x86_64") => Some(Self::LinuxX86),
            ("linux", "aarch64") => Some(Self::LinuxArm),
            ("macos", "aarch64") => Some(Self::MacArm),
            _ => None,
        }
    }

    /// pip takes a Linux tag by its exact name, so each tag that one of the wheels may bear is
    /// named; of a macOS tag it knows the earlier ones.
    pub(crate) fn tags(self) -> Vec<String> {
        let linux = |machine: &str| {
            let numbered = (17..=28).map(|minor| format!("manylinux_2_{minor}_{machine}"));
            numbered
                .chain([format!("manylinux2014_{machine}")])
                .collect()
        };
        match self {
            Self::LinuxX86 => linux("x86_64"),
            Self::LinuxArm => linux("aarch64"),
            Self::MacArm => vec!["macosx_14_0_arm64".into()],
        }
    }
}
