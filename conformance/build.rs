//! Rebuilds the package when a fixture changes: what is compiled in by folder is not seen by the compiler.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=fixtures/");
}
