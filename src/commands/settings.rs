//! Settings by flag, else environment variable, else default: what clap does not know of their types.

use std::env;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;
use clap::builder::Resettable;
use clap::{Command, Parser};
use jiff::tz::TimeZone;

/// Shortest and longest duration of a setting.
const DURATIONS: std::ops::RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(86400);

/// Parses the command line. An environment variable that is empty counts as not set.
pub(crate) fn parse<P: Parser>(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> P {
    let mut matches = without_empty_variables(P::command()).get_matches_from(arguments);
    P::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.exit())
}

fn without_empty_variables(command: Command) -> Command {
    let is_empty = |name: Option<&std::ffi::OsStr>| name.and_then(env::var_os).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| if is_empty(arg.get_env()) { arg.env(Resettable::Reset) } else { arg })
        .mut_subcommands(without_empty_variables)
}

/// Parses a duration: `500ms`, `15s`, `2m`; a number without a unit is in seconds.
///
/// # Errors
/// Returns an error if it is not a duration from a millisecond to a day.
pub(super) fn duration(text: &str) -> anyhow::Result<Duration> {
    let duration = match text.trim().parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds)?,
        Err(_) => humantime::parse_duration(text.trim())?,
    };
    if !DURATIONS.contains(&duration) {
        bail!("not between 1ms and 1day");
    }
    Ok(duration)
}

/// Parses the name of a time zone.
///
/// # Errors
/// Returns an error if the time zone database does not have it.
pub(super) fn time_zone(text: &str) -> anyhow::Result<String> {
    TimeZone::get(text)?;
    Ok(text.to_owned())
}

/// Parses an address with spaces around it.
///
/// # Errors
/// Returns an error if the text is not one.
pub(super) fn address(text: &str) -> anyhow::Result<IpAddr> {
    Ok(text.trim().parse()?)
}

/// Returns the folder where the XDG base directory specification puts what can be computed again.
pub(super) fn cache_folder() -> PathBuf {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")));
    home.unwrap_or_else(env::temp_dir).join("vdlm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_or_are_seconds() {
        for (text, milliseconds) in
            [("15", 15_000), (" 0.3 ", 300), ("500ms", 500), ("2m", 120_000), ("1day", 86_400_000)]
        {
            assert_eq!(duration(text).unwrap().as_millis(), milliseconds, "{text}");
        }
        for text in ["", "soon", "-1", "nan", "inf", "0", "86401", "2days"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
