//! Settings of the live server that stand in `site.yaml`, under `server`. Flags and environment variables go before them.

use std::sync::Arc;

use crate::problem::{SourceFile, Text};
use crate::yaml::{self, Cursor, Fields, Problems};

/// The names under `server`, as flags have them with dashes: `port` is `--port` and `VDLM_PORT`.
pub const SERVER_SETTINGS: [&str; 17] = [
    "address",
    "port",
    "threads",
    "cache",
    "data",
    "connections",
    "header_timeout",
    "request_timeout",
    "stall_timeout",
    "metrics",
    "trust_proxy",
    "streams",
    "lab_queue",
    "lab_visitor_runs",
    "lab_seconds",
    "lab_store",
    "lab_threads",
];

/// A setting as it is written; what it may be is known to who asks for it.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its name: one of [`SERVER_SETTINGS`], or `base_url`, which stands beside them since an export has it too.
    pub name: &'static str,
    /// What it is set to.
    pub value: Text,
}

/// The settings in a `site.yaml`, also where something else in it is wrong: what that is, and what of them is no text, is told by who reads
/// the whole file.
pub fn settings(file: &Arc<SourceFile>) -> Vec<Setting> {
    let Ok(document) = yaml::parse(file, &file.text, 0) else { return Vec::new() };
    let untold = Problems::default();
    let read = |f: &mut Fields<'_>| {
        let settings = read(f);
        f.pass_over_the_rest();
        Some(settings)
    };
    document.cursor(&untold).fields("the site", read).unwrap_or_default()
}

pub(super) fn read(site: &mut Fields<'_>) -> Vec<Setting> {
    let base = site.text("base_url").map(|value| Setting { name: "base_url", value });
    let server = site.get("server").and_then(|cursor| of_server(&cursor));
    base.into_iter().chain(server.unwrap_or_default()).collect()
}

fn of_server(cursor: &Cursor<'_>) -> Option<Vec<Setting>> {
    cursor.fields("the server", |f| {
        Some(SERVER_SETTINGS.into_iter().filter_map(|name| Some(Setting { name, value: f.text(name)? })).collect())
    })
}
