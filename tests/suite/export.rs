//! The site as files: the same as the live one, whole or not there at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::server::{Server, copy};

/// Nothing lies ahead of the archive on this day.
const QUIET: &str = "2026-11-23";

/// A copy of the real content, and room for exports beside it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &folder.path().join("content"));
        Self { folder }
    }

    fn content(&self) -> PathBuf {
        self.folder.path().join("content")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn command(&self, out: &Path, flags: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
        command.arg("build").arg(out).arg("--content").arg(self.content()).args(flags);
        command
    }

    fn run(&self, flags: &[&str]) -> Output {
        self.command(&self.out(), flags).output().unwrap()
    }

    /// The files of an export that must succeed.
    fn build(&self, flags: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let output = self.run(flags);
        assert!(output.status.success(), "{}", told(&output));
        tree(&self.out())
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// All files below a folder, by their paths in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn add(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                add(&entry.path(), &format!("{name}/"), files);
            } else {
                files.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    add(folder, "", &mut files);
    files
}

/// The address that a file answers to.
fn route(file: &str) -> String {
    format!("/{}", file.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(file))
}

/// A page without what only one of the two doors has: forms, links that sort, and the sections and links that lead to them.
fn common(html: &str) -> String {
    let remove = |selector: &'static str| {
        element!(selector, |element| {
            element.remove();
            Ok(())
        })
    };
    let plain = |selector: &'static str| {
        element!(selector, |element| {
            element.remove_and_keep_content();
            Ok(())
        })
    };
    let handlers = vec![
        remove("form"),
        remove("h2"),
        plain("section.part"),
        plain("thead a"),
        element!("a[href='/talks/?with=slides']", |element| Ok(element.set_attribute("href", "/talks/")?)),
    ];
    let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
    let text = rewrite_str(html, settings).unwrap();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_route_is_a_file_with_the_bytes_of_the_live_server() {
    let server = Server::start(&["--no-experiments", "--as-of", QUIET]);
    let desk = Desk::new();
    let files = desk.build(&["--as-of", QUIET, "--no-compress"]);
    let (mut same, mut moved, mut different) = (0, 0, BTreeSet::new());
    for (file, bytes) in files.iter().filter(|(file, _)| !file.starts_with('.')) {
        let live = server.get(&route(file));
        let text = String::from_utf8_lossy(bytes).into_owned();
        if live.status == 301 {
            let to = live.header("location");
            assert!(text.contains(&format!("content=\"0; url={to}\"")) && server.get(to).status == 200, "{file}");
            moved += 1;
        } else if live.body == text {
            same += 1;
        } else {
            assert_eq!(common(&live.body), common(&text), "{file}");
            assert!(live.body.contains("<form") && !text.contains("<form"), "{file}");
            different.insert(route(file));
        }
    }
    // Lists that a query narrows, and the two pages with a search.
    assert_eq!(different, ["/", "/404.html", "/meetups/", "/people/", "/talks/"].map(String::from).into());
    assert!(same > 450 && moved > 100, "{same} pages are the same, {moved} lead on");
    let sitemap = server.get("/sitemap.xml").body;
    let listed: Vec<&str> = sitemap.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
    assert!(listed.len() > 400);
    let missing: Vec<&&str> = listed.iter().filter(|path| !files.contains_key(&format!("{}index.html", &path[1..]))).collect();
    assert!(missing.is_empty(), "no file for {missing:?}");
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes);
        let dead = ["<form", "/-/", "?sort=", "pending.js"].into_iter().find(|dead| text.contains(dead));
        assert_eq!(dead, None, "{file}");
    }
}

#[test]
fn files_beside_the_content_are_exported_as_they_are() {
    let desk = Desk::new();
    let (name, bytes) = ("meetups/076/Über uns.pdf", [0, 159, 146, 150]);
    fs::create_dir(desk.content().join("meetups/076")).unwrap();
    fs::write(desk.content().join(name), bytes).unwrap();
    fs::write(desk.content().join("meetups/076.yaml"), format!("number: 76\nslides: {name}\n")).unwrap();
    let files = desk.build(&["--no-compress"]);
    assert_eq!(files[&format!("files/{name}")], bytes);
    let page = String::from_utf8_lossy(&files["meetups/76/index.html"]).into_owned();
    assert!(page.contains("href=\"/files/meetups/076/%C3%9Cber%20uns.pdf\""), "{page}");
}
