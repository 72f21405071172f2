//! Settings by flag, environment and `site.yaml`, and what becomes of bad ones.

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
fn bad_values_are_named_with_the_place_they_come_from_and_the_nearest_counts() {
    for (name, bad, wanted) in [
        ("port", "70000", "a port, 0 to 65535"),
        ("address", "localhost", "an address as 127.0.0.1 or ::1"),
        ("base-url", "example.org", "an address as https://example.org/"),
        ("time-zone", "Europe/Wien", "a time zone as Europe/Vienna"),
        ("as-of", "tomorrow", "a day as 2019-09-24"),
        ("threads", "0", "a number from 1 to 1024"),
        ("connections", "many", "a number from 1 to 1000000"),
        ("header-timeout", "-1", "seconds, 0.001 to 86400"),
        ("request-timeout", "soon", "seconds, 0.001 to 86400"),
        ("stall-timeout", "nan", "seconds, 0.001 to 86400"),
        ("metrics", "yes", "off, local or all"),
        ("trust-proxy", "10.0.0.1,proxy", "addresses with commas between"),
        ("streams", "0", "a number from 1 to 1000000"),
        ("lab-queue", "-1", "a number from 0 to 10000"),
        ("lab-visitor-runs", "two", "a number from 0 to 10000"),
        ("lab-seconds", "inf", "seconds, 0.001 to 86400"),
        ("lab-store", "1 GB", "a number from 0 to 1000000"),
        ("lab-threads", "0", "a number from 1 to 1024"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), folder.path());
        let (flag, variable) = (format!("--{name}={bad}"), format!("VDLM_{}", name.to_uppercase().replace('-', "_")));
        let said = |place: &str| format!("{name}: `{bad}` (from {place}) is not {wanted}");
        let by_flag = refusal(folder.path(), &[&flag], &[(&variable, "bad too")]);
        assert!(by_flag.contains(&said(&format!("--{name}"))), "{by_flag}");
        let by_variable = refusal(folder.path(), &[], &[(&variable, bad)]);
        assert!(by_variable.contains(&said(&variable)), "{by_variable}");
        let key = name.replace('-', "_");
        let (lines, below) = match name {
            // These are never settings of the site.
            "time-zone" | "as-of" => continue,
            "base-url" => (format!("{key}: {bad}\n"), 0),
            _ => (format!("server:\n  {key}: {bad}\n"), 1),
        };
        let line = add(folder.path(), &lines) + below;
        let by_site = refusal(folder.path(), &[], &[]);
        assert!(by_site.contains(&format!("{name}: `{bad}` (from site.yaml:{line}:")) && by_site.contains(wanted), "{by_site}");
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
        let said = |place: &str| format!("cache: no results can be kept in `{cache}` ({place}): ");
        let by_flag = refused_cache(&content, &["--cache", cache], &[("VDLM_CACHE", "another")]);
        assert!(by_flag.contains(&said("from --cache")) && by_flag.contains("name a folder that"), "{by_flag}");
        let by_variable = refused_cache(&content, &[], &[("VDLM_CACHE", cache)]);
        assert!(by_variable.contains(&said("from VDLM_CACHE")), "{by_variable}");
        let by_default = refused_cache(&content, &[], &[("XDG_CACHE_HOME", cache)]);
        assert!(by_default.contains(&format!("`{cache}/vdlm` (the default): ")), "{by_default}");
        // Who computes nothing needs no room for it.
        let without = refused_cache(&content, &["--no-experiments", "--cache", cache], &[]);
        assert!(without.contains(" is up after"), "{without}");
    }
    let line = add(&content, &format!("server:\n  cache: {file}\n")) + 1;
    let by_site = refused_cache(&content, &[], &[]);
    assert!(by_site.contains(&format!("`{file}` (from site.yaml:{line}:10): ")), "{by_site}");
}

