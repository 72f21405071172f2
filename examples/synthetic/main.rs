//! Writes an invented archive of many events, for measuring: `cargo run --release --example synthetic -- 10000 OUT`.
//!
//! `OUT/content` is a content folder of this program, `OUT/hugo` and `OUT/hugo-same` the same archive as sites for
//! Hugo, without and with pages of talks and topics. The number of events decides every byte. Nobody and nothing in it
//! is real.

mod content;
mod facts;
mod hugo;
mod words;

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use facts::Facts;
use hugo::Pages;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(events), Some(out)) = (arguments.first().and_then(|number| number.parse().ok()), arguments.get(1)) else {
        eprintln!("usage: synthetic EVENTS OUT");
        return ExitCode::FAILURE;
    };
    match write(events, Path::new(out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {out}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(events: usize, out: &Path) -> io::Result<()> {
    let facts = Facts::invent(events);
    for (name, text) in content::files(&facts) {
        put(&out.join("content"), &name, &text)?;
    }
    for (folder, pages) in [("hugo", Pages::Few), ("hugo-same", Pages::Same)] {
        for (name, text) in hugo::files(&facts, pages) {
            put(&out.join(folder), &name, &text)?;
        }
    }
    Ok(())
}

fn put(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    let path = folder.join(name);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    fs::write(path, text)
}
