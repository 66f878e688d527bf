//! How one libtorch is made.

use crate::failure::Failure;
use crate::flavour::Flavour;
use crate::platform::Platform;
use crate::source::{self, Source};

/// The libtorch that tch 0.26 expects.
pub(crate) const VERSION: &str = "2.13.0";

/// How one libtorch is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// What pip is asked for.
    pub(crate) requirements: &'static [&'static str],
    /// Whether pip adds what the wheels require themselves.
    pub(crate) with_dependencies: bool,
    /// Platform tags for pip.
    pub(crate) tags: Vec<String>,
    pub(crate) sources: &'static [Source],
    /// Whether the wheel's own `libtorch.so`, which drags in CUDA and holds no symbol that tch
    /// uses, is replaced by an empty one.
    pub(crate) empty_libtorch: bool,
    /// What pip will download, for the person who waits.
    pub(crate) size: &'static str,
}

impl Recipe {
    /// The recipe for a platform, or a failure that says which platforms there are.
    pub(crate) fn of(platform: Option<Platform>, flavour: Flavour) -> Result<Self, Failure> {
        let platform = platform.ok_or_else(|| no_wheel("this system"))?;
        let tags = platform.tags();
        let with_dependencies = flavour == Flavour::Cuda;
        let (requirements, sources, size) = match (platform, flavour) {
            (Platform::MacArm, Flavour::Cuda) => return Err(no_wheel("macOS with CUDA")),
            (Platform::MacArm, Flavour::Cpu) => (source::TORCH, source::MAC, "111 MB"),
            (Platform::LinuxX86, Flavour::Cpu) => {
                (source::TORCH_AND_CUPTI, source::LINUX_X86, "540 MB")
            }
            (Platform::LinuxArm, Flavour::Cpu) => {
                (source::TORCH_AND_CUPTI, source::LINUX_ARM, "440 MB")
            }
            (Platform::LinuxX86 | Platform::LinuxArm, Flavour::Cuda) => {
                (source::TORCH, source::CUDA, "2.7 GB")
            }
        };
        let empty_libtorch = platform != Platform::MacArm && flavour == Flavour::Cpu;
        Ok(Self {
            requirements,
            with_dependencies,
            tags,
            sources,
            empty_libtorch,
            size,
        })
    }
}

fn no_wheel(system: &str) -> Failure {
    Failure::new(format!(
        "there is no libtorch {VERSION} to fetch for {system}"
    ))
    .hint(format!(
        "the set-up knows Linux on x86-64 and arm64, and macOS on arm64; elsewhere set `LIBTORCH` \
         to a libtorch {VERSION}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_asks_for_the_version_that_the_folder_is_named_after() {
        for platform in [Platform::LinuxX86, Platform::LinuxArm, Platform::MacArm] {
            let recipe = Recipe::of(Some(platform), Flavour::Cpu).unwrap();
            assert!(
                recipe
                    .requirements
                    .contains(&format!("torch=={VERSION}").as_str())
            );
            assert!(!recipe.with_dependencies);
        }
        assert_eq!(Flavour::Cpu.folder(), "libtorch-2.13.0-cpu");
        assert_eq!(Flavour::Cuda.folder(), "libtorch-2.13.0-cuda");
    }

    #[test]
    fn cuda_lets_pip_resolve_and_keeps_the_wheels_own_libtorch() {
        let recipe = Recipe::of(Some(Platform::LinuxX86), Flavour::Cuda).unwrap();
        assert!(recipe.with_dependencies && !recipe.empty_libtorch);
        assert_eq!(recipe.requirements, ["torch==2.13.0"]);
    }

    #[test]
    fn systems_without_a_wheel_are_told_so() {
        let failure = Recipe::of(None, Flavour::Cpu).unwrap_err();
        assert_eq!(
            failure.message,
            "there is no libtorch 2.13.0 to fetch for this system"
        );
        assert!(Recipe::of(Some(Platform::MacArm), Flavour::Cuda).is_err());
    }
}
