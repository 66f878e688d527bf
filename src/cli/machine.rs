//! [`machine()`]: what the stages of a run share: flag, else variable, else what the machine has.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use bytesize::ByteSize;
use kaslite_engine::machine::Machine;
use std::thread::available_parallelism;

/// What the stages of a run share.
///
/// # Errors
/// A variable that is no number, or no size.
pub(crate) fn machine(
    session: &Session,
    gpus: Option<u16>,
    memory: Option<ByteSize>,
) -> Result<Machine, CliError> {
    let set = |name: &str| session.environment.get(name).map(String::as_str);
    let wrong = |name: &str, wanted: &str| CliError::usage(format!("`{name}` must be {wanted}"));
    let numbered = |count: u16| (0..count).map(|number| number.to_string()).collect();
    let gpus = match (gpus, set("KASLITE_GPUS")) {
        (Some(count), _) => numbered(count),
        (None, Some(text)) => {
            let count = text.parse();
            numbered(count.map_err(|_| wrong("KASLITE_GPUS", "a whole number"))?)
        }
        (None, None) => match set("CUDA_VISIBLE_DEVICES") {
            Some(names) => visible(names),
            None => devices(),
        },
    };
    let memory = match (memory, set("KASLITE_MEMORY")) {
        (Some(size), _) => Some(size.as_u64()),
        (None, Some(text)) => {
            let size = text.parse::<ByteSize>();
            Some(
                size.map_err(|_| wrong("KASLITE_MEMORY", "a size like `16GiB`"))?
                    .as_u64(),
            )
        }
        (None, None) => total_memory(),
    };
    let cpus = available_parallelism().map_or(1, usize::from);
    Ok(Machine { cpus, gpus, memory })
}

/// The GPUs that CUDA programs are told to use.
fn visible(names: &str) -> Vec<String> {
    let names = names.split(',').map(str::trim);
    // `-1` and all behind it are none.
    let names = names.take_while(|name| !name.is_empty() && !name.starts_with('-'));
    names.map(str::to_owned).collect()
}

/// The devices that the driver of NVIDIA shows; other makers' are not counted.
fn devices() -> Vec<String> {
    let number = |name: &str| {
        let number = name.strip_prefix("nvidia")?;
        number.parse::<u16>().ok()
    };
    let mut numbers: Vec<u16> = std::fs::read_dir("/dev")
        .into_iter()
        .flatten()
        .filter_map(|entry| number(entry.ok()?.file_name().to_str()?))
        .collect();
    numbers.sort_unstable();
    numbers.iter().map(ToString::to_string).collect()
}

/// The memory of the machine in bytes, where the system says so.
fn total_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}
