//! Fuzzes the oracle `broker`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_assay_fuzz::oracle::broker(data));
