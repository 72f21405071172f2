//! The sample for nginx, held against the live server.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Desk, QUIET, Server, route};

/// What `mime.types` of nginx 1.22 says of the endings of an export for which the sample leaves it to that.
const OF_NGINX: [(&str, &str); 8] = [
    ("css", "text/css"),
    ("html", "text/html"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("woff2", "font/woff2"),
    ("xml", "text/xml"),
];

struct Sample {
    /// The places with a media type of their own, in the order of the file.
    types: Vec<(Place, String)>,
    /// The media types that are sent with a charset, beside `text/html`.
    with_charset: Vec<String>,
    text: String,
}

enum Place {
    /// `location = /sitemap.xml`
    Is(String),
    /// `location ~ \.md$`: what the path ends with.
    EndsWith(String),
}

impl Sample {
    fn read() -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/nginx.conf")).unwrap();
        let mut sample = Self { types: Vec::new(), with_charset: Vec::new(), text: text.clone() };
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if let Some(types) = line.strip_prefix("charset_types ") {
                sample.with_charset.extend(types.trim_end_matches(';').split(' ').map(str::to_owned));
            }
            let Some((place, kind)) = line.split_once(" { types {} default_type ") else { continue };
            let kind = kind.strip_suffix("; }").unwrap().to_owned();
            let place = match place.strip_prefix("location ").unwrap().split_once(' ').unwrap() {
                ("=", path) => Place::Is(path.to_owned()),
                ("~", pattern) => {
                    let ending = pattern.strip_suffix('$').unwrap().replace("\\.", ".");
                    assert!(!ending.contains(['\\', '*', '(', '[', '|', '^']), "{pattern} is more than an ending");
                    Place::EndsWith(ending)
                }
                other => panic!("{other:?}"),
            };
            sample.types.push((place, kind));
        }
        sample
    }

    /// The media type with which nginx sends what is at a path. An exact place goes before all others, then the first
    /// pattern.
    fn sends(&self, path: &str) -> String {
        let exact = self.types.iter().find(|(place, _)| matches!(place, Place::Is(whole) if whole == path));
        let pattern =
            || self.types.iter().find(|(place, _)| matches!(place, Place::EndsWith(ending) if path.ends_with(ending)));
        let ending = path.rsplit('.').next().unwrap();
        let known = || OF_NGINX.iter().find(|(known, _)| *known == ending).map(|(_, kind)| (*kind).to_owned());
        let kind = exact.or_else(pattern).map(|(_, kind)| kind.clone()).or_else(known);
        let kind = kind.unwrap_or_else(|| "application/octet-stream".to_owned());
        if kind == "text/html" || self.with_charset.contains(&kind) { format!("{kind}; charset=utf-8") } else { kind }
    }
}

#[test]
fn the_sample_sends_each_file_as_the_live_server_does() {
    let flags = ["--as-of", QUIET, "--base-url", "https://vdlm.example/"];
    let server = Server::start(&[&["--no-experiments"], &flags[..]].concat());
    let desk = Desk::new();
    let files = desk.build(&[&flags[..], &["--no-compress", "--no-cards"]].concat());
    let sample = Sample::read();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for file in files.keys().filter(|file| !file.starts_with('.')) {
        let path = route(file);
        let live = server.get(&path);
        let expected = match live.status {
            200 => live.header("content-type"),
            // The index of the search, which only an export has.
            404 if file.ends_with(".json") => "application/json",
            // The page for what is missing, and those that lead on.
            _ => "text/html; charset=utf-8",
        };
        assert_eq!(sample.sends(&format!("/{file}")), expected, "{file}");
        *seen.entry(file.rsplit('.').next().unwrap().to_owned()).or_default() += 1;
    }
    for ending in ["html", "css", "js", "json", "xml", "ics", "md", "csv", "txt", "svg", "woff2"] {
        assert!(seen.contains_key(ending), "no {ending} among {seen:?}");
    }
    println!("{seen:?}");
}

#[test]
fn redirects_of_the_sample_name_neither_scheme_nor_port() {
    let text = Sample::read().text;
    // nginx puts its own before the path unless it is told not to, and behind a proxy they are wrong.
    assert!(text.lines().any(|line| line.trim() == "absolute_redirect off;"), "{text}");
}
