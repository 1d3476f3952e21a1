//! `waqia config`: every setting with its value and where that comes from.

use super::CommandLine;
use crate::config::ServerConfig;
use anyhow::Result;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory};
use std::io::{self, Write};
use std::process::ExitCode;

pub fn print(args: &ServerConfig, matches: &ArgMatches) -> Result<ExitCode> {
    args.serve.check()?;
    args.engine.check()?;
    let command = CommandLine::command();
    let matches = matches.subcommand_matches("config").unwrap_or(matches);
    let rows: Vec<[String; 4]> = command.get_arguments().filter_map(|arg| row(arg, matches)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (flags, variables, values) = (width(0), width(1), width(2));
    let mut out = io::stdout().lock();
    for [flag, variable, value, source] in &rows {
        writeln!(out, "{flag:flags$}  {variable:variables$}  {value:values$}  {source}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Flag, variable, value and source of one setting; `None` for what is no setting (`--help`).
fn row(arg: &Arg, matches: &ArgMatches) -> Option<[String; 4]> {
    let flag = format!("--{}", arg.get_long()?);
    let variable = arg.get_env()?.to_string_lossy().into_owned();
    let id = arg.get_id().as_str();
    let raw = matches.get_raw(id).map(|values| values.map(|v| v.to_string_lossy().into_owned()).collect::<Vec<_>>().join(","));
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => "flag",
        Some(ValueSource::EnvVariable) => "environment",
        _ => "default",
    };
    Some([flag, variable, raw.filter(|r| !r.is_empty()).unwrap_or_else(|| "–".to_owned()), source.to_owned()])
}
