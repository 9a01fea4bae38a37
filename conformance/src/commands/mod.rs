//! The commands of the command line: each reads its options, does its work, and prints.

mod coverage;
mod decode;
mod encode;
mod failure;
mod faults;
mod files;
mod list;
mod run;
mod scenarios;
mod serve;
mod show;
mod statement;
mod write;

use std::process::ExitCode;

use crate::args::{Args, Command};

pub use failure::{Exit, Failure};

/// Does what the command line says.
#[must_use]
pub fn execute(args: Args) -> ExitCode {
    let result = match args.command {
        Command::Run(args) => run::run(*args),
        Command::Serve(args) => serve::serve(&args),
        Command::List(args) => list::list(&args),
        Command::Show(args) => show::show(&args),
        Command::Statement(args) => statement::statement(&args),
        Command::Coverage(args) => coverage::coverage(&args),
        Command::Faults(args) => faults::faults(&args),
        Command::Check(args) => write::check(&args),
        Command::Fmt(args) => write::format(&args),
        Command::Decode(args) => decode::decode(&args),
        Command::Encode(args) => encode::encode(&args),
    };
    let exit = result.unwrap_or_else(|failure| {
        failure.print();
        failure.exit()
    });
    ExitCode::from(exit.code())
}
