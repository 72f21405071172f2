//! The direction of the program: no module imports what comes after it, and no files import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules that all others may use.
const VOCABULARY: [&str; 5] = ["compress", "derived", "diagnostics", "html", "yaml"];
/// Each module with those that it may use beside the vocabulary. Each stands after what it uses.
const MODULES: [(&str, &[&str]); 22] = [
    ("compress", &[]),
    ("derived", &[]),
    ("diagnostics", &[]),
    ("html", &[]),
    ("yaml", &[]),
    ("content", &[]),
    ("archive", &["content"]),
    ("workspace", &["content", "archive"]),
    ("views", &["content", "archive"]),
    ("optim", &[]),
    ("lab", &["optim"]),
    ("chart", &["lab"]),
    ("markdown", &[]),
    ("search", &[]),
    ("preview", &[]),
    ("context", &["content", "archive", "views", "lab", "markdown", "search"]),
    ("prose", &["content", "archive", "views", "lab", "chart", "markdown", "context"]),
    ("formats", &["content", "archive", "views", "lab", "chart", "markdown", "preview", "context", "prose"]),
    ("pages", &["archive", "views", "lab", "chart", "markdown", "search", "context", "prose", "formats"]),
    ("site", &["content", "archive", "views", "lab", "context", "prose", "formats", "pages"]),
    ("export", &["content", "preview", "site"]),
    ("server", &["content", "archive", "lab", "views", "preview", "workspace", "site"]),
];
/// The list of modules and the program, which may use each. The library cannot import the program.
const AROUND: [&str; 3] = ["lib", "main", "commands"];

/// The source files with their texts, without comments and tests.
fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = BTreeMap::new();
    collect(&root, &root, &mut sources);
    assert!(sources.len() > 100, "only {} files: is the folder still right?", sources.len());
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            sources.insert(path.strip_prefix(root).unwrap().to_owned(), code(&text));
        }
    }
}

/// A text without comments, and without the module of tests at its end. `mod tests;` ends nothing.
fn code(text: &str) -> String {
    let is_inline =
        |after: &str| after.trim_start().starts_with("mod ") && after.lines().nth(1).unwrap().ends_with('{');
    let mark = "#[cfg(test)]";
    let end = text.match_indices(mark).map(|(at, _)| at).find(|at| is_inline(&text[at + mark.len()..]));
    let code = text[..end.unwrap_or(text.len())].lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<&str>>().join("\n")
}

/// The names that a text imports with a prefix such as `crate::`, also inside braces: `use crate::{html, views::Ref}`.
fn imports(text: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices(prefix) {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        let list = rest.strip_prefix('{').and_then(|list| list.split('}').next());
        for item in list.unwrap_or(rest).split(',').take(if list.is_some() { usize::MAX } else { 1 }) {
            names.insert(item.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn no_module_imports_what_comes_after_it() {
    for (at, (module, uses)) in MODULES.iter().enumerate() {
        let before: Vec<&str> = MODULES[..at].iter().map(|(name, _)| *name).collect();
        assert!(uses.iter().all(|used| before.contains(used)), "{module} stands before what it may use");
    }
    let (mut seen, mut arrows, mut wrong) = (BTreeSet::new(), 0, Vec::new());
    for (path, text) in sources() {
        let module = path.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        if AROUND.contains(&module.as_str()) {
            continue;
        }
        let Some((_, uses)) = MODULES.iter().find(|(name, _)| *name == module) else {
            panic!("the module `{module}` is not in the table of this test");
        };
        let at = MODULES.iter().position(|(name, _)| *name == module).unwrap();
        for used in imports(&text, "crate::").into_iter().filter(|used| *used != module) {
            let Some(place) = MODULES.iter().position(|(name, _)| *name == used) else { continue };
            arrows += 1;
            if !(uses.contains(&used.as_str()) || VOCABULARY.contains(&used.as_str()) && place < at) {
                wrong.push(format!("{} imports {used}", path.display()));
            }
        }
        seen.insert(module);
    }
    assert_eq!(seen.len(), MODULES.len(), "every module is there to be checked: {seen:?}");
    assert!(arrows > 50, "only {arrows} imports seen: is the search still right?");
    assert!(wrong.is_empty(), "arrows back:\n{}", wrong.join("\n"));
}

/// A file of a module, or the folder beside it that belongs to it: `lab/surface` for `lab/surface.rs` and
/// `lab/surface/run.rs`.
fn part(path: &Path) -> PathBuf {
    path.with_extension("").components().take(2).collect()
}

#[test]
fn no_files_of_a_module_import_each_other_in_a_circle() {
    let sources = sources();
    let mut uses: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for (path, text) in &sources {
        let mut used = BTreeSet::new();
        let module = path.with_extension("").components().next().unwrap().as_os_str().to_owned();
        let folders = [
            (format!("crate::{}::", module.to_string_lossy()), Some(Path::new(&module))),
            ("super::".to_owned(), path.parent()),
            ("super::super::".to_owned(), path.parent().and_then(Path::parent)),
        ];
        for (prefix, folder) in folders {
            let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else { continue };
            let files = imports(text, &prefix).into_iter().map(|name| folder.join(format!("{name}.rs")));
            used.extend(files.filter(|file| sources.contains_key(file)).map(|file| part(&file)));
        }
        used.remove(&part(path));
        uses.entry(part(path)).or_default().extend(used);
    }
    let arrows: usize = uses.values().map(BTreeSet::len).sum();
    assert!(arrows > 200, "only {arrows} imports between files seen: is the search still right?");
    // Files that use none of the others can be in no circle; what is left when all of them have been taken out, is.
    while let Some(free) = uses.iter().find(|(_, used)| used.is_empty()).map(|(path, _)| path.clone()) {
        uses.remove(&free);
        for used in uses.values_mut() {
            used.remove(&free);
        }
    }
    // What only leads to a circle is in none: it goes from the other end.
    while let Some(unused) = uses.keys().find(|path| !uses.values().any(|used| used.contains(*path))).cloned() {
        uses.remove(&unused);
    }
    assert!(uses.is_empty(), "files in circles: {uses:#?}");
}

#[test]
fn imports_are_recognised_in_each_form() {
    let text = "use crate::site::Site;\nuse crate::{lab, chart::draw};\nlet x = crate::html::escape(y);";
    let expected = ["chart", "html", "lab", "site"].map(String::from);
    assert_eq!(imports(text, "crate::"), BTreeSet::from(expected));
    assert_eq!(imports("use super::super::plan;", "super::"), BTreeSet::from([String::from("super")]));
}

#[test]
fn only_a_module_of_tests_ends_the_code() {
    let text = "// a\n#[cfg(test)]\nmod tests;\nuse super::b;\n#[cfg(test)]\nconst C: u8 = 1;\n\
                #[cfg(test)]\nmod tests {\nuse super::d;";
    let found = code(text);
    assert!(found.contains("super::b") && found.contains("const C") && !found.contains("super::d"), "{found}");
}
