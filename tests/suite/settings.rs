//! Settings by flag and environment, and what becomes of bad ones.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::{Server, copy};

/// What the server says when it refuses to start.
fn refusal(content: &Path, flags: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_vdlm"))
        .args(["serve", "--no-experiments", "--content"])
        .arg(content)
        .args(flags)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

fn add(content: &Path, lines: &str) -> usize {
    let file = content.join("site.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n{lines}")).unwrap();
    text.lines().count() + 2
}

#[test]
fn bad_values_are_named_with_their_flag_and_the_flag_goes_before_the_variable() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    for (name, bad, reason) in [
        ("port", "70000", "70000 is not in 0..=65535"),
        ("address", "localhost", "invalid IP address"),
        ("base-url", "example.org", "write it as https://example.org/"),
        ("time-zone", "Europe/Wien", "Europe/Wien"),
        ("as-of", "tomorrow", "tomorrow"),
        ("threads", "0", "0 is not in 1..=1024"),
        ("connections", "many", "invalid digit"),
        ("header-timeout", "-1", "negative"),
        ("request-timeout", "soon", "expected number"),
        ("stall-timeout", "2days", "not between 1ms and 1day"),
        ("metrics", "yes", "possible values: off, local, all"),
        ("trust-proxy", "10.0.0.1,proxy", "invalid IP address"),
        ("streams", "0", "0 is not in 1..=1000000"),
        ("lab-queue", "-1", "invalid digit"),
        ("lab-seconds", "inf", "inf"),
        ("lab-store", "1 GB", "invalid digit"),
    ] {
        let (flag, variable) = (format!("--{name}={bad}"), format!("VDLM_{}", name.to_uppercase().replace('-', "_")));
        for said in
            [refusal(&content, &[&flag], &[(&variable, "bad too")]), refusal(&content, &[], &[(&variable, bad)])]
        {
            let named = said.contains(&format!("--{name} <")) && bad.split(',').any(|bad| said.contains(bad));
            assert!(named && said.contains(reason), "{said}");
            assert!(!said.contains("bad too"), "{said}");
        }
    }
}

/// What the server says when it does not start for its cache folder, with experiments.
fn refused_cache(content: &Path, flags: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
    command.args(["serve", "--port", "0", "--content"]).arg(content).args(flags).envs(variables.iter().copied());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    // A server that starts says so and runs on; that must be no endless wait.
    while !told.contains(" is up after") && reader.read_line(&mut told).unwrap() > 0 {}
    child.kill().unwrap();
    child.wait().unwrap();
    told
}

#[test]
fn a_cache_folder_that_can_hold_nothing_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (content, file) = (folder.path().join("content"), folder.path().join("file"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    fs::write(&file, "text").unwrap();
    let below = file.join("cache").display().to_string();
    let file = file.display().to_string();
    for cache in [&file, &below] {
        let said = format!("no results can be kept in `{cache}`: ");
        let by_flag = refused_cache(&content, &["--cache", cache], &[("VDLM_CACHE", "another")]);
        assert!(by_flag.contains(&said) && by_flag.contains("with --cache"), "{by_flag}");
        let by_variable = refused_cache(&content, &[], &[("VDLM_CACHE", cache)]);
        assert!(by_variable.contains(&said), "{by_variable}");
        let by_default = refused_cache(&content, &[], &[("VDLM_CACHE", ""), ("XDG_CACHE_HOME", cache)]);
        assert!(by_default.contains(&format!("`{cache}/vdlm`: ")), "{by_default}");
        // Who computes nothing needs no room for it.
        let without = refused_cache(&content, &["--no-experiments", "--cache", cache], &[]);
        assert!(without.contains(" is up after"), "{without}");
    }
}

#[test]
fn a_base_url_that_is_none_is_an_error_of_the_content() {
    let folder = tempfile::tempdir().unwrap();
    let (content, out) = (folder.path().join("content"), folder.path().join("out"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    let line = add(&content, "base_url: example.org\n");
    for command in [&["check"][..], &["build", out.to_str().unwrap(), "--no-compress", "--no-cards"]] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_vdlm")).args(command).env("VDLM_CONTENT", &content).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("site.yaml:{line}:11")) && said.contains("https://example.org/"), "{said}");
    }
    assert!(!out.exists());
}

#[test]
fn settings_of_the_server_are_no_content() {
    let server = Server::start(&["--no-experiments"]);
    server.edit("site.yaml", |text| format!("{text}\nserver:\n  port: 80\n"));
    server.wait_for_log("unknown key `server`");
}

#[test]
fn settings_of_the_site_and_of_flags_hold() {
    let flags = ["--no-experiments", "--threads", "1", "--time-zone", "Pacific/Kiritimati", "--metrics", "all"];
    let server = Server::start_with(&flags, |content| {
        add(content, "base_url: https://vdlm.example/\n");
    });
    let page = server.get("/talks/").body;
    assert!(page.contains(r#"<link rel="canonical" href="https://vdlm.example/talks/">"#), "{}", &page[..3000]);
    assert!(server.get("/sitemap.xml").body.contains("<loc>https://vdlm.example/talks/</loc>"));
    assert!(server.get("/robots.txt").body.contains("Sitemap: https://vdlm.example/sitemap.xml"));
    assert_eq!(server.get("/metrics").status, 200, "`all` is everybody");
}

#[test]
fn a_site_without_its_address_is_told_how_to_set_it() {
    const HINT: &str = "set it with --base-url, VDLM_BASE_URL or `base_url` in site.yaml";
    let server = |flags: &[&str]| Server::start(&[&["--no-experiments"], flags].concat()).log();
    assert_eq!(server(&[]).matches(HINT).count(), 1);
    assert!(!server(&["--base-url", "https://vdlm.example/"]).contains(HINT));
    let folder = tempfile::tempdir().unwrap();
    let build = |flags: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
        command
            .arg("build")
            .arg(folder.path().join("out"))
            .args(["--no-compress", "--no-cards", "--no-data"])
            .args(flags);
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        String::from_utf8(command.arg("--content").arg(content).output().unwrap().stdout).unwrap()
    };
    assert_eq!(build(&[]).matches(HINT).count(), 1);
    let report = build(&["--base-url", "https://vdlm.example/"]);
    assert!(report.contains("addresses in") && !report.contains(HINT), "{report}");
}

#[test]
fn every_flag_of_the_server_is_documented() {
    let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/publishing.md")).unwrap();
    let section = docs.split("\n## ").find(|section| section.starts_with("Settings\n")).expect("a section on settings");
    let flags: Vec<&str> =
        help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2 && *word != "--help").collect();
    assert!(flags.len() > 20, "{help}");
    for flag in flags {
        assert!(section.contains(&format!("`{flag}`")), "{flag} is missing from docs/publishing.md");
    }
}
