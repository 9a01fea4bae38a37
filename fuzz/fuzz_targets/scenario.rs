//! Fuzzes the oracle `scenario`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_assay_fuzz::oracle::scenario(data));
