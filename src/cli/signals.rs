//! [`on_end`]: what is done when the program is asked to end.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::thread;

/// Calls `end` each time that Ctrl-C is typed, or the program is asked to end in another way. That its
/// terminal is closed is no such wish where it was started with `nohup`.
pub(crate) fn on_end(end: impl Fn() + Send + 'static) {
    let mut asking = vec![SIGINT, SIGTERM];
    if !outlives_terminal() {
        asking.push(SIGHUP);
    }
    // Without a handler the program still ends, less gently.
    if let Ok(mut signals) = Signals::new(asking) {
        thread::spawn(move || signals.forever().for_each(|_| end()));
    }
}

/// Whether whoever started the program had it ignore that its terminal is closed; where the system does
/// not tell, it had not.
fn outlives_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok());
    ignored.is_some_and(|signals| signals & (1 << (SIGHUP - 1)) != 0)
}
