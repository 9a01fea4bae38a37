//! Fuzzes the oracle `round_trip`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_assay_fuzz::oracle::round_trip(data));
