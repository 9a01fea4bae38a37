//! The command line.

use std::process::ExitCode;

use clap::Parser as _;
use mqtt_assay::args::Args;
use mqtt_assay::commands;

fn main() -> ExitCode {
    commands::execute(Args::parse())
}
