//! `kaslite_fuzz::params`, under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kaslite_fuzz::params(data));
