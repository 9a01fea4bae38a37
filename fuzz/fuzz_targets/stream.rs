//! Fuzzes the oracle `stream`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_assay_fuzz::oracle::stream(data));
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mqtt_assay_fuzz::mutate(data, size, max_size, seed, libfuzzer_sys::fuzzer_mutate)
});