#[test]
fn check_tells_of_bad_values_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), folder.path());
    let check = || {
        let output = Command::new(env!("CARGO_BIN_EXE_vdlm"))
            .args(["check", "--format", "json", "--content"])
            .arg(folder.path())
            // What the environment sets is none of the content.
            .env("VDLM_PORT", "70000")
            .output()
            .unwrap();
        let problems: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.success(), problems)
    };
    assert!(check().0);
    let line = add(
        folder.path(),
        "base_url: example.org\nserver:\n  port: 70000\n  metrics: all\n  header_timeout: soon\n  trust_proxy: 10.0.0.1, proxy\n",
    );
    let (fine, problems) = check();
    assert!(!fine);
    let told: Vec<_> = (problems.iter())
        .filter(|problem| problem["level"] == "error")
        .map(|problem| {
            let text = |key: &str| problem[key].as_str().unwrap().to_owned();
            (
                text("file"),
                problem["line"].as_u64().unwrap() as usize,
                problem["column"].as_u64().unwrap(),
                text("message"),
                text("help"),
            )
        })
        .collect();
    let at = |below: usize, column, message: &str, help: &str| {
        ("site.yaml".to_owned(), line + below, column, message.to_owned(), help.to_owned())
    };
    assert_eq!(
        told,
        [
            at(0, 11, "`base_url` cannot be `example.org`", "write an address as https://example.org/"),
            at(2, 9, "`port` cannot be `70000`", "write a port, 0 to 65535"),
            at(4, 19, "`header_timeout` cannot be `soon`", "write seconds, 0.001 to 86400"),
            at(5, 16, "`trust_proxy` cannot be `10.0.0.1, proxy`", "write addresses with commas between"),
        ]
    );
}

#[test]
fn a_broken_site_and_its_bad_settings_are_told_in_one_run_and_nothing_is_exported() {
    let folder = tempfile::tempdir().unwrap();
    let (content, out) = (folder.path().join("content"), folder.path().join("out"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &content);
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).args(arguments).env("VDLM_CONTENT", &content).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let build = ["build", out.to_str().unwrap(), "--no-compress", "--no-cards"];
    let whole = fs::read_to_string(content.join("site.yaml")).unwrap();
    for (lines, messages) in [
        ("server: {port: 70000}\n", &["`port` cannot be `70000`"][..]),
        ("base_url: example.org\n", &["`base_url` cannot be `example.org`"]),
        ("hastag: x\nserver: {port: 70000}\n", &["unknown key `hastag`", "`port` cannot be `70000`"]),
    ] {
        fs::write(content.join("site.yaml"), format!("{whole}\n{lines}")).unwrap();
        for command in [&["check"][..], &build] {
            let (code, told) = run(command);
            assert_eq!(code, Some(1), "{command:?} {lines}: {told}");
            assert!(messages.iter().all(|message| told.contains(message)), "{command:?}: {told}");
            let errors = if messages.len() == 1 { "error" } else { "errors" };
            let counted = format!("\n{} {errors}, 0 warnings, ", messages.len());
            assert!(told.contains(&counted) && !told.contains("there is no site.yaml"), "{told}");
        }
        assert!(!out.exists());
    }
    fs::write(content.join("site.yaml"), format!("{whole}\nserver: {{port: 7000}}\n")).unwrap();
    assert_eq!(run(&build).0, Some(0));
}

#[test]
fn an_unknown_setting_is_a_problem_with_a_suggestion() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        add(content, "base_url: https://a.example/\n");
    });
    server.edit("site.yaml", |text| format!("{text}\nserver:\n  prot: 80\n"));
    server.wait_for_log("unknown key `prot` in the server");
    server.wait_for_log("did you mean `port`");
}

#[test]
fn settings_of_the_site_and_of_flags_hold() {
    let server = Server::start_with(&["--no-experiments", "--threads", "1", "--time-zone", "Pacific/Kiritimati"], |content| {
        add(content, "base_url: https://vdlm.example/\nserver:\n  metrics: all\n  threads: 2\n");
    });
    let page = server.get("/talks/").body;
    assert!(page.contains(r#"<link rel="canonical" href="https://vdlm.example/talks/">"#), "{}", &page[..3000]);
    assert!(server.get("/sitemap.xml").body.contains("<loc>https://vdlm.example/talks/</loc>"));
    assert!(server.get("/robots.txt").body.contains("Sitemap: https://vdlm.example/sitemap.xml"));
    assert_eq!(server.get("/metrics").status, 200, "`metrics: all` is for everybody");
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
        command.arg("build").arg(folder.path().join("out")).args(["--no-compress", "--no-cards", "--no-data"]).args(flags);
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        String::from_utf8(command.arg("--content").arg(content).output().unwrap().stdout).unwrap()
    };
    assert_eq!(build(&[]).matches(HINT).count(), 1);
    for flags in [&["--base-url", "https://vdlm.example/"], &["--links", "files"]] {
        let told = build(flags);
        assert!(told.contains("addresses in") && !told.contains(HINT), "{told}");
    }
}

#[test]
fn every_flag_of_the_server_stands_in_the_readme() {
    let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("\n## ").find(|section| section.starts_with("Settings\n")).expect("a section on settings");
    let flags: Vec<&str> =
        help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2 && *word != "--help").collect();
    assert!(flags.len() > 20, "{help}");
    for flag in flags {
        assert!(section.contains(&format!("`{flag}`")), "{flag} is missing from the README");
    }
}
