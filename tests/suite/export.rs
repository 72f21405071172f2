//! The site as files: the same as the live one, whole or not there at all.

mod again;
mod links;
mod nginx;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lol_html::{RewriteStrSettings, element, rewrite_str};

use crate::crawl::listed;
use crate::server::{Server, copy};

/// Nothing lies ahead of the archive on this day.
const QUIET: &str = "2026-11-23";
/// The day before the 29th meetup.
const BUSY: &str = "2019-09-23";

/// A copy of the real content, with exports beside it.
struct Desk {
    folder: tempfile::TempDir,
    /// Shared by tests and kept between runs, but for those that are about the cache.
    cache: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), &folder.path().join("content"));
        Self { folder, cache: Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache") }
    }

    /// With a cache of its own, empty at first.
    fn uncached() -> Self {
        let desk = Self::new();
        Self { cache: desk.folder.path().join("cache"), ..desk }
    }

    fn content(&self) -> PathBuf {
        self.folder.path().join("content")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn command(&self, out: &Path, flags: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vdlm"));
        command.arg("build").arg(out).arg("--content").arg(self.content()).args(flags).env("VDLM_CACHE", &self.cache);
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
    format!(
        "/{}",
        file.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(file)
    )
}

/// A page without what only one of the two doors has: forms, links that sort, the sections and links that lead to
/// them, and all that says as of which day something holds.
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
        remove("[hidden]"),
        remove("#search"),
        remove(".as-of"),
        remove("script"),
        element!("*", |element| {
            element.remove_attribute("data-until");
            Ok(())
        }),
        plain("section.part"),
        plain("thead a"),
        element!("a[href='/talks/?with=slides']", |element| Ok(element.set_attribute("href", "/talks/")?)),
    ];
    let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
    let text = rewrite_str(html, settings).unwrap();
    // The same link in Markdown.
    let text = text.replace("talks/?with=slides)", "talks/)");
    text.replace(" <", "<").lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Compares what both doors have in common, line by line.
fn assert_common(live: &str, exported: &str, file: &str) {
    let (live, exported) = (common(live), common(exported));
    for (live, exported) in live.lines().zip(exported.lines()) {
        assert_eq!(live, exported, "{file}");
    }
    assert_eq!(live.lines().count(), exported.lines().count(), "{file}");
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
            assert_common(&live.body, &text, file);
            let page = file.ends_with(".html");
            assert!(live.body.contains("<form") == page && !text.contains("<form"), "{file}");
            different.insert(route(file));
        }
    }
    // Lists that a query narrows, the pages with a search, and a link to such a list.
    assert_eq!(
        different,
        ["/", "/404.html", "/index.md", "/meetups/", "/people/", "/search/", "/talks/"].map(String::from).into()
    );
    assert!(same > 450 && moved > 100, "{same} pages are the same, {moved} lead on");
    let listed = listed();
    assert!(listed.len() > 400);
    let missing: Vec<&String> =
        listed.iter().filter(|path| !files.contains_key(&format!("{}index.html", &path[1..]))).collect();
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

#[test]
fn what_is_next_or_open_is_told_with_its_day_and_nothing_else_differs() {
    let server = Server::start(&["--no-experiments", "--as-of", BUSY]);
    let desk = Desk::new();
    let output = desk.run(&["--as-of", BUSY, "--no-compress"]);
    assert!(told(&output).contains("turns stale on 2019-09-24, when meetup 29 begins"), "{}", told(&output));
    let files = tree(&desk.out());
    let (mut dated, mut checked) = (0, 0);
    for (file, bytes) in files.iter().filter(|(file, _)| file.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let live = server.get(&route(file));
        if live.status == 301 {
            continue;
        }
        // The words that a later day makes false stand with the day on which they hold.
        for claim in ["Next meetup", "Coming", "Coming events", "Today", "Open", "Open jobs", "Further ahead"] {
            for (at, _) in text.match_indices(&format!(">{claim}")) {
                let rest = &text[at + 1 + claim.len()..];
                let told = rest.starts_with(" <span class=\"as-of\">as of <time datetime=\"2019-09-23\">");
                // What is hidden waits for its day; what is followed by more words is another claim, or none.
                let bare = rest.starts_with('<') && !text[..at].ends_with("hidden");
                assert!(told || !bare, "{file}: {claim}{rest:.90}");
                dated += usize::from(told);
            }
        }
        assert_eq!(text.contains("passed."), text.contains("data-until") || text.contains("data-after"), "{file}");
        assert_common(&live.body, &text, file);
        checked += 1;
    }
    assert!(dated > 100 && checked > 440, "{dated} claims on {checked} pages");
}

