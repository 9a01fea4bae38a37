//! Fuzzes the oracle `notation`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_assay_fuzz::oracle::notation(data));