#[test]
fn the_same_day_gives_the_same_tree_whatever_the_number_of_threads() {
    let desk = Desk::uncached();
    let mut trees = Vec::new();
    for threads in ["1", "4"] {
        let out = desk.folder.path().join(threads);
        fs::remove_dir_all(&desk.cache).ok();
        let output = desk.command(&out, &["--as-of", BUSY]).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        trees.push(tree(&out));
    }
    assert!(trees[0].len() > 1500);
    assert!(trees[0] == trees[1], "the trees differ");
}

#[test]
fn each_text_has_its_compressed_forms_beside_it() {
    use std::io::Read;
    let desk = Desk::new();
    let files = desk.build(&["--as-of", QUIET]);
    let mut texts = 0;
    for (file, bytes) in &files {
        let text = [".html", ".css", ".js", ".xml", ".txt", ".svg", ".json", ".ics", ".csv", ".md"]
            .iter()
            .any(|ending| file.ends_with(ending));
        let forms = [files.get(&format!("{file}.gz")), files.get(&format!("{file}.br"))];
        let [Some(gz), Some(br)] = forms else {
            assert!((!text || bytes.len() < 1024) && forms == [None, None], "{file}");
            continue;
        };
        let (mut from_gz, mut from_br) = (Vec::new(), Vec::new());
        libflate::gzip::Decoder::new(&gz[..]).unwrap().read_to_end(&mut from_gz).unwrap();
        brotli_decompressor::BrotliDecompress(&mut &br[..], &mut from_br).unwrap();
        assert!(text && from_gz == *bytes && from_br == *bytes, "{file}");
        texts += 1;
    }
    assert!(texts > 500, "{texts} texts");
}

#[test]
fn errors_in_the_content_are_told_and_the_old_site_stays() {
    let desk = Desk::new();
    let before = desk.build(&["--as-of", QUIET, "--no-compress"]);
    let event = desk.content().join("meetups/075.yaml");
    fs::write(&event, fs::read_to_string(&event).unwrap().replace("venue: 42 Vienna", "venue: 42 Viena")).unwrap();
    let output = desk.run(&["--as-of", BUSY]);
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    assert!(told.contains("meetups/075.yaml:6:8") && told.contains("did you mean `42 Vienna`?"), "{told}");
    assert!(tree(&desk.out()) == before);
    let new = desk.folder.path().join("new/deep");
    assert_eq!(desk.command(&new, &[]).output().unwrap().status.code(), Some(1));
    assert!(!desk.folder.path().join("new").exists(), "not even the folder");
}

#[test]
fn preview_images_are_written_unless_they_are_not_wanted() {
    let desk = Desk::new();
    // Pages name whole addresses only, which need a base URL.
    let flags = ["--as-of", QUIET, "--no-compress", "--base-url", "https://example.org/"];
    let with = desk.build(&flags);
    let without = desk.build(&[&flags[..], &["--no-cards"]].concat());
    let cards: Vec<&String> = with.keys().filter(|file| file.ends_with("card.png")).collect();
    assert!(cards.len() > 400, "{}", cards.len());
    assert!(cards.iter().all(|card| png::Decoder::new(std::io::Cursor::new(&with[*card])).read_info().is_ok()));
    assert_eq!(without.len() + cards.len(), with.len());
    let named = |files: &BTreeMap<String, Vec<u8>>| {
        files.values().filter(|bytes| String::from_utf8_lossy(bytes).contains("card.png")).count()
    };
    assert!(named(&with) > 400 && named(&without) == 0, "{} and {}", named(&with), named(&without));
    // Without a base URL no page could name one.
    let nameless = desk.build(&["--as-of", QUIET, "--no-compress"]);
    assert!(nameless.keys().all(|file| !file.ends_with("card.png")));
}
